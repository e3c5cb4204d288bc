"""Days and times in English, and the days of weeks, months, seasons and years."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from pullquote.base.dates.day_text import MONTHS

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


WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
MONTH_NUMBERS = {name.lower(): number for number, name in enumerate(MONTHS, 1)}
MONTH_NUMBERS |= {name[:3]: number for name, number in MONTH_NUMBERS.items()} | {"sept": 9}

_MONTH = (
    r"(?P<month>january|february|march|april|may|june|july|august|september|october|november"
    r"|december|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?)(?!\w)"
)
_WEEKDAY = rf"(?P<weekday>{'|'.join(WEEKDAYS)}|(?:mon|tue|tues|wed|thu|thurs|fri|sat|sun)\b\.?)"
_LONG_WEEKDAY = rf"(?P<weekday>{'|'.join(WEEKDAYS)})\b"
_DAY = r"(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?(?![0-9])"
_TO_DAY = r"\s?(?:-|–|to|and)\s?(?P<to>[0-3]?[0-9])(?:st|nd|rd|th)?(?![0-9])"
_YEAR = r"(?P<year>(?:1[0-9]|20)[0-9]{2})(?![0-9])"
_PART = (
    r"(?:(?:the )?(?:very )?(?P<part>early|late|mid|start|beginning|middle|end)(?: in| of)?[ -]"
    r"(?:the )?)"
)
_WHICH = r"(?:the )?(?P<which>last|this|next|coming|past|previous|following|current)"
_COUNT = (
    r"(?P<count>[1-9][0-9]?|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|a couple of|a few)"
)
_HOUR = "(?:[1-9]|1[0-2]|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_UNIT = r"(?P<unit>day|week|fortnight|month|year|decade)s?"
_SEASON = rf"(?P<season>{'|'.join(SEASONS)})\b"
_DAYTIME = r"(?: morning| afternoon| evening| night| lunchtime)?"

FORMS: dict[str, str] = {
    "iso": r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])|[0-9]{1,2}/[0-9]{1,2}/(?:1[0-9]|20)[0-9]{2}\b",
    "days_month": rf"{_DAY}{_TO_DAY} (?:of )?{_MONTH}(?:,? {_YEAR})?",
    "month_days": rf"{_MONTH} {_DAY}{_TO_DAY}(?:,? {_YEAR})?",
    "day_month": rf"(?:{_WEEKDAY},? (?:the )?)?{_DAY}(?: of|-)?[ -]?{_MONTH}(?:,?[ -]{_YEAR})?",
    "month_day": rf"(?:{_WEEKDAY},? )?{_MONTH} {_DAY}(?! (?:per cent|percent))(?:,? {_YEAR})?",
    "month": rf"{_PART}?(?:{_WHICH} )?{_MONTH}(?:(?:,? | of ){_YEAR})?",
    "season": rf"{_PART}?(?:{_WHICH} |(?:in )?the )?{_SEASON}(?:(?: of)? {_YEAR})?",
    "quarter": rf"(?:the )?(?P<nth>first|second|third|fourth|last|final) (?P<kind>quarter|half)"
    rf" of (?:{_YEAR}|(?P<this>this|the|next|last) year)|q(?P<number>[1-4])(?: (?:of )?)"
    rf"{_YEAR.replace('year', 'in_year')}",
    "decade": rf"{_PART}?(?:the )?(?P<decade>(?:1[0-9]|20)[0-9]0)s\b",
    "years": rf"(?:(?:between|from) )?{_YEAR}(?:\s?(?:–|-|/|to|and|until)\s?)"
    r"(?P<to>(?:1[0-9]|20)[0-9]{2}|[0-9]{2}(?![0-9:]))(?![\w-])",
    "year": rf"{_PART}?(?:the year )?{_YEAR}(?![\w%]|[,.-][0-9])",
    "near": r"(?P<near>the day before yesterday|the day after tomorrow|today|yesterday|tomorrow"
    rf"|tonight|last night|this (?:morning|afternoon|evening)|overnight)\b{_DAYTIME}",
    "named_day": rf"(?:{_WHICH} )?{_LONG_WEEKDAY}{_DAYTIME}",
    "calendar": rf"{_PART}?(?:(?P<side>earlier|later) )?{_WHICH} (?P<unit>week|month|year|weekend)"
    rf"\b|{_PART.replace('part', 'of_part')}(?P<whole>week|month|year)\b",
    "ago": rf"{_COUNT} {_UNIT} ago\b",
    "ahead": rf"(?:in|within) {_COUNT} {_UNIT}(?:['’] time|['’]s time| time)?\b",
    "clock": r"(?P<hour>[01]?[0-9]|2[0-4])(?:[:.](?P<minute>[0-5][0-9]))?\s?(?P<half>[ap])\.?m\b\.?"
    r"|(?P<hours>[01]?[0-9]|2[0-3]):(?P<minutes>[0-5][0-9])(?![0-9:])|\b(?P<noon>noon|midday"
    rf"|midnight)\b|(?P<past>half|quarter) past (?P<after>{_HOUR})\b"
    rf"|(?P<oclock>{_HOUR}) o['’]clock\b",
}
"""The pattern of each form of a day, period or time of day. Ignore case with them."""

_NAMED_GROUP = re.compile(r"\?P<\w+>")

ANY_FORM = re.compile(
    r"(?i)(?<![\w£$€.,/-])(?:"
    + "|".join(f"(?P<{name}>{_NAMED_GROUP.sub('?:', form)})" for name, form in FORMS.items())
    + ")"
)
"""Matches any of the forms; `lastgroup` names the form."""

EACH_FORM = {name: re.compile(f"(?i){form}") for name, form in FORMS.items()}
"""The forms with groups for their parts."""

FIRST_WORDS = frozenset(
    (
        "the very early late mid start beginning middle end last this next coming past previous "
        "following current in within first second third fourth final q1 q2 q3 q4 between from "
        "half quarter today yesterday tomorrow tonight overnight noon midday midnight earlier "
        "later year a an one two three four five six seven eight nine ten eleven twelve tues "
        "thurs"
    ).split()
) | {*WEEKDAYS, *(day[:3] for day in WEEKDAYS), *MONTH_NUMBERS, *SEASONS}
"""The words that forms may begin with, if not with a digit."""

IS_AHEAD = re.compile(
    r"(?i)\b(?:will|shall|due|is to|are to|was to|were to|plans? to|planned|scheduled|expected|set "
    r"to|would|ahead of|until|hopes? to|to be)\b"
)
"""Words of a sentence about what is to come."""
