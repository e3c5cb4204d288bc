"""Parses days, months and years in questions, relative to a given day.

dateparser, a dependency of htmldate, is unsuitable: it finds dates in "may", "sat" and "sun", fills
in missing parts from the current date, and parses "in 2003" as a single day.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from pullquote.base.dates.date_lines import parse_moment
from pullquote.base.dates.day_text import moment_text
from pullquote.english.values.periods import later, month_days, unit_days
from pullquote.english.word_lists import MONTH, MONTHS, WEEKDAYS

_NUMBERS = dict(
    zip(
        "a one two three four five six seven eight nine ten twelve".split(),
        (1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12),
        strict=True,
    )
)
_DIGITS = r"(?:1[5-9]|20)[0-9]{2}"
_YEAR = rf"{_DIGITS}(?![0-9-])"
_DAY = r"[0-3]?[0-9](?:st|nd|rd|th)?(?![0-9])"
_COUNT = rf"(?:[1-9][0-9]?|{'|'.join(_NUMBERS)}|couple of|few)"
_UNIT = r"(?:day|week|month|year)s?"

RELATIVE = (
    rf"(?:today|yesterday|(?:this|last) (?:week|month|year)"
    rf"|(?:the )?(?:last|past|previous) {_COUNT} {_UNIT}|{_COUNT} {_UNIT} ago"
    rf"|last (?:{'|'.join(WEEKDAYS)}))\b"
)
"""A pattern for days relative to today."""

DATE = (
    rf"(?:[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}|{_DAY}(?: of)? {MONTH},?(?: {_YEAR})?"
    rf"|{MONTH} {_DAY},?(?: {_YEAR})?|[0-9]{{1,2}}[./][0-9]{{1,2}}[./]{_YEAR}"
    rf"|{MONTH},?(?: of)? {_YEAR}|the {_DIGITS}s|{_YEAR}|{MONTH}\b|{RELATIVE}"
    rf"|(?:{'|'.join(WEEKDAYS)})\b)"
)
"""A pattern for a day, month or year, absolute or relative to today. Ignore case with it."""


@dataclass(frozen=True, slots=True)
class DateRange:
    """The days from `first` to `last`, both included."""

    first: date
    last: date

    def __str__(self) -> str:
        """The range as people write it: 2004, March 2004, 2 March 2004, or first day – last day."""
        first, last = self.first, self.last
        if first == last:
            return moment_text(first)
        if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
            return f"{first.year}" if first.year == last.year else f"{first.year}–{last.year}"
        if (first.year, first.month, first.day) == (last.year, last.month, 1) and (
            last.day == monthrange(last.year, last.month)[1]
        ):
            return f"{MONTHS[first.month - 1].title()} {first.year}"
        return f"{moment_text(first)} – {moment_text(last)}"


def date_range_of(words: str, *, today: date) -> DateRange | None:
    """The range of days meant by words that `DATE` matches; None for impossible days like 31 June.

    A month or day without a year is in this year or, if it would then be in the future, in the
    year before.
    """
    words = " ".join(words.lower().replace(",", " ").split())
    try:
        return _relative(words, today) or _written(words, today)
    except (ValueError, OverflowError):  # 31 June; before the year 1
        return None


def _written(words: str, today: date) -> DateRange | None:
    if (moment := parse_moment(words)) is not None:
        return DateRange(moment, moment)
    years = re.findall(_YEAR, words)
    names = (re.search(rf"\b(?:{month}|{month[:3]}t?)\b", words) for month in MONTHS)
    month = next((at for at, name in enumerate(names, 1) if name is not None), None)
    if month is None:
        if not re.fullmatch(rf"(?:the )?{_DIGITS}s?", words):
            return None
        decade = words.endswith("s")
        year = int(words.removeprefix("the ")[:4])
        return DateRange(date(year, 1, 1), date(year + 9 if decade else year, 12, 31))
    number = re.search(r"[0-9]{1,2}", re.sub(_YEAR, "", words))
    day = None if number is None else int(number[0])
    year = int(years[-1]) if years else today.year
    period = _in_month(year, month, day)
    return _in_month(year - 1, month, day) if not years and period.first > today else period


def _in_month(year: int, month: int, day: int | None) -> DateRange:
    if day is None:
        return DateRange(*month_days(year, month))
    return DateRange(date(year, month, day), date(year, month, day))


def _relative(words: str, today: date) -> DateRange | None:
    if words in ("today", "yesterday"):
        day = today - timedelta(days=words == "yesterday")
        return DateRange(day, day)
    if words.removeprefix("last ") in WEEKDAYS:
        past = (today.weekday() - WEEKDAYS.index(words.removeprefix("last "))) % 7
        day = today - timedelta(days=7 if past == 0 and words.startswith("last") else past)
        return DateRange(day, day)
    if match := re.fullmatch(r"(this|last) (week|month|year)", words):
        return _calendar(match[2], today, back=match[1] == "last")
    if match := re.fullmatch(rf"(?:the )?(?:last|past|previous) ({_COUNT}) ({_UNIT})", words):
        return DateRange(_back(today, match[1], match[2]), today)
    if match := re.fullmatch(rf"({_COUNT}) ({_UNIT}) ago", words):
        day = _back(today, match[1], match[2])
        unit = match[2].removesuffix("s")
        return DateRange(day, day) if unit == "day" else _calendar(unit, day, back=False)
    return None


def _calendar(unit: str, day: date, *, back: bool) -> DateRange:
    """The calendar week (from Monday), month or year of a day; with `back`, the one before it."""
    return DateRange(*unit_days(unit, later(day, -back, unit)))


def _back(today: date, count: str, unit: str) -> date:
    number = {"couple of": 2, "few": 3}.get(count) or _NUMBERS.get(count) or int(count)
    return later(today, -number, unit.removesuffix("s"))
