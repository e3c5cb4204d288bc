"""Turns weighed values into answers and reported values, with citations."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any

from pullquote.answering.answers import cite
from pullquote.answering.weighing.choice import asks_exactly, wording
from pullquote.answering.weighing.groups import ValueGroup
from pullquote.answering.weighing.status import correction_of, origins
from pullquote.answering.weighing.weigh import Weighed
from pullquote.index import OpenGeneration
from pullquote.schema import (
    Answer,
    Citation,
    Moment,
    Question,
    QuestionKind,
    ReportedValue,
    Span,
    instant_of,
)


class WeighedReply:
    """The answers and the reported values of a question whose values were weighed."""

    def __init__(self, weighed: Weighed, question: Question, generation: OpenGeneration) -> None:
        self._weighed, self._question, self._generation = weighed, question, generation

    @property
    def _is_change(self) -> bool:
        return self._question.kind is QuestionKind.CHANGE

    def answers(self, confidence: float) -> list[Answer]:
        """The value that the question asks for; all of them in order of time for a change.

        `confidence` is the probability, 0 to 1, that the question is answered by one of them.
        """
        weighed = self._weighed
        if self._is_change:
            most = max(group.probability for group in weighed.groups)
            return [
                self._answer(group, confidence * group.probability / most)
                for group in weighed.groups
            ]
        return [self._answer(weighed.asked, confidence * self._chance(weighed.asked))]

    def of_the_others(self, answers: Iterable[Answer]) -> list[Answer]:
        """Other answers without those that give the value asked for.

        Those that give another value say what became of it. Their confidence, too, is that their
        value is the one asked for, and they have no citation that only mentions it.
        """
        found, asked = [], self._wording(self._weighed.asked).text
        for answer in answers:
            cited = answer.citations[0]
            cut = range(cited.start, cited.end)
            group = self._weighed.group_at(cited.article, cut, cited.quote)
            if group is None:
                if answer.text != asked:
                    found.append(answer)
            elif group is not self._weighed.asked and not self._is_change:
                update = self._became(group)
                given = tuple(one for one in answer.citations if one.article in group.articles)
                update["citations"] = given or answer.citations
                update["confidence"] = round(answer.confidence * self._chance(group), 4)
                found.append(answer.model_copy(update=update))
        return found

    def values(self) -> tuple[ReportedValue, ...]:
        """The values of one thing in the order of first reports; empty if there is only one."""
        rows = zip(self._weighed.groups, self._weighed.statuses, strict=True)
        shown = [group for group, status in rows if status is not None]
        return tuple(self._value(group) for group in sorted(shown, key=lambda one: str(one.first)))

    def _chance(self, group: ValueGroup) -> float:
        """The chance, 0 to 1, of a value to be the one asked for; 1 if that one has no date."""
        weighed = self._weighed
        dated = weighed.asked.first is not None
        return weighed.chances[weighed.groups.index(group)] if dated else 1.0

    def _answer(self, group: ValueGroup, confidence: float) -> Answer:
        words = self._wording(group)
        others = (one.statement.span for one in group.given)
        return Answer(
            text=words.text,
            confidence=round(confidence, 4),
            citations=self._cited(chain([words], others)),
            **self._became(group),
        )

    def _wording(self, group: ValueGroup) -> Span:
        """The words of the best candidate if they give the value, or else the most likely ones."""
        first = self._weighed.first
        given = self._weighed.group_at(first.hit.passage.article, first.cut, first.text)
        if group is given and not asks_exactly(self._question.text):
            return first
        return wording(group, self._question.text).statement.span

    def _became(self, group: ValueGroup) -> dict[str, Any]:
        """The fields of an answer that say who gives its value, and what became of it."""
        weighed = self._weighed
        correction = correction_of(group)
        status = weighed.statuses[weighed.groups.index(group)]
        became: dict[str, Any] = {
            "sources": origins([one.statement for one in group.given], self._generation),
            "correction": None if correction is None else cite(correction.paragraph),
        }
        if status is not None:
            became["first_reported"] = _reported(group, last=False)
            became["last_reported"] = _reported(group, last=True)
            became["status"] = status
        return became

    def _value(self, group: ValueGroup) -> ReportedValue:
        return ReportedValue(
            text=self._wording(group).text,
            citations=self._cited(one.statement.span for one in group.given),
            mentions=self._cited(one.span for one in group.mentions),
            **self._became(group),
        )

    def _cited(self, spans: Iterable[Span]) -> tuple[Citation, ...]:
        """A citation for each span, those of the same words once."""
        cited = (cite(span, self._question) for span in spans)
        return tuple(dict.fromkeys(cited))


def _reported(group: ValueGroup, *, last: bool) -> Moment | None:
    """When the first or the last article that gives a value was published."""
    moments = [one.statement.article.published for one in group.given]
    dated = sorted((one for one in moments if one is not None), key=instant_of)
    return dated[-1 if last else 0] if dated else None
