"""Time of a warm `ask`, and how good its answers are.

    python -m benchmarks.ask --corpus NEWS/articles --questions NEWS/news-dev.jsonl [--index DIR]

Every question is asked once to warm up and REPEATS times on the clock. An answer is right when it
contains an accepted span and is cited from an article that supports it.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from benchmarks.common import machine, table
from pullquote.assistant import Assistant, rebuild_index
from pullquote.evaluate import GoldQuestion, contains, read_questions, token_f1
from pullquote.schema import Answer, Filters, Reply
from pullquote.settings import Settings

REPEATS = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """A gold question, the reply, and the milliseconds of each repeat."""

    gold: GoldQuestion
    reply: Reply
    took_ms: list[float]

    @property
    def confidence(self) -> float:
        """Of the best answer; 0 without one."""
        return self.reply.answers[0].confidence if self.reply.answers else 0.0

    def right_within(self, k: int) -> bool:
        """Whether one of the first `k` answers is right."""
        return any(is_right(self.gold, answer) for answer in self.reply.answers[:k])


def is_right(gold: GoldQuestion, answer: Answer) -> bool:
    """Whether an answer contains an accepted span and a supporting article is cited for it."""
    cited = {citation.article for citation in answer.citations}
    return contains(answer.text, gold.answers) and bool(cited & gold.articles)


def ask(assistant: Assistant, gold: GoldQuestion) -> Asked:
    """Ask once to warm up, then on the clock."""
    filters = Filters(comments=gold.comments)
    replies = [assistant.ask(gold.question, filters=filters) for _ in range(1 + REPEATS)]
    return Asked(gold, replies[-1], [reply.took_ms for reply in replies[1:]])


def figures(asked: Sequence[Asked]) -> list[list[str]]:
    """The rows of the table."""
    took = [ms for one in asked for ms in one.took_ms]
    answerable = [one for one in asked if one.gold.answerable]
    given = [one for one in asked if not one.reply.abstained]
    silent = [one for one in asked if not one.gold.answerable and one.reply.abstained]
    f1 = [
        token_f1(one.reply.answers[0].text, one.gold.answers) if one.reply.answers else 0.0
        for one in answerable
    ]
    labels = [one.gold.answerable for one in asked]
    return [
        ["ask, median", f"{statistics.median(took):.0f} ms"],
        ["ask, 95th percentile", f"{np.percentile(took, 95):.0f} ms"],
        ["right answer first", share(one.right_within(1) for one in answerable)],
        ["right answer among 3", share(one.right_within(3) for one in answerable)],
        ["right answer among 5", share(one.right_within(5) for one in answerable)],
        ["token F1 of the first, a whole sentence", f"{statistics.mean(f1):.2f}"],
        ["answered", share(not one.reply.abstained for one in asked)],
        ["right when answered", share(one.right_within(1) for one in given)],
        ["silent on the unanswerable", f"{len(silent)} of {len(asked) - len(answerable)}"],
        ["AUROC answerable", f"{roc_auc_score(labels, [one.confidence for one in asked]):.2f}"],
    ]


def share(flags: Iterable[bool]) -> str:
    """A share as a fraction of counts."""
    found = list(flags)
    return f"{sum(found) / max(len(found), 1):.2f} ({sum(found)} of {len(found)})"


def main() -> None:
    """Ask everything, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--index", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(corpus=given.corpus, index=given.index or Path(folder))
        rebuild_index(settings=settings)
        with Assistant(settings) as assistant:
            asked = [ask(assistant, gold) for gold in read_questions(given.questions)]
            manifest = assistant.generation.manifest
    print(f"{manifest.articles} articles, {len(asked)} questions; {machine()}\n")
    print(table(["", ""], figures(asked)))


if __name__ == "__main__":
    main()
