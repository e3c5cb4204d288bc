"""Turns weighed values into answers and reported values, with citations."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from pullquote.answers import cite
from pullquote.index import OpenGeneration
from pullquote.schema import (
    Answer,
    Citation,
    Moment,
    Question,
    QuestionKind,
    ReportedValue,
    ValueStatus,
    instant_of,
)
from pullquote.weighing.choice import wording
from pullquote.weighing.groups import ValueGroup
from pullquote.weighing.origins import origins
from pullquote.weighing.statement import Statement
from pullquote.weighing.status import correction_of
from pullquote.weighing.weigh import Weighed


class WeighedReply:
    """The answers and the reported values of a question whose values were weighed."""

    def __init__(self, weighed: Weighed, question: Question, generation: OpenGeneration) -> None:
        self._weighed, self._question, self._generation = weighed, question, generation

    def answers(self, confidence: float) -> list[Answer]:
        """An answer for each value; the one asked for first, or in order of time for a change.

        `confidence` is the probability, 0 to 1, that the question is answered by one of them.
        """
        weighed = self._weighed
        change = self._question.kind is QuestionKind.CHANGE
        rows = list(zip(weighed.groups, weighed.chances, weighed.statuses, strict=True))
        if not change:
            rows.sort(key=lambda row: (row[0] is not weighed.asked, -row[1]))
        most = max(group.probability for group in weighed.groups)
        return [
            self._answer(group, confidence * (group.probability / most if change else chance), what)
            for group, chance, what in rows
        ]

    def values(self) -> tuple[ReportedValue, ...]:
        """Every value in the order of first reports; empty if the articles give only one."""
        weighed = self._weighed
        if len(weighed.groups) < 2:
            return ()
        rows = zip(weighed.groups, weighed.statuses, strict=True)
        return tuple(
            self._value(group, status)
            for group, status in sorted(rows, key=lambda row: str(row[0].first))
        )

    def _answer(self, group: ValueGroup, confidence: float, status: ValueStatus) -> Answer:
        said = wording(group, self._question.text).statement
        others = (one.statement for one in group.given)
        correction = correction_of(group)
        return Answer(
            text=said.span.text,
            confidence=round(confidence, 4),
            citations=self._cited(chain([said], others)),
            sources=self._origins(group),
            first_reported=_reported(group, last=False),
            last_reported=_reported(group, last=True),
            status=status if len(self._weighed.groups) > 1 else None,
            correction=None if correction is None else cite(correction.paragraph),
        )

    def _value(self, group: ValueGroup, status: ValueStatus) -> ReportedValue:
        correction = correction_of(group)
        return ReportedValue(
            text=wording(group, self._question.text).statement.span.text,
            status=status,
            first_reported=_reported(group, last=False),
            last_reported=_reported(group, last=True),
            sources=self._origins(group),
            citations=self._cited(one.statement for one in group.given),
            mentions=self._cited(group.mentions),
            correction=None if correction is None else cite(correction.paragraph),
        )

    def _origins(self, group: ValueGroup) -> int:
        return origins([one.statement for one in group.given], self._generation)

    def _cited(self, statements: Iterable[Statement]) -> tuple[Citation, ...]:
        """A citation for each statement, those of the same words once."""
        cited = (cite(one.span, self._question) for one in statements)
        return tuple(dict.fromkeys(cited))


def _reported(group: ValueGroup, *, last: bool) -> Moment | None:
    """When the first or the last article that gives a value was published."""
    moments = [one.statement.article.published for one in group.given]
    dated = sorted((one for one in moments if one is not None), key=instant_of)
    return dated[-1 if last else 0] if dated else None
