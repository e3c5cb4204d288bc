"""Compares two periods or times of day."""

from __future__ import annotations

from datetime import date, timedelta

from pullquote.english.values.calendar import Days, in_year
from pullquote.english.values.models import Period, Qualifier, Relation

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
