"""Weighs the values that articles give in answer to a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pullquote.answering.answers import RankedCandidate
from pullquote.answering.answers.asked_speech import asked_speech
from pullquote.answering.answers.candidates import say_the_same
from pullquote.answering.weighing.elsewhere import Elsewhere, add_counterparts, add_support
from pullquote.answering.weighing.groups import PLAUSIBLE, Likely, ValueGroup
from pullquote.answering.weighing.relevance import WeighingModel
from pullquote.answering.weighing.same_thing import probabilities
from pullquote.answering.weighing.statement import MANY_WORDS, changes, statements_of
from pullquote.answering.weighing.status import statuses
from pullquote.base.trees import DecisionTrees
from pullquote.english.questions.answer_type import expected_type, type_match
from pullquote.english.values import compare, value_of
from pullquote.english.values.models import Relation, Text
from pullquote.schema import Question, QuestionKind, Span, TimeAsked, ValueStatus

WEIGHED_KINDS = frozenset({QuestionKind.FACT, QuestionKind.KEYWORDS, QuestionKind.CHANGE})
"""The kinds of questions whose answers are values."""

PLAUSIBLE_FROM = 0.2
"""The least probability of a value to answer the question."""

CHOSEN_FROM = 0.4
SHOWN_FROM = 0.6
STATUS_FROM = 0.7
"""From these probabilities to be of the same thing as the best candidate's value, another one may
become the first answer, both are shown beside each other, and it is said what became of it.

Measured on 656 questions with several plausible values, by trees that were fitted to other stories
(training/values.py). The first answer was right most often from 0.3 to 0.4. From 0.6, 67% of the
values shown were right; 4 of 790 questions about news with one answer had several values. From
0.7, 76% were right.
"""

ASKED_BY_KEYWORDS = 2.0
"""The least log-odds of words that give the value that keywords such as "dam death toll" ask for.

In `tests/data/stories`, all that ask for a value reach it, and no bare name does.
"""


@dataclass(frozen=True, slots=True)
class Weighed:
    """The values that articles give, in order of time, each with its chance and status.

    The status is None for a value that may be one of another thing; such values are not shown
    beside each other.

    `asked` is the value that the question asks for; it is that of the best candidate if that has no
    date. A chance is the probability, 0 to 1, of a value to be that one. `first` are the words of
    the best candidate.
    """

    groups: list[ValueGroup]
    chances: list[float]
    statuses: list[ValueStatus | None]
    asked: ValueGroup
    first: Span

    def group_at(self, article: str, cut: range, words: str) -> ValueGroup | None:
        """The value that words of an article give: in a statement, or in other words for it."""
        found = _group_at(self.groups, article, cut)
        value = None if found is not None else value_of(words)
        if value is None:
            return found
        return next(
            (
                group
                for group in self.groups
                if article in group.articles
                and compare(group.best.value, value) in (Relation.EQUAL, Relation.COMPATIBLE)
            ),
            None,
        )


def is_weighed(question: Question, ranked: Sequence[RankedCandidate]) -> bool:
    """Whether a question asks for a value, so that articles may differ."""
    return (
        question.kind in WEIGHED_KINDS
        and bool(ranked)
        and (question.kind is QuestionKind.KEYWORDS or not ranked[0].candidate.best.whole_sentence)
        and not asked_speech(question.text).who
    )


@dataclass(frozen=True, slots=True)
class Compared:
    """The values that articles seem to give in answer to a question.

    `own` is that of the best candidate, whose words are `first` and whose confidence, 0 to 1, is
    `confidence`. The others may be values of other things.
    """

    groups: list[ValueGroup]
    own: ValueGroup
    first: Span
    confidence: float

    def includes(self, answer: Span) -> bool:
        """Whether an answer is one of the values."""
        return any(say_the_same(group.best.span, answer) for group in self.groups)


def compared(
    model: WeighingModel,
    question: Question,
    best: RankedCandidate,
    spans: Sequence[Span],
    elsewhere: Elsewhere,
    *,
    confidence: float,
) -> Compared | None:
    """The values that may be of one thing; None if that of the best candidate is no such value."""
    groups = model.groups(question, spans)
    first = best.candidate.best
    own = _own_group(groups, first)
    if own is None or isinstance(own.best.value, Text):
        return None
    if first.whole_sentence:
        first = own.best.span
        is_asked = changes(own.best.value) and first.span_logit >= ASKED_BY_KEYWORDS
        if own.first is None or not is_asked:
            return None
    elif _is_beside_the_point(question, first, own):
        return None
    add_counterparts(groups, own, elsewhere)
    plausible = [group for group in groups if group is own or _is_plausible(group)]
    return Compared(plausible, own, first, confidence)


def weigh(
    model: WeighingModel,
    same: DecisionTrees,
    question: Question,
    found: Compared,
    elsewhere: Elsewhere,
) -> Weighed:
    """The values of one thing, as the trees judge them, with what became of each."""
    own = found.own
    likely = probabilities(same, question, own, found.groups, found.confidence)
    judged = list(zip(found.groups, likely, strict=True))
    groups = [group for group, chance in judged if chance >= CHOSEN_FROM]
    chances = model.chances(groups, question.time)
    asked = own if own.first is None else groups[chances.index(max(chances))]
    shown = [group for group, chance in judged if chance >= SHOWN_FROM]
    current = asked
    if question.time is TimeAsked.FIRST:
        now = model.chances(shown, TimeAsked.LATEST)
        current = shown[now.index(max(now))]
    add_support(question, groups, elsewhere)
    became: dict[ValueGroup, ValueStatus] = {}
    if len(shown) > 1 and asked in shown:
        unsure = [group for group, chance in judged if chance < STATUS_FROM]
        became = dict(zip(shown, statuses(shown, current, unsure=unsure), strict=True))
    return Weighed(groups, chances, [became.get(group) for group in groups], asked, found.first)


def _own_group(groups: list[ValueGroup], first: Span) -> ValueGroup | None:
    """The group of the best candidate, which is added if it is missing.

    If that is a sentence or plain words, it is the most probable group; None if there is none.
    """
    likeliest = max(groups, key=lambda group: group.probability, default=None)
    if first.whole_sentence:
        return likeliest
    statement = next(statements_of([first]))
    own = _group_at(groups, first.hit.passage.article, first.cut) or next(
        (group for group in groups if group.has(statement)), None
    )
    if own is None and not isinstance(statement.value, Text) and not statement.mention:
        probability = PLAUSIBLE if likeliest is None else likeliest.probability
        own = ValueGroup([Likely(statement, probability)])
        groups.append(own)
    return likeliest if own is None or isinstance(own.best.value, Text) else own


def _is_beside_the_point(question: Question, first: Span, own: ValueGroup) -> bool:
    """Whether the value is only a part of the best candidate, and of no type that is asked for.

    "Who won?" may be answered by "Ida Roe won her first title in five years".
    """
    if len(first.text.split()) < MANY_WORDS or any(
        one.statement.span.text == first.text for one in own.given
    ):
        return False
    return type_match(expected_type(question.text), own.best.span.text) < 1


def _group_at(groups: Sequence[ValueGroup], article: str, cut: range) -> ValueGroup | None:
    """The group that has a statement with some of the words in a range of an article."""
    for group in groups:
        for one in group.given:
            given = one.statement
            if given.article.id == article and cut.start < given.end and given.start < cut.stop:
                return group
    return None


def _is_plausible(group: ValueGroup) -> bool:
    """Whether a value is shown: it is likely, or an article names it in place of another."""
    return group.probability >= PLAUSIBLE_FROM or group.replaces > 0
