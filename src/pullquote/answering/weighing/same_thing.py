"""Judges whether two values are values of the same thing, by decision trees."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from itertools import product

import numpy as np

from pullquote.answering.answers.calibration import logistic
from pullquote.answering.weighing.groups import ValueGroup, counterpart
from pullquote.answering.weighing.mentions import updates
from pullquote.answering.weighing.relevance import shared_names
from pullquote.answering.weighing.statement import ValueStatement, differ
from pullquote.answering.weighing.status import correction_of
from pullquote.base.trees import DecisionTrees
from pullquote.english.questions.answer_type import expected_type, type_match
from pullquote.english.terms import terms
from pullquote.english.values.models import Name, Period, Quantity, Score, Text, Value
from pullquote.schema import Question

MODEL = "values.json"
"""Fitted by training/values.py."""
_MONTH = 30
"""In days."""
_NO_RATIO = 9.0
_NO_MEANING = -999.0
"""Trees compare numbers only; this is less than any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairFeatures:
    """What tells whether another value is one of the same thing as the known value.

    Log-odds are those of `ValueGroup.probability`, or of the first network. Shares are 0 to 1. A
    feature is NaN if it has no meaning for a pair.

    - `values`: the number of values; `confidence`: that of the best candidate, 0 to 1.
    - `known_odds`, `odds`: the log-odds that the values answer the question; `odds_gap`: their
      difference. `known_logit`, `logit`, `logit_gap`: the log-odds of the best words.
      `known_sentence`, `sentence`: the log-odds that the sentences settle the question.
    - `kind`: the kind of both values, 0 if it differs; `unit`: how far their units agree, 0 to 2;
      `ratio`: the logarithm of the larger number over the smaller, or months between two times.
    - `differ`: 1 if they are certainly different.
    - `linked`: 1 if an article names one in place of the other.
    - `update`: 1 if a sentence says that the later one came in place of an older one.
    - `mention`: 1 if an article names the other value only to reject it.
    - `frame`: the share of terms around both; `subject`: the share of the question's terms around
      the other; `subject_shared`: the share of those around the known one that are there too.
    - `story`: the share of names that both articles have; `same_article`: 1 if an article gives
      both; `days`, `days_apart`: from the known one's first report to the other's.
    - `known_articles`, `articles`; `known_type`, `type`: whether the words have the type that is
      asked for, -1 to 1; `known_words`, `words`: their number.
    """

    values: float
    confidence: float
    known_odds: float
    odds: float
    odds_gap: float
    known_logit: float
    logit: float
    logit_gap: float
    known_sentence: float
    sentence: float
    kind: float
    unit: float
    ratio: float
    differ: float
    linked: float
    update: float
    mention: float
    frame: float
    subject: float
    subject_shared: float
    story: float
    same_article: float
    days: float
    days_apart: float
    known_articles: float
    articles: float
    known_type: float
    type: float
    known_words: float
    words: float


NAMES = tuple(field.name for field in fields(PairFeatures))


def pair_features(
    question: Question, known: ValueGroup, other: ValueGroup, *, values: int, confidence: float
) -> PairFeatures:
    """The features of another value, of so many, compared with a known one."""
    here, there = known.best, other.best
    pairs = list(_statements(known, other))
    kind = _kind(here.value, there.value)
    expected, asked = expected_type(question.text), frozenset(question.rarity)
    around, beside = (asked & frozenset(terms(one.sentence)) for one in (here, there))
    known_odds, odds = _log_odds(known.probability), _log_odds(other.probability)
    days = math.nan
    if known.first is not None and other.first is not None:
        days = (other.first - known.first).days
    later = other if days > 0 else known
    return PairFeatures(
        values=values,
        confidence=confidence,
        known_odds=known_odds,
        odds=odds,
        odds_gap=odds - known_odds,
        known_logit=here.span.span_logit,
        logit=there.span.span_logit,
        logit_gap=there.span.span_logit - here.span.span_logit,
        known_sentence=_or_nan(here.span.sentence_logit),
        sentence=_or_nan(there.span.sentence_logit),
        kind=kind,
        unit=max(_unit(one.value, two.value) for one, two in pairs),
        ratio=_ratio(here.value, there.value),
        differ=any(differ(one, two) for one, two in pairs),
        linked=_are_linked(known, other),
        update=any(updates(one.statement.sentence, *one.statement.place) for one in later.given),
        mention=any(one.statement.mention for one in other.given),
        frame=max(_overlap(one.around, two.around) for one, two in pairs),
        subject=_share(question, beside, asked),
        subject_shared=_share(question, around & beside, around),
        story=shared_names(here.article, there.article),
        same_article=bool(known.articles & other.articles),
        days=days,
        days_apart=abs(days),
        known_articles=len(known.articles),
        articles=len(other.articles),
        known_type=type_match(expected, here.span.text),
        type=type_match(expected, there.span.text),
        known_words=len(here.span.text.split()),
        words=len(there.span.text.split()),
    )


def table_of(rows: Iterable[PairFeatures]) -> np.ndarray:
    """The features as a table, shape (rows, features), with `_NO_MEANING` instead of NaN."""
    table = np.array([astuple(row) for row in rows], np.float32).reshape(-1, len(NAMES))
    return np.nan_to_num(table, nan=_NO_MEANING)


def probabilities(
    trees: DecisionTrees,
    question: Question,
    known: ValueGroup,
    groups: Sequence[ValueGroup],
    confidence: float,
) -> list[float]:
    """The probability, 0 to 1, of each value to be one of the same thing as the known one.

    That of the known one is 1, and so is that of a value that is certainly one, see `_is_certain`.
    `confidence` is that of the best candidate, 0 to 1.
    """
    rows = [
        pair_features(question, known, other, values=len(groups), confidence=confidence)
        for other in groups
        if other is not known
    ]
    if not rows:
        return [1.0] * len(groups)
    columns = [NAMES.index(name) for name in trees.names]
    scores = iter(trees.score(table_of(rows)[:, columns]))
    judged = (1.0 if one is known else logistic(float(next(scores))) for one in groups)
    return [
        1.0 if _is_certain(known, group) else chance
        for chance, group in zip(judged, groups, strict=True)
    ]


def _is_certain(known: ValueGroup, other: ValueGroup) -> bool:
    """Whether articles leave no doubt that two values are of the same thing.

    One stands in the place of the other in a sentence that is else nearly equal, or a correction
    names one in place of the other.
    """
    if any(_stand_in_one_place(*pair) for pair in _statements(known, other)):
        return True
    is_corrected = correction_of(known) is not None or correction_of(other) is not None
    return is_corrected and _are_linked(known, other)


def _statements(
    one: ValueGroup, other: ValueGroup
) -> Iterator[tuple[ValueStatement, ValueStatement]]:
    """Each statement of a value with each of another."""
    return ((a.statement, b.statement) for a, b in product(one.given, other.given))


def _stand_in_one_place(one: ValueStatement, other: ValueStatement) -> bool:
    """Whether two sentences are nearly equal, with the one value in the place of the other."""
    place = counterpart(one.sentence, *one.place, other.sentence)
    start, end = other.place
    return place is not None and place[0] < end and start < place[1]


def _log_odds(probability: float) -> float:
    inside = min(max(probability, 1e-4), 1 - 1e-4)
    return math.log(inside / (1 - inside))


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value


def _are_linked(one: ValueGroup, other: ValueGroup) -> bool:
    """Whether an article names one of two values in place of the other."""
    pairs = ((one, other), (other, one))
    return any(newer is new for old, new in pairs for newer, _ in old.replaced_by)


def _kind(one: Value, other: Value) -> float:
    for number, kind in enumerate((Quantity, Period, Score, Name), start=1):
        if isinstance(one, kind) and isinstance(other, kind):
            return number
    return 5 if isinstance(one, Text) or isinstance(other, Text) else 0


def _unit(one: Value, other: Value) -> float:
    """2 for one unit or precision, 1.5 if neither number has one, 1 if one has none, else 0."""
    match one, other:
        case Quantity(), Quantity():
            if one.unit == other.unit:
                return 2 if one.unit else 1.5
            return 0 if one.unit and other.unit else 1
        case Period(), Period():
            return 2 if one.precision is other.precision else 0
    return math.nan


def _ratio(one: Value, other: Value) -> float:
    match one, other:
        case Quantity(), Quantity():
            small, large = sorted(abs(float(each.low * each.scale)) for each in (one, other))
            return math.log(max(1.0, large / small)) if small else _NO_RATIO
        case Period(), Period() if one.first is not None and other.first is not None:
            return abs((one.first - other.first).days) / _MONTH
    return math.nan


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, min(len(one), len(other)))


def _share(question: Question, part: frozenset[str], whole: frozenset[str]) -> float:
    return question.share_in(part) / max(0.01, question.share_in(whole))
