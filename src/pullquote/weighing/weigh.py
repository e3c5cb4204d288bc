"""Weighs the values that articles give in answer to a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pullquote.answers import RankedCandidate
from pullquote.answers.asked_speech import asked_speech
from pullquote.schema import Question, QuestionKind, Span, TimeAsked, ValueStatus
from pullquote.values import compare
from pullquote.values.models import Relation, Text
from pullquote.weighing.groups import ValueGroup
from pullquote.weighing.model import WeighingModel
from pullquote.weighing.status import statuses

WEIGHED_KINDS = frozenset({QuestionKind.FACT, QuestionKind.KEYWORDS, QuestionKind.CHANGE})
"""The kinds of questions whose answers are values."""

SHOWN_FROM = 0.2
"""The least probability of a value that is shown."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """The values that articles give, in order of time, each with its chance and status.

    `asked` is the value that the question asks for. A chance is the probability, 0 to 1, of a value
    to be that one.
    """

    groups: list[ValueGroup]
    chances: list[float]
    statuses: list[ValueStatus]
    asked: ValueGroup

    def group_of(self, span: Span) -> ValueGroup | None:
        """The value that words of a span give."""
        return _group_of(self.groups, span)


def is_weighed(question: Question, ranked: Sequence[RankedCandidate]) -> bool:
    """Whether a question asks for a value, so that articles may differ."""
    return (
        question.kind in WEIGHED_KINDS
        and bool(ranked)
        and not ranked[0].candidate.best.whole_sentence
        and not asked_speech(question.text).who
    )


def weigh(
    model: WeighingModel,
    question: Question,
    ranked: Sequence[RankedCandidate],
    spans: Sequence[Span],
) -> Weighed | None:
    """The values of the articles; None if the best candidate is no value that can be compared."""
    groups = model.groups(question, spans)
    own = _group_of(groups, ranked[0].candidate.best)
    if own is None or isinstance(own.best.value, Text):
        return None
    groups = [
        group
        for group in groups
        if group is own or (group.probability >= SHOWN_FROM and _is_comparable(group, own))
    ]
    chances = model.chances(groups, question.time)
    dated = all(group.first is not None for group in groups)
    asked = groups[chances.index(max(chances))] if dated else own
    current = asked
    if question.time is TimeAsked.FIRST:
        now = model.chances(groups, TimeAsked.LATEST)
        current = groups[now.index(max(now))]
    return Weighed(groups, chances, statuses(groups, current), asked)


def _group_of(groups: Sequence[ValueGroup], span: Span) -> ValueGroup | None:
    """The group that has a statement with words of a span."""
    start = span.hit.passage.start + span.start
    end = span.hit.passage.start + span.end
    for group in groups:
        for one in group.given:
            said = one.statement
            if (
                said.article.id == span.hit.passage.article
                and start < said.end
                and said.start < end
            ):
                return group
    return None


def _is_comparable(group: ValueGroup, own: ValueGroup) -> bool:
    """Whether a value is of the same kind as another: both are sums, days or names."""
    return compare(group.best.value, own.best.value) is not Relation.UNRELATED
