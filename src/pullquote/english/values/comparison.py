"""Compares two values."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from pullquote.english.values.models import (
    Name,
    Period,
    Qualifier,
    Quantity,
    Relation,
    Score,
    Text,
    Value,
)
from pullquote.english.values.name_comparison import compare_names, compare_words
from pullquote.english.values.period_comparison import compare_periods
from pullquote.english.values.units import MEASURES

YEAR_IN_SECONDS = Decimal("31557600")

ROUNDING = Decimal("0.05")
"""A number rounded like "1.7m" differs from the exact one by at most this share of it."""
ROUNDING_IN_FULL = Decimal("0.025")
"""The same for a number that is written in full, such as "600,000"."""
VAGUE = Decimal("0.1")
"""About, nearly and just over a number mean at most this share of it more or less."""
OPEN = Decimal("0.25")
"""More than a number, and at least a number, mean at most this share of it more, or `FEW` more.

Without a limit, at least 19 dead would agree with 300 dead.
"""
FEW = 3


def compare(one: Value, other: Value) -> Relation:
    """How two values relate; the same in both directions."""
    match one, other:
        case (Period(), Period()):
            return compare_periods(one, other)
        case (Name(), Name()):
            return compare_names(one, other)
        case (Name() | Text(), Name() | Text()):
            return compare_words(one, other)
        case (Quantity() | Score(), Quantity() | Score()):
            return _compare_numbers(one, other)
        case (Quantity() as quantity, Period() as period) | (
            Period() as period,
            Quantity() as quantity,
        ):
            return _compare_to_year(quantity, period)
    return Relation.UNRELATED


def _compare_numbers(one: Quantity | Score, other: Quantity | Score) -> Relation:
    match one, other:
        case (Quantity(), Quantity()):
            return _compare_quantities(one, other)
        case (Score() as score, Quantity() as quantity) | (
            Quantity() as quantity,
            Score() as score,
        ):
            return _compare_score(score, quantity)
    return Relation.EQUAL if one == other else Relation.DIFFERENT


def _compare_score(score: Score, quantity: Quantity) -> Relation:
    """A range without a unit may be a score whose second number is the higher: "2-3"."""
    if quantity.unit or quantity.low == quantity.high:
        return Relation.UNRELATED
    same = quantity.low == score.first and quantity.high == score.second
    return Relation.COMPATIBLE if same else Relation.DIFFERENT


def _compare_to_year(quantity: Quantity, period: Period) -> Relation:
    """A bare number of four digits may be a year."""
    year = None if period.first is None or period.last is None else period.first.year
    if quantity.unit or quantity.low != year or quantity.low != quantity.high:
        return Relation.UNRELATED
    return Relation.COMPATIBLE


def _compare_quantities(one: Quantity, other: Quantity) -> Relation:
    if one == other:
        return Relation.EQUAL
    scaled = _in_one_unit(one, other)
    if scaled is None:
        return Relation.UNRELATED
    one, other = scaled
    agree = _overlap(one, other) or _rounds_to(one, other) or _rounds_to(other, one)
    counted = one.unit == other.unit != ""
    if one.ordinal != other.ordinal and not agree and not counted:
        return Relation.UNRELATED
    return Relation.COMPATIBLE if agree else Relation.DIFFERENT


def _in_one_unit(one: Quantity, other: Quantity) -> tuple[Quantity, Quantity] | None:
    """Both quantities in the same unit; None if they count or measure different things.

    A number without a unit may count or measure anything. The same number of two things to count
    is taken for one thing with two names: 41 homes and 41 houses.
    """
    for here, there in ((one.state, other.state), (one.per, other.per)):
        if here and there and here != there:
            return None
    if one.unit == other.unit:
        return one, other
    if {one.unit, other.unit} == {"s", "year"}:
        return _in_seconds(one), _in_seconds(other)
    if not one.unit or not other.unit:
        scale = one.scale * other.scale
        return (_times(one, scale), other) if other.unit else (one, _times(other, scale))
    if {one.unit, other.unit} & MEASURES or (one.low, one.high) != (other.low, other.high):
        return None
    return one, other


def _in_seconds(value: Quantity) -> Quantity:
    return value if value.unit == "s" else replace(_times(value, YEAR_IN_SECONDS), unit="s")


def _times(value: Quantity, factor: Decimal) -> Quantity:
    if factor == 1:
        return value
    return replace(
        value,
        low=value.low * factor,
        high=value.high * factor,
        step=value.step * factor,
        rounded=value.rounded * factor,
    )


def _overlap(one: Quantity, other: Quantity) -> bool:
    """Whether some number suits both; two vague ranges must do more than touch."""
    (low, high), (from_, to) = _admitted(one), _admitted(other)
    if low < high and from_ < to:
        return max(low, from_) < min(high, to)
    return max(low, from_) <= min(high, to)


def _admitted(value: Quantity) -> tuple[Decimal, Decimal]:
    """The least and the greatest number that a quantity may stand for."""
    size = max(abs(value.low), abs(value.high))
    vague = min(value.rounded / 2, size * VAGUE)
    much = max(size * OPEN, min(Decimal(FEW), size) * value.step)
    match value.qualifier:
        case Qualifier.ABOUT:
            return value.low - vague, value.high + vague
        case Qualifier.JUST_OVER:
            return value.low, value.high + size * VAGUE
        case Qualifier.NEARLY:
            return value.low - vague, value.high
        case Qualifier.AT_LEAST | Qualifier.MORE_THAN:
            return value.low, value.high + much
        case Qualifier.AT_MOST | Qualifier.LESS_THAN:
            return value.low - 2 * much, value.high
        case _:
            return value.low, value.high


def _rounds_to(exact: Quantity, rounded: Quantity) -> bool:
    """Whether a number rounds to another that was written with fewer digits."""
    plain = exact.qualifier is rounded.qualifier is Qualifier.EXACT
    if not plain or exact.ordinal or rounded.ordinal:
        return False
    if rounded.low != rounded.high or exact.low != exact.high:
        return False
    step, number = rounded.rounded, exact.low
    if rounded.step <= exact.step and step < 100 and not number % 1:
        return False
    share = ROUNDING if rounded.step > exact.step else ROUNDING_IN_FULL
    near = (number / step).to_integral_value() * step
    return near == rounded.low and abs(number - near) <= abs(number) * share
