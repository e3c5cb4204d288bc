"""Parses a day, period or time of day that matches one of the forms in `time_words`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from pullquote.base.dates.date_lines import parse_moment
from pullquote.english.values.calendar import (
    Days,
    month_days,
    months_days,
    part_of_days,
    season_days,
    year_days,
    yearly,
)
from pullquote.english.values.models import YEARLESS, Period
from pullquote.english.values.numbers import number_of
from pullquote.english.values.relative_days import RELATIVE, Parts, weekday_of, which_of
from pullquote.english.values.time_words import EACH_FORM, MONTH_NUMBERS
from pullquote.schema import day_of


def period_of(form: str, words: str, *, day: date | None, ahead: bool) -> Period | None:
    """The period that words of a form mean; None for impossible days, or without a `day`.

    `day` is the article's. `ahead` means that the words speak of what is to come.
    """
    match = EACH_FORM[form].fullmatch(words)
    if match is None:
        return None
    parts = match.groupdict()
    try:
        if form == "clock":
            return _clock(parts)
        if form == "iso":
            days = _written_day(words)
        elif form in _ABSOLUTE:
            return _absolute(form, parts, day, ahead=ahead)
        else:
            days = None if day is None else RELATIVE[form](parts, day, ahead)
        if days is None and form == "named_day":
            return Period(weekday=weekday_of(parts["weekday"]))
    except (ValueError, OverflowError, ArithmeticError):  # 31 June; before the year 1
        return None
    return None if days is None else Period(first=days[0], last=days[1])


def _written_day(words: str) -> Days | None:
    day = day_of(parse_moment(words))
    return None if day is None else (day, day)


def _clock(parts: Parts) -> Period:
    if parts["noon"]:
        return Period(minute=0 if parts["noon"].casefold() == "midnight" else 720)
    written = number_of(parts["hour"] or parts["hours"] or parts["oclock"] or parts["after"] or "")
    past = {"half": 30, "quarter": 15}.get((parts["past"] or "").casefold(), 0)
    minute = int(parts["minute"] or parts["minutes"] or past)
    hour = 0 if written is None else int(written.number)
    if parts["half"]:
        hour = hour % 12 + (12 if parts["half"] in "pP" else 0)
    return Period(minute=hour % 24 * 60 + minute)


def _absolute(form: str, parts: Parts, day: date | None, *, ahead: bool) -> Period | None:
    """A period whose year is written, is the nearest to the article's day, or is unknown."""
    of_year = _ABSOLUTE[form](parts)
    written = parts.get("year") or parts.get("in_year") or parts.get("decade")
    which = which_of(parts)
    if written:
        days = of_year(int(written))
    elif day is not None and (weekday := parts.get("weekday")):
        days = _with_weekday(of_year, day, weekday_of(weekday))
    elif day is not None:
        days = yearly(day, which or ("ahead" if ahead else ""), of_year)
    else:
        days = of_year(YEARLESS)
    if part := parts.get("part"):
        days = part_of_days(part.casefold(), days)
    return Period(first=days[0], last=days[1], yearless=not written and day is None)


def _with_weekday(of_year: Callable[[int], Days], day: date, weekday: int) -> Days:
    """The days of the nearest year in which the first day is that day of the week."""
    years = sorted(range(day.year - 6, day.year + 3), key=lambda year: abs(year - day.year))
    fitting = [days for year in years if (days := of_year(year))[0].weekday() == weekday]
    near = [days for days in fitting if abs((days[0] - day).days) < 400] or fitting
    return min(near, key=lambda days: abs((days[0] - day).days))


def _of_month(parts: Parts) -> Callable[[int], Days]:
    month = MONTH_NUMBERS[(parts["month"] or "").casefold().rstrip(".")]
    first, last = parts.get("day"), parts.get("to") or parts.get("day")
    if first is None or last is None:
        return lambda year: month_days(year, month)
    return lambda year: (date(year, month, int(first)), date(year, month, int(last)))


def _of_season(parts: Parts) -> Callable[[int], Days]:
    season = (parts["season"] or "").casefold()
    return lambda year: season_days(year, season)


def _of_quarter(parts: Parts) -> Callable[[int], Days]:
    length = 6 if (parts["kind"] or "").casefold() == "half" else 3
    nth = (parts["nth"] or "").casefold()
    order = ["first", "second", "third", "fourth"]
    number = int(parts["number"] or 0) or (order.index(nth) + 1 if nth in order else 12 // length)
    return lambda year: months_days(year, length * (number - 1) + 1, length)


def _of_years(parts: Parts) -> Callable[[int], Days]:
    to = parts.get("to")

    def of_year(first: int) -> Days:
        last = first if to is None else int(to) if len(to) == 4 else first // 100 * 100 + int(to)
        if last < first:
            raise ValueError
        return year_days(first, last)

    return of_year


_ABSOLUTE: dict[str, Callable[[Parts], Callable[[int], Days]]] = {
    **dict.fromkeys(("days_month", "month_days", "day_month", "month_day", "month"), _of_month),
    "season": _of_season,
    "quarter": _of_quarter,
    "decade": lambda _: lambda year: year_days(year, year + 9),
    "years": _of_years,
    "year": _of_years,
}
