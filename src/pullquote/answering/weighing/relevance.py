"""The probability that a statement answers the question, by a logistic regression."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pullquote.answering.weighing.statement import ValueStatement
from pullquote.answering.weighing.story import same_story, story_score
from pullquote.english.questions.answer_type import expected_type, type_match
from pullquote.english.terms import terms
from pullquote.english.values import compare
from pullquote.english.values.models import Relation
from pullquote.schema import Question

OF_A_MENTION = 6.0
"""How much less the log-odds of a mention count when the best statement is looked for."""
LEAST_LOGIT = -8.0
"""Words with lower log-odds are not considered."""


@dataclass(frozen=True, slots=True)
class StatementFeatures:
    """The features of a statement, compared with the best statement for the question.

    - `span_logit`: the log-odds of its words, -6 to 12; `gap`: those below the best, 0 to -10;
      `sentence_logit`: the log-odds that its sentence settles the question.
    - `agrees`, `differs`: 1 if its value agrees with the best one, or is a different value of the
      same kind.
    - `overlap`: the share of the question's terms in its sentence, compared with the highest.
    - `mention`: 1 if its sentence names the value only to reject or replace it.
    - `second`: 1 if its article has a statement with higher log-odds.
    - `expected_kind`: whether its words have the type that the question asks for, -1 to 1.
    - `shared_terms`: the share of the terms around its words that surround the best words too.
    """

    span_logit: float
    gap: float
    sentence_logit: float
    agrees: float
    differs: float
    overlap: float
    mention: float
    second: float
    expected_kind: float
    shared_terms: float


def with_features(
    question: Question, statements: Sequence[ValueStatement], *, mentions_count: bool = False
) -> list[tuple[ValueStatement, StatementFeatures]]:
    """The statements about the story of the best one, with their features.

    With `mentions_count`, a value that is only mentioned counts as one that is given.
    """
    found = [one for one in statements if one.span.span_logit > LEAST_LOGIT]
    if not found:
        return []
    best = max(found, key=lambda one: story_score(question, one.span) - OF_A_MENTION * one.mention)
    expected, around = expected_type(question.text), best.around
    found = [one for one in found if same_story(one.article, best.article)]
    shares = [question.share_in(frozenset(terms(one.sentence))) for one in found]
    highest = max(shares) or 1.0
    tops: dict[str, float] = defaultdict(lambda: LEAST_LOGIT)
    for one in found:
        tops[one.article.id] = max(tops[one.article.id], one.span.span_logit)
    return [
        (
            one,
            StatementFeatures(
                span_logit=max(-6.0, min(12.0, one.span.span_logit)),
                gap=max(-10.0, one.span.span_logit - best.span.span_logit),
                sentence_logit=one.span.sentence_logit or 0.0,
                agrees=float(relation in (Relation.EQUAL, Relation.COMPATIBLE)),
                differs=float(relation is Relation.DIFFERENT),
                overlap=share / highest,
                mention=float(one.mention and not mentions_count),
                second=float(one.span.span_logit < tops[one.article.id]),
                expected_kind=type_match(expected, one.span.text),
                shared_terms=_shared(one.around, around),
            ),
        )
        for one, share in zip(found, shares, strict=True)
        for relation in [compare(one.value, best.value)]
    ]


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, min(len(one), len(other)))
