"""The probability that a statement answers the question, by a logistic regression."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from pullquote.answering.answers.calibration import logistic
from pullquote.answering.weighing.choice import chances
from pullquote.answering.weighing.groups import Likely, ValueGroup, grouped
from pullquote.answering.weighing.statement import ValueStatement, statements_of
from pullquote.base.regression import Weights
from pullquote.english.questions.answer_type import expected_type, type_match
from pullquote.english.terms import terms
from pullquote.english.values import compare
from pullquote.english.values.models import Relation
from pullquote.index.passages import embedding_text
from pullquote.schema import Article, Hit, Question, Span, TimeAsked

SAME_STORY = 0.13
"""Two articles are about the same story if they share this part of the names of the one with fewer.

In `tests/data/stories`, 97% of pairs from different stories share less, and 98% of pairs from one
story share more.
"""

OF_THE_QUESTION = 12.0
"""The log-odds that a passage with all terms of the question adds to those of its words.

Without it, words of the right type from another story often come first.
"""

_NAME = re.compile(r"(?<=[a-z,;’'\"”] )[A-Z][\w'’-]{2,}")
"""A capitalised word that does not begin a sentence."""
_READ = 20_000
"""In characters. Only the beginning of a long article is read."""


def share_of_terms(question: Question, hit: Hit) -> float:
    """The share of the question's terms, weighted by rarity, in a passage and its context."""
    return question.share_in(_terms(embedding_text(hit.passage)))


def story_score(question: Question, span: Span) -> float:
    """How likely words are from the story that a question is about: the higher, the likelier."""
    return span.span_logit + OF_THE_QUESTION * share_of_terms(question, span.hit)


def same_story(one: Article, other: Article) -> bool:
    """Whether two articles seem to be about the same story."""
    return one.id == other.id or shared_names(one, other) >= SAME_STORY


def shared_names(one: Article, other: Article) -> float:
    """The share of names, 0 to 1, of the article with fewer that the other has too."""
    here, there = _names(one.text[:_READ]), _names(other.text[:_READ])
    return len(here & there) / max(1, min(len(here), len(there)))


@lru_cache(maxsize=512)
def _terms(text: str) -> frozenset[str]:
    return frozenset(terms(text))


@lru_cache(maxsize=512)
def _names(text: str) -> frozenset[str]:
    return frozenset(name.rstrip("’'s") for name in _NAME.findall(text))


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


class WeighingModel(BaseModel):
    """The weights for statements and for values, fitted by training/weighing.py."""

    model_config = ConfigDict(frozen=True)

    statements: Weights
    values: Weights

    @classmethod
    def packaged(cls) -> WeighingModel:
        """The weights that ship with pullquote."""
        stored = files("pullquote") / "base" / "models" / "weighing.json"
        return cls.model_validate_json(stored.read_text(encoding="utf-8"))

    def groups(self, question: Question, spans: Sequence[Span]) -> list[ValueGroup]:
        """The values that articles give, in order of time."""
        mentions_count = question.time is TimeAsked.FIRST
        featured = with_features(
            question, list(statements_of(spans)), mentions_count=mentions_count
        )
        likely = [
            Likely(statement, logistic(self.statements.logit(features)))
            for statement, features in featured
        ]
        return grouped(likely, mentions_count=mentions_count)

    def chances(self, groups: Sequence[ValueGroup], time: TimeAsked) -> list[float]:
        """The probability, 0 to 1, of each value to be the one that the question asks for."""
        return chances(self.values, groups, time)
