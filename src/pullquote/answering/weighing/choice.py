"""Chooses among the values that articles give the one that the question asks for."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pullquote.answering.weighing.groups import Likely, ValueGroup
from pullquote.answering.weighing.statement import agree, differ
from pullquote.base.regression import Weights
from pullquote.english.values.models import Quantity
from pullquote.schema import TimeAsked

FIRST_FROM = 0.5
"""The first value is the earliest of those at least this part as probable as the best."""

LIKELY = 0.5
"""A likely value is at least this part as probable as the most probable one."""

_EXACTLY = re.compile(r"(?i)\b(?:exact|precise)")


@dataclass(frozen=True, slots=True)
class ValueFeatures:
    """The features by which the current value is chosen.

    - `probability`: the log-odds that it answers the question.
    - `earlier`: minus the share, by probability, of the values that were first reported later.
    - `unreplaced`: -1 if an article names another value in its place, else 0; `replaces`: 1 if an
      article names it in place of another.
    - `articles`: the logarithm of the number of articles that give it.
    - `comparable`: 1 if it is of the same kind as the most probable value.
    - `newest`: 1 if no other likely value was first reported later.
    """

    probability: float
    earlier: float
    unreplaced: float
    replaces: float
    articles: float
    comparable: float
    newest: float


def value_features(groups: Sequence[ValueGroup]) -> list[ValueFeatures]:
    """The features of each value. All of them must have a day."""
    total = sum(group.probability for group in groups)
    top = max(groups, key=lambda group: group.probability)
    likely = LIKELY * top.probability
    return [
        ValueFeatures(
            probability=_logit(group.probability),
            earlier=-sum(other.probability for other in groups if _is_later(other, group)) / total,
            unreplaced=-float(bool(group.replaced_by)),
            replaces=float(group.replaces > 0),
            articles=math.log(len(group.articles)),
            comparable=float(agree(group.best, top.best) or differ(group.best, top.best)),
            newest=float(
                group.probability >= likely
                and not any(
                    _is_later(other, group) for other in groups if other.probability >= likely
                )
            ),
        )
        for group in groups
    ]


def _is_later(one: ValueGroup, other: ValueGroup) -> bool:
    return one.first is not None and other.first is not None and one.first > other.first


def _logit(probability: float) -> float:
    odds = max(1e-4, probability) / max(1e-4, 1 - probability)
    return math.log(odds)


def chances(weights: Weights, groups: Sequence[ValueGroup], time: TimeAsked) -> list[float]:
    """The probability, 0 to 1, of each value to be the one that the question asks for.

    Values without a day cannot be ordered. If all are so, only their own probability counts;
    otherwise they have no chance.
    """
    dated = [group for group in groups if group.first is not None]
    if dated and len(dated) < len(groups):
        found = iter(chances(weights, dated, time))
        return [0.0 if group.first is None else next(found) for group in groups]
    if not dated:
        scores = [_logit(group.probability) for group in groups]
    elif time is TimeAsked.FIRST:
        least = FIRST_FROM * max(group.probability for group in groups)
        plausible = [group for group in groups if group.probability >= least]
        earliest = min(plausible, key=_order_of_first)
        scores = [0.0 if group is earliest else -2.0 for group in groups]
    else:
        scores = [weights.logit(features) for features in value_features(groups)]
    highest = max(scores)
    odds = [math.exp(score - highest) for score in scores]
    return [each / sum(odds) for each in odds]


def _order_of_first(group: ValueGroup) -> tuple[bool, date, float]:
    """A value that an article mentions as replaced was there before all others."""
    mentioned = any(one.statement.mention for one in group.given)
    return not mentioned, group.first or date.max, -group.probability


def asks_exactly(question: str) -> bool:
    """Whether a question asks for the most precise form of a value."""
    return _EXACTLY.search(question) is not None


def wording(group: ValueGroup, question: str) -> Likely:
    """The statement whose words become the answer: the best, or the most exact if asked so."""
    if asks_exactly(question):
        return max(group.given, key=lambda one: (_precision(one), one.probability))
    return max(group.given, key=lambda one: one.probability)


def _precision(one: Likely) -> float:
    value = one.statement.value
    return -float(value.rounded) if isinstance(value, Quantity) else -math.inf
