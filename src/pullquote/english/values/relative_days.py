"""Days relative to the day of an article: "yesterday", "next Tuesday", "two weeks ago"."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from pullquote.english.values.calendar import Days, later, part_of_days, unit_days, week_days
from pullquote.english.values.numbers import number_of
from pullquote.english.values.time_words import WEEKDAYS

_WHICH = {"coming": "next", "following": "next", "past": "last", "previous": "last"}
_FEW = {"a couple of": 2, "a few": 3, "a": 1, "an": 1}

Parts = dict[str, str | None]
"""The parts of a form by their names."""


def which_of(parts: Parts) -> str:
    """Which one is meant: "last", "next", "this", "current", or ""."""
    which = (parts.get("which") or "").casefold()
    return _WHICH.get(which, which)


def weekday_of(name: str | None) -> int:
    """The number of a weekday, from 0 for Monday, by the beginning of its name."""
    return next(at for at, each in enumerate(WEEKDAYS) if each[:3] == (name or "")[:3].casefold())


def _near(parts: Parts, day: date, ahead: bool) -> Days:
    words = (parts["near"] or "").casefold()
    distances = {"the day before yesterday": -2, "the day after tomorrow": 2, "last night": -1}
    distances |= {"yesterday": -1, "tomorrow": 1}
    near = day + timedelta(days=distances.get(words, 0))
    return near, near


def _named_day(parts: Parts, day: date, ahead: bool) -> Days:
    """The weekday before or after the article's day; that day itself if nothing else is said."""
    which = which_of(parts)
    past = (day.weekday() - weekday_of(parts["weekday"])) % 7
    if which in ("this", "next") or (ahead and which != "last"):
        near = day + timedelta(days=(-past) % 7 or (7 if which == "next" else 0))
    else:
        near = day - timedelta(days=past or (7 if which == "last" else 0))
    return near, near


def _of_calendar(parts: Parts, day: date, ahead: bool) -> Days:
    which, side = which_of(parts), (parts["side"] or "").casefold()
    unit = (parts["unit"] or parts["whole"] or "").casefold()
    steps = -1 if which == "last" else 1 if which == "next" else 0
    if unit == "weekend":
        sunday = week_days(later(day, steps, "week"))[1]
        days = (sunday - timedelta(days=1), sunday)
    else:
        days = unit_days(unit, later(day, steps, unit))
    if side and days[0] <= day <= days[1]:
        return (days[0], day) if side == "earlier" else (day, days[1])
    part = parts["part"] or parts["of_part"]
    return part_of_days(part.casefold(), days) if part else days


def _ago(parts: Parts, day: date, ahead: bool) -> Days:
    return _distant(parts, day, -1)


def _ahead(parts: Parts, day: date, ahead: bool) -> Days:
    return _distant(parts, day, 1)


def _distant(parts: Parts, day: date, sign: int) -> Days:
    words, unit = (parts["count"] or "").casefold(), (parts["unit"] or "").casefold()
    written = None if words in _FEW else number_of(words)
    count = sign * (_FEW.get(words, 1) if written is None else int(written.number))
    if unit in ("fortnight", "decade"):
        count, unit = (2 * count, "week") if unit == "fortnight" else (10 * count, "year")
    near = later(day, count, unit)
    return (near, near) if unit == "day" else unit_days(unit, near)


RELATIVE: dict[str, Callable[[Parts, date, bool], Days]] = {
    "near": _near,
    "named_day": _named_day,
    "calendar": _of_calendar,
    "ago": _ago,
    "ahead": _ahead,
}
"""The days of each form that is relative to the day of an article."""
