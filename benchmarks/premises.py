r"""Questions that take something for granted, half of them wrongly: how often they are answered.

    python -m benchmarks.premises [--questions training/premises.jsonl]

The questions were written by someone who sees no code, two about each of 80 articles of the
newsroom: one whose premise the article bears out, and one whose premise it denies or does not have.
All articles of the newsroom are indexed; no model was fitted to these questions.

Prints a Markdown table: for true and for false premises, the number of questions, the share of
replies with each outcome, and the share whose first answer is right. After it come the questions
with a false premise that get the outcome "answer".
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from training.corpus import write_newsroom

import pullquote
from benchmarks.common import machine, table
from pullquote import Reply
from pullquote.evaluate import is_right
from pullquote.schema import Outcome

TRAINING = Path(__file__).parents[1] / "training"
HEAD = ("premise", "questions", *(str(outcome) for outcome in Outcome), "first right")


@dataclass(frozen=True, slots=True)
class PremiseReply:
    """A question, whether its premise is true, its accepted answers, and the reply."""

    question: str
    premise: str
    answers: tuple[str, ...]
    reply: Reply

    @property
    def right(self) -> bool:
        """Whether the first answer that is shown is accepted."""
        best = self.reply.best
        return best is not None and is_right(best.text, self.answers)


def ask_all(questions: Path, newsroom: Path, folder: Path) -> list[PremiseReply]:
    """Index all articles of the newsroom in a folder, and ask every question of a file."""
    corpus, index = folder / "corpus", folder / "index"
    corpus.mkdir()
    write_newsroom(newsroom, corpus, held_out=False)
    pullquote.rebuild_index(corpus, index)
    rows = [json.loads(line) for line in questions.read_text(encoding="utf-8").splitlines()]
    with pullquote.open(index=index) as assistant:
        return [
            PremiseReply(
                row["question"],
                row["premise"],
                tuple(row["answers"]),
                assistant.ask(row["question"]),
            )
            for row in rows
        ]


def row(premise: str, replies: Sequence[PremiseReply]) -> tuple[str, ...]:
    """The cells of a row of the table."""
    counts = Counter(one.reply.outcome for one in replies)
    shares = [counts[outcome] / len(replies) for outcome in Outcome]
    right = sum(one.right for one in replies) / len(replies)
    return (premise, str(len(replies)), *(f"{share:.2f}" for share in [*shares, right]))


def main() -> None:
    """Ask, and print the table and what was wrongly answered."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--questions", type=Path, default=TRAINING / "premises.jsonl")
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        replies = ask_all(given.questions, TRAINING / "newsroom.jsonl", Path(folder))
    groups = {
        premise: [one for one in replies if one.premise == premise] for premise in ("true", "false")
    }
    print(machine())
    print(table(HEAD, [row(premise, group) for premise, group in groups.items()]))
    for one in groups["false"]:
        if one.reply.outcome is Outcome.ANSWER and one.reply.best is not None:
            best = one.reply.best
            print(f"- {one.question} {best.text!r} ({best.confidence:.2f})")


if __name__ == "__main__":
    main()
