"""Compares two values."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
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
from pullquote.english.values.names import CHANGES_WHO, spells
from pullquote.english.values.periods import Days, in_year
from pullquote.english.values.quantities import MEASURES, singular

SHORT = 4
"""In words. Longer texts that share few words may say the same, so nothing is known about them."""
SHARED = 0.6
"""The share of the shorter text's words that two long texts with the same sense have in common."""

_PART_OF = frozenset("of for in at".split())
_REVERSING = frozenset("not no never without none nor non".split())
_SMALL = frozenset("of in on at to from by for with was were is are be been and or that it".split())
_LEAST_PREFIX = 3


def compare_names(one: Name, other: Name) -> Relation:
    """How two names relate: the same, one more complete than the other, or of two things."""
    if one.words == other.words and not _apart(one.within, other.within):
        same = one.titles == other.titles and one.within == other.within
        return Relation.EQUAL if same else Relation.COMPATIBLE
    if not _apart(one.within, other.within) and _is_same_name(one, other):
        return Relation.COMPATIBLE
    if other.words == one.within or one.words == other.within:
        return Relation.COMPATIBLE
    return Relation.DIFFERENT


def _apart(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two places that contain a place exclude each other."""
    return bool(one and other) and not set(one) & set(other)


def _is_same_name(one: Name, other: Name) -> bool:
    shorter, longer = sorted((one, other), key=lambda name: (len(name.words), name.words))
    if shorter.acronym and spells(shorter.words[0], longer.words):
        return True
    if one.words == other.words:
        return True
    return _is_part(shorter.words, longer.words) or _is_person(shorter.words, longer.words)


def _is_part(shorter: tuple[str, ...], longer: tuple[str, ...]) -> bool:
    """Whether the words begin or end a longer name: "Roe" and "Ida Roe"."""
    count = len(shorter)
    if longer[:count] == shorter:
        return not CHANGES_WHO.intersection(shorter[-1:])
    before = longer[-count - 1 : -count]
    return longer[-count:] == shorter and not (CHANGES_WHO | _PART_OF).intersection(before)


def _is_person(shorter: tuple[str, ...], longer: tuple[str, ...]) -> bool:
    """Whether two names have one surname and first names that agree: "J. Roe", "Jane A. Roe"."""
    if len(shorter) < 2 or shorter[-1] != longer[-1]:
        return False
    first, others = shorter[0], shorter[1:-1]
    known = longer[:-1]
    begins = _abbreviates(first, known[0]) or _abbreviates(known[0], first)
    return begins and all(
        any(_abbreviates(word, each) or _abbreviates(each, word) for each in known[1:])
        for word in others
    )


def _abbreviates(short: str, word: str) -> bool:
    """Whether a first name is an initial or a short form of another."""
    return word.startswith(short) and (len(short) in (1, len(word)) or len(short) >= _LEAST_PREFIX)


def compare_words(one: Name | Text, other: Name | Text) -> Relation:
    """How other words relate, or a name and other words."""
    here, there = _plain(one), _plain(other)
    if here == there:
        titled = any(isinstance(name, Name) and name.titles for name in (one, other))
        return Relation.COMPATIBLE if titled else Relation.EQUAL
    if _is_office(one, other) or _is_office(other, one):
        return Relation.COMPATIBLE
    if (set(here) ^ set(there)) & _REVERSING:
        return Relation.DIFFERENT
    shorter, longer = sorted((set(here), set(there)), key=len)
    shared = len(shorter & longer)
    if 0 < shared == len(shorter):
        return Relation.COMPATIBLE
    if max(len(here), len(there)) <= SHORT:
        return Relation.DIFFERENT
    near = len(shorter) > 1 and shared >= SHARED * len(shorter)
    return Relation.COMPATIBLE if near else Relation.UNRELATED


def _plain(value: Name | Text) -> tuple[str, ...]:
    """The words in the singular, without small ones."""
    plain = tuple(singular(word) for word in value.words if word not in _SMALL)
    return plain or value.words


def _is_office(office: Name | Text, name: Name | Text) -> bool:
    """Whether words are the office before a name: "the governor", "Governor Ismenia Tarquel"."""
    return isinstance(office, Text) and isinstance(name, Name) and office.words == name.titles != ()


ABOUT_MINUTES = 30
"""About six o'clock may be half past five."""
ABOUT_DAYS = 3
ABOUT_YEARS = 2
_YEAR_DAYS = 365


def compare_periods(one: Period, other: Period) -> Relation:
    """How two periods relate; a period is compatible with one that contains it."""
    if one == other:
        return Relation.EQUAL
    days, clock = _compare_days(one, other), _compare_clocks(one, other)
    if Relation.DIFFERENT in (days, clock):
        return Relation.DIFFERENT
    if days is clock is Relation.UNRELATED:
        return Relation.UNRELATED
    if one.qualifier is not other.qualifier or Relation.COMPATIBLE in (days, clock):
        return Relation.COMPATIBLE
    lacks_part = (one.minute is None) != (other.minute is None) or days is Relation.UNRELATED
    return Relation.COMPATIBLE if lacks_part and one.minute != other.minute else Relation.EQUAL


def _compare_clocks(one: Period, other: Period) -> Relation:
    """How the times of day relate; unrelated unless both have one."""
    if one.minute is None or other.minute is None:
        return Relation.UNRELATED
    if one.minute == other.minute:
        return Relation.EQUAL
    vague = Qualifier.ABOUT in (one.qualifier, other.qualifier)
    apart = abs(one.minute - other.minute)
    near = vague and min(apart, 1440 - apart) <= ABOUT_MINUTES
    return Relation.COMPATIBLE if near else Relation.DIFFERENT


def _compare_days(one: Period, other: Period) -> Relation:
    if one.weekday is not None or other.weekday is not None:
        return _compare_weekdays(one, other)
    if one.first is None or other.first is None:
        return Relation.UNRELATED
    if one.yearless != other.yearless:
        return Relation.COMPATIBLE if _suits_a_year(one, other) else Relation.DIFFERENT
    here, there = _days(one), _days(other)
    if here == there:
        return Relation.EQUAL
    return Relation.COMPATIBLE if _agree(here, there) else Relation.DIFFERENT


def _compare_weekdays(one: Period, other: Period) -> Relation:
    here, there = _weekday(one), _weekday(other)
    if here is None or there is None:
        return Relation.UNRELATED
    if here != there:
        return Relation.DIFFERENT
    return Relation.EQUAL if one.weekday == other.weekday else Relation.COMPATIBLE


def _weekday(period: Period) -> int | None:
    if period.weekday is not None or period.first is None or period.first != period.last:
        return period.weekday
    return None if period.yearless else period.first.weekday()


def _suits_a_year(one: Period, other: Period) -> bool:
    """Whether a period without a year agrees with a dated one, in one of the dated one's years."""
    loose, dated = (one, other) if one.yearless else (other, one)
    here, there = _days(loose), _days(dated)
    years = {there[0].year, there[1].year, min(there[0].year + 1, there[1].year)}
    return any(_agree(_moved(here, year), there) for year in years)


def _moved(days: Days, year: int) -> Days:
    """The same days in another year; the last of February for 29 February."""
    first = in_year(days[0], year)
    later = days[1].year - days[0].year
    return first, in_year(days[1], min(year + later, date.max.year))


def _days(period: Period) -> Days:
    """The first and last day, some days or years wider if the period is vague."""
    first, last = period.first or date.min, period.last or date.max
    if period.qualifier is not Qualifier.ABOUT or period.minute is not None:
        return first, last
    years = ABOUT_YEARS * _YEAR_DAYS if (last - first).days >= _YEAR_DAYS - 1 else ABOUT_DAYS
    room = min(years, (first - date.min).days, (date.max - last).days)
    return first - timedelta(days=room), last + timedelta(days=room)


def _agree(here: Days, there: Days) -> bool:
    """Whether two periods have at least half of the days of the shorter one in common."""
    common = (min(here[1], there[1]) - max(here[0], there[0])).days + 1
    shorter = min((days[1] - days[0]).days + 1 for days in (here, there))
    return common * 2 >= shorter


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
    relation = Relation.UNRELATED
    match one, other:
        case (Period(), Period()):
            relation = compare_periods(one, other)
        case (Name(), Name()):
            relation = compare_names(one, other)
        case (Name() | Text(), Name() | Text()):
            relation = compare_words(one, other)
        case (Quantity(), Quantity()):
            relation = _compare_quantities(one, other)
        case (Score(), Score()):
            relation = Relation.EQUAL if one == other else Relation.DIFFERENT
        case (Quantity(), Score()):
            relation = _compare_score(other, one)
        case (Quantity(), Period()):
            relation = _compare_to_year(one, other)
        case (Score() | Period(), Quantity()):
            relation = compare(other, one)
    return relation


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
