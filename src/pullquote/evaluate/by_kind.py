"""Figures for each kind of gold question, and counts of the outcomes of replies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from pullquote.evaluate.asked_question import AskedQuestion
from pullquote.evaluate.measures import mean_if_any, recall
from pullquote.schema import Outcome

NO_KIND = "(no kind)"
"""How questions without a kind are labelled if other questions have one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyCounts:
    """The number of replies with each `Outcome`, and how many of their first answers are right."""

    answer: int
    answer_right: int
    possible: int
    possible_right: int
    nothing: int

    @property
    def total(self) -> int:
        """The number of replies."""
        return self.answer + self.possible + self.nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class KindFigures:
    """The figures of one kind. Shares are of its answerable questions; None if it has none.

    `first_right` is the share of questions whose first answer is right. `right_in_three` is the
    share with a right answer among the first three. Both include withheld answers. `score` is the
    mean of `scoring.score`, and `complete` is the share of questions with a score of 1.
    `evidence` is the share of questions with known evidence whose first shown answer stands in such
    a sentence. `article_in_three` is the share with a right article among the first three.
    `as_typed` is the share of turns of conversations that were searched for unchanged.
    `answerable_replies` and `unanswerable_replies` count the outcomes of the replies.
    """

    kind: str
    questions: int
    answerable: int
    first_right: float | None
    right_in_three: float | None
    score: float | None
    complete: float | None
    evidence: float | None
    article_in_three: float | None
    as_typed: float | None
    answerable_replies: ReplyCounts
    unanswerable_replies: ReplyCounts


def reply_counts(asked: Sequence[AskedQuestion]) -> ReplyCounts:
    """Count the outcomes of replies."""
    by_outcome = {
        outcome: [one for one in asked if one.reply.outcome is outcome] for outcome in Outcome
    }
    sure, possible = by_outcome[Outcome.ANSWER], by_outcome[Outcome.POSSIBLE]
    return ReplyCounts(
        answer=len(sure),
        answer_right=sum(one.right for one in sure),
        possible=len(possible),
        possible_right=sum(one.right for one in possible),
        nothing=len(by_outcome[Outcome.NOTHING]),
    )


def sum_of(counts: Sequence[ReplyCounts]) -> ReplyCounts:
    """The sums of several counts."""
    names = [field.name for field in fields(ReplyCounts)]
    return ReplyCounts(**{name: sum(getattr(one, name) for one in counts) for name in names})


def kind_figures(asked: Sequence[AskedQuestion]) -> tuple[KindFigures, ...]:
    """The figures of each kind, in the order of their first questions; empty without any kind."""
    if all(one.gold.kind is None for one in asked):
        return ()
    return tuple(_of_kind(kind, group) for kind, group in by_kind(asked).items())


def by_kind(
    asked: Iterable[AskedQuestion], *, alphabetical: bool = False
) -> dict[str, list[AskedQuestion]]:
    """The questions of each kind, in the order of their first questions or of the kinds' names."""
    if alphabetical:
        asked = sorted(asked, key=lambda one: one.gold.kind or "")
    groups: dict[str, list[AskedQuestion]] = {}
    for one in asked:
        groups.setdefault(one.gold.kind or NO_KIND, []).append(one)
    return groups


def _of_kind(kind: str, asked: Sequence[AskedQuestion]) -> KindFigures:
    answerable = [one for one in asked if one.gold.answerable]
    scores = [one.score for one in answerable]
    return KindFigures(
        kind=kind,
        questions=len(asked),
        answerable=len(answerable),
        first_right=mean_if_any(one.right for one in answerable),
        right_in_three=mean_if_any(one.right_among(3) for one in answerable),
        score=mean_if_any(scores),
        complete=mean_if_any(score == 1 for score in scores),
        evidence=mean_if_any(one.shows_evidence for one in answerable if one.gold.evidence),
        article_in_three=recall([one.ranks.article for one in answerable], k=3)
        if answerable
        else None,
        as_typed=mean_if_any(one.as_typed for one in answerable if one.as_typed is not None),
        answerable_replies=reply_counts(answerable),
        unanswerable_replies=reply_counts([one for one in asked if not one.gold.answerable]),
    )
