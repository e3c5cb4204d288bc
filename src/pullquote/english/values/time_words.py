"""Patterns for days and times in English: "2 March", "next spring", "two weeks ago", "4.40am"."""

from __future__ import annotations

import re

from pullquote.base.dates.day_text import MONTHS
from pullquote.english.values.calendar import SEASONS

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
