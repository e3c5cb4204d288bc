"""Shows what the thresholds for keywords do to held-out questions.

    python -m training.ranking --data DATA --cases CASES
    python -m benchmarks.keywords --cases CASES

`CASES` has held-out questions with what the readers found for them. Of these, the questions that
are read as keywords count: keywords, whose gold answer is a sentence, and terse questions such as
"mayor's birthplace", whose gold answer is exact words.

The first table shows for how many of them exact words come before the sentences, with different
values of `TERSE_FROM`, and how often those words are right. The packaged ranking was fitted to the
same questions, so its confidence is a little too high for them. The second table has the share of
answerable keywords that the sentence of the first article settles, or one of the first three, with
different values of `LEAD_FROM`. The last line has the lowest share of the words, weighted by
rarity, that the best passage for an answerable one has.
"""

from __future__ import annotations

import argparse
import pickle
from collections.abc import Sequence
from pathlib import Path
from unittest.mock import patch

from training.question_spans import QuestionSpans
from training.ranking import right, settles

from benchmarks.common import table
from pullquote.answering import answerer
from pullquote.answering.answers import RankedCandidate, Ranking, ReplyFeatures, selection
from pullquote.answering.answers import selection as keywords
from pullquote.answering.answers.selection import first_sentences
from pullquote.schema import QuestionKind

SHARES = (0.0, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 1.01)
"""The values to compare; 1.01 is never reached."""

FIRST = 3


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=Path, required=True)
    given = parser.parse_args()
    cases = pickle.loads(given.cases.read_bytes())  # noqa: S301 - written by training.ranking
    read = [one for one in cases if one.question.kind is QuestionKind.KEYWORDS]
    asked = [one for one in read if one.asked.gold.kind == "keyword"]
    terse = [one for one in read if one.asked.gold.kind != "keyword"]
    print(f"{len(asked)} keywords and {len(terse)} terse questions\n")
    head = ["TERSE_FROM", "keywords: words first", "terse: words first", "terse: right"]
    print(table(head, _words_first(asked, terse)))
    print()
    answerable = [one for one in asked if one.answerable]
    settled = [_settled(answerable, share) for share in SHARES]
    print(table(["LEAD_FROM", "first sentence settles", "one of three does"], settled))
    print(f"\nIn use: TERSE_FROM {selection.TERSE_FROM}, LEAD_FROM {keywords.LEAD_FROM}.")
    least = min(ReplyFeatures.of(one.question, one.hits, (), ()).overlap for one in answerable)
    print(f"Lowest share of {len(answerable)}: {least:.2f}; SOME_FOUND is {answerer.SOME_FOUND}.")


def _words_first(
    asked: Sequence[QuestionSpans], terse: Sequence[QuestionSpans]
) -> list[Sequence[object]]:
    """How many have exact words with at least that confidence, and how many of these are right."""
    ranking = Ranking.packaged()

    def sure(cases: Sequence[QuestionSpans], least: float) -> list[bool]:
        best = [(_best_words(ranking, case), case) for case in cases]
        return [
            right(one.candidate.best, case.asked)
            for one, case in best
            if one is not None and ranking.confidence(one) >= least
        ]

    return [
        (share, len(sure(asked, share)), len(sure(terse, share)), sum(sure(terse, share)))
        for share in SHARES
    ]


def _best_words(ranking: Ranking, case: QuestionSpans) -> RankedCandidate | None:
    """The best exact words for a question, if the reader found any."""
    return next(iter(ranking.order(case.question, case.words)), None)


def _settled(asked: Sequence[QuestionSpans], share: float) -> Sequence[object]:
    """The row of the second table for a value of `LEAD_FROM`."""
    with patch.object(keywords, "LEAD_FROM", share):
        found = [
            [
                settles(one, case.asked)
                for one in first_sentences(case.question, case.hits, case.spans)
            ]
            for case in asked
        ]
    first, three = (sum(any(one[:n]) for one in found) / len(found) for n in (1, FIRST))
    return share, f"{first:.3f}", f"{three:.3f}"


if __name__ == "__main__":
    main()
