"""Counts the answers that are lost if days in questions are taken for days of publication.

    python -m benchmarks.narrowing --questions FILE --published FIRST LAST
    python -m benchmarks.narrowing --questions NEWSROOM

Every phrase that could be a filter by day is tried as one. The article with the answer must still
pass. The articles of gold questions were published between two known days, and a phrase that
excludes any day between them costs an answer. Newsroom articles have their own day. Nothing is
retrieved.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.common import table
from pullquote import Archive, narrow_question
from pullquote.evaluate import read_questions


@dataclass(frozen=True, slots=True)
class DatedQuestion:
    """A question, and the range of days in which its article was published."""

    question: str
    first: date
    last: date


def read(path: Path, published: list[str] | None) -> Iterator[DatedQuestion]:
    """The questions of a gold file, or of a file of articles with their questions."""
    if published is not None:
        first, last = map(date.fromisoformat, published)
        for gold in read_questions(path):
            yield DatedQuestion(gold.question, first, last)
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        day = date.fromisoformat(article["date"])
        for one in article["questions"]:
            yield DatedQuestion(one["question"], day, day)


def main() -> None:
    """Print, for each kind of phrase, how many questions have it and how many it would cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--published", nargs=2, metavar="DAY")
    given = parser.parse_args()
    asked = list(read(given.questions, given.published))
    tried: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    shown: list[str] = []
    archive = Archive(oldest=min(one.first for one in asked), newest=max(one.last for one in asked))
    for one in asked:
        for chip in narrow_question(one.question, archive, today=one.last).chips:
            filters = chip.filters
            if filters.since is None and filters.until is None:
                continue
            words = one.question[chip.start : chip.end]
            kind = f"{'on' if chip.on else 'offered'}: {words.split()[0].lower()} …"
            tried[kind] += 1
            before = filters.until is not None and filters.until < one.last
            if before or (filters.since is not None and filters.since > one.first):
                lost[kind] += 1
                shown.append(f"  {kind} {one.question}")
    print(f"{len(asked):,} questions")
    rows = [(kind, count, lost[kind]) for kind, count in tried.most_common()]
    print(table(["phrase", "questions", "costs"], rows))
    print("\n".join(line for line in shown if "on:" in line))


if __name__ == "__main__":
    main()
