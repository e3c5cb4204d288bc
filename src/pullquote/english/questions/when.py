"""Parses days, months and years in questions, relative to a given day.

dateparser, a dependency of htmldate, is unsuitable: it finds dates in "may", "sat" and "sun", fills
in missing parts from the current date, and parses "in 2003" as a single day.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from pullquote.base.dates.date_lines import parse_moment
from pullquote.base.dates.day_text import moment_text
from pullquote.english.values.periods import ANY_FORM, Days, later, number_in, period_of
from pullquote.english.word_lists import MONTH, MONTHS, TO_TWELVE, WEEKDAYS
from pullquote.schema import day_of

_DIGITS = r"(?:1[5-9]|20)[0-9]{2}"
_YEAR = rf"{_DIGITS}(?![0-9-])"
_DAY = r"[0-3]?[0-9](?:st|nd|rd|th)?(?![0-9])"
_COUNT = rf"(?:[1-9][0-9]?|a|{TO_TWELVE}|couple of|few)"
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


_UNTIL_TODAY = re.compile(rf"(?:the )?(?:last|past|previous) (?P<count>{_COUNT}) (?P<unit>{_UNIT})")


def date_range_of(words: str, *, today: date) -> DateRange | None:
    """The range of days meant by words that `DATE` matches; None for impossible days like 31 June.

    A month or day without a year is the last one that has begun.
    """
    words = " ".join(words.lower().replace(",", " ").split())
    try:
        days = _days(words, today)
    except (ValueError, OverflowError):  # before the year 1
        return None
    return None if days is None else DateRange(*days)


def _days(words: str, today: date) -> Days | None:
    if (match := _UNTIL_TODAY.fullmatch(words)) is not None:
        return later(today, -number_in(match["count"]), match["unit"].removesuffix("s")), today
    if (written := day_of(parse_moment(words))) is not None:
        return written, written
    form = ANY_FORM.match(re.sub("^(?=few|couple)", "a ", words))
    if form is None:
        return None
    period = period_of(str(form.lastgroup), form[0], day=today, tense="past")
    if period is None or period.first is None or period.last is None:
        return None
    return period.first, period.last
