"""Days of calendar weeks, months, seasons and years. A pair is the first and the last day."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
"""The first month of each season, in the north."""

RATHER_COMING = 1.2
"""How much farther a month of the past counts than one to come, where no year is written."""

Days = tuple[date, date]


def month_days(year: int, month: int) -> Days:
    """The first and last day of a month."""
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def year_days(first: int, last: int | None = None) -> Days:
    """The first and last day of a year, or of several years."""
    return date(first, 1, 1), date(first if last is None else last, 12, 31)


def week_days(day: date) -> Days:
    """The Monday and the Sunday of a day's week."""
    first = day - timedelta(days=day.weekday())
    return first, first + timedelta(days=6)


def season_days(year: int, season: str) -> Days:
    """The first and last day of a season. A winter begins in December of its year."""
    first = SEASONS[season]
    return months_days(year, first, 3)


def months_days(year: int, month: int, count: int) -> Days:
    """The first and last day of several months, beginning with a month."""
    last = year * 12 + month - 1 + count - 1
    return date(year, month, 1), month_days(last // 12, last % 12 + 1)[1]


def months_later(day: date, months: int) -> date:
    """The same day some months later or, with a negative number, earlier."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def unit_days(unit: str, day: date) -> Days:
    """The calendar week, month or year that a day is in."""
    if unit == "week":
        return week_days(day)
    return month_days(day.year, day.month) if unit == "month" else year_days(day.year)


def later(day: date, count: int, unit: str) -> date:
    """The day that is some days, weeks, months or years later; earlier if `count` is negative."""
    if unit in ("day", "week"):
        return day + timedelta(days=count * (7 if unit == "week" else 1))
    return months_later(day, count * (12 if unit == "year" else 1))


def in_year(day: date, year: int) -> date:
    """The same day of another year; 28 February for 29 February."""
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def yearly(day: date, which: str, of_year: Callable[[int], Days]) -> Days:
    """The days of a yearly period: the `last` before a day, the `next` after it, or `this` year's.

    `ahead` means that it has not ended yet. For other words it is the one nearest to the day, and
    rather the coming one: of the one before, people say "last September".
    """
    if which == "this":
        return of_year(day.year)
    near = [of_year(day.year + years) for years in (-2, -1, 0, 1, 2) if _is_year(day.year + years)]
    if which == "last":
        return max(days for days in near if days[1] < day)
    if which == "next":
        return min(days for days in near if days[0] > day)
    if which == "ahead":
        return min(days for days in near if days[1] >= day)
    return min(near, key=lambda days: _distance(days, day))


def _distance(days: Days, day: date) -> float:
    """How far some days are from a day."""
    distance = (days[0].toordinal() + days[1].toordinal()) / 2 - day.toordinal()
    return distance if distance >= 0 else -distance * RATHER_COMING


def _is_year(year: int) -> bool:
    return date.min.year < year < date.max.year


def part_of_days(part: str, days: Days) -> Days:
    """The "early", "mid" or "late" third of a period; "end" and the like are the last third."""
    first, last = days
    length = (last - first).days + 1
    months = round(length / 30.4)
    if part in ("early", "start", "beginning"):
        return first, _third(days, months, 1) - timedelta(days=1)
    if part in ("mid", "middle"):
        return _third(days, months, 1), _third(days, months, 2) - timedelta(days=1)
    return _third(days, months, 2), last


def _third(days: Days, months: int, thirds: int) -> date:
    """The first day after one or two thirds of a period, at the beginning of a month if it can."""
    if months % 3 == 0 and days[0].day == 1:
        return months_later(days[0], months * thirds // 3)
    length = (days[1] - days[0]).days + 1
    return days[0] + timedelta(days=max(1, length // 3) * thirds)
