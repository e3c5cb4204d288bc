r"""How often answers after the first are right, by their confidence.

    python -m benchmarks.lesser_answers --questions 275
    python -m benchmarks.lesser_answers --kind list

The questions are everyday ones about the newsroom articles that trained no reader. Replies without
an answer, and matches for keywords, are not counted. `WORTH_SHOWING` is chosen from these figures.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

from training.corpus import write_newsroom
from training.everyday import QUESTIONS, read_everyday

import pullquote
from benchmarks.common import machine, table
from pullquote import Outcome, QuestionKind
from pullquote.evaluate.scoring import answer_is_right

NEWSROOM = QUESTIONS.parent / "newsroom.jsonl"

SEED = 7

STEPS = (0.0, 0.05, 0.15, 0.3, 0.5)
"""The least confidence of each row of the table."""


def main() -> None:
    """Print a row for each range of confidence."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--questions", type=int, default=275)
    parser.add_argument("--kind", type=QuestionKind, help="only questions that are read as this")
    given = parser.parse_args()
    asked = read_everyday(NEWSROOM, QUESTIONS, held_out=True)
    if given.kind is not None:
        asked = [one for one in asked if one.gold.kind == given.kind]
    random.Random(SEED).shuffle(asked)
    counted: Counter[float] = Counter()
    right: Counter[float] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        corpus, index = Path(folder, "corpus"), Path(folder, "index")
        corpus.mkdir()
        write_newsroom(NEWSROOM, corpus, held_out=True)
        pullquote.rebuild_index(corpus=corpus, index=index)
        with pullquote.open(index) as assistant:
            for question in asked[: given.questions]:
                gold = replace(question.gold, evidence=question.evidence, items=question.items)
                reply = assistant.ask(gold.question)
                if reply.outcome is Outcome.NOTHING or reply.kind is QuestionKind.KEYWORDS:
                    continue
                if given.kind not in (None, reply.kind):
                    continue
                for answer in reply.answers[1:]:
                    step = max(least for least in STEPS if answer.confidence >= least)
                    counted[step] += 1
                    right[step] += answer_is_right(answer, gold)
    rows = [(f"{step:.2f}", str(counted[step]), str(right[step])) for step in STEPS]
    print(machine())
    print(table(("confidence from", "answers", "right"), rows))


if __name__ == "__main__":
    main()
