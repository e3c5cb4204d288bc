"""Finds days, periods and times of day in a text, relative to the day of its article."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Literal

from pullquote.base.dates.date_lines import parse_moment
from pullquote.english.values.models import YEARLESS, FoundValue, Period, Qualifier
from pullquote.english.values.quantities import number_of
from pullquote.english.word_lists import MONTH, MONTHS, NUMBERS, TO_TWELVE, WEEKDAYS
from pullquote.schema import day_of

SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
"""The first month of each season, in the north. A winter begins in December of its year."""

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

    The one `ahead` has not ended yet, and the `past` one has begun. For other words it is the one
    nearest to the day, and rather the coming one: of the one before, people say "last September".
    """
    if which == "this":
        return of_year(day.year)
    years = range(max(day.year - 2, date.min.year + 1), min(day.year + 3, date.max.year))
    near = [days for year in years if (days := _possible(of_year, year)) is not None]
    if which == "last":
        return max(days for days in near if days[1] < day)
    if which == "next":
        return min(days for days in near if days[0] > day)
    if which == "ahead":
        return min(days for days in near if days[1] >= day)
    if which == "past":
        return max(days for days in near if days[0] <= day)
    return min(near, key=lambda days: _distance(days, day))


def _possible(of_year: Callable[[int], Days], year: int) -> Days | None:
    """The days in a year; None for 29 February in most."""
    try:
        return of_year(year)
    except ValueError:
        return None


def _distance(days: Days, day: date) -> float:
    """How far some days are from a day."""
    distance = (days[0].toordinal() + days[1].toordinal()) / 2 - day.toordinal()
    return distance if distance >= 0 else -distance * RATHER_COMING


def part_of_days(part: str, days: Days) -> Days:
    """The "early", "mid" or "late" third of a period, or its first quarter, the "start".

    "End" and the like are the last third, "middle" is the second, and "beginning" is the start.
    """
    first, last = days
    if part in ("start", "beginning"):
        return first, _after(days, 1, of=4) - timedelta(days=1)
    if part == "early":
        return first, _after(days, 1, of=3) - timedelta(days=1)
    if part in ("mid", "middle"):
        return _after(days, 1, of=3), _after(days, 2, of=3) - timedelta(days=1)
    return _after(days, 2, of=3), last


def _after(days: Days, parts: int, *, of: int) -> date:
    """The first day after some parts of a period, at the beginning of a month if it can."""
    length = (days[1] - days[0]).days + 1
    months = round(length / 30.4)
    if months and months % of == 0 and days[0].day == 1:
        return months_later(days[0], months * parts // of)
    return days[0] + timedelta(days=max(1, length // of) * parts)


MONTH_NUMBERS = {name: number for number, name in enumerate(MONTHS, 1)}
MONTH_NUMBERS |= {name[:3]: number for name, number in MONTH_NUMBERS.items()} | {"sept": 9}

_MONTH = rf"(?P<month>{MONTH})(?!\w)"
_WEEKDAY = rf"(?P<weekday>{'|'.join(WEEKDAYS)}|(?:mon|tue|tues|wed|thu|thurs|fri|sat|sun)\b\.?)"
_LONG_WEEKDAY = rf"(?P<weekday>{'|'.join(WEEKDAYS)})\b"
_DAY = r"(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?(?![0-9])"
_TO_DAY = r"\s?(?:-|–|to|and)\s?(?P<to>[0-3]?[0-9])(?:st|nd|rd|th)?(?![0-9])"
_YEAR = r"(?P<year>(?:1[0-9]|20)[0-9]{2})(?![0-9])"
_PART = (
    r"(?:(?:the )?(?:very )?(?P<part>early|late|mid|(?:start|beginning|middle|end)(?= of|-))"
    r"(?: in| of)?[ -](?:the )?)"
)
_WHICH = r"(?:the )?(?P<which>last|this|next|coming|past|previous|following|current)"
_COUNT = rf"(?P<count>[1-9][0-9]?|an?|{TO_TWELVE}|a couple of|a few)"
_HOUR = f"(?:[1-9]|1[0-2]|{TO_TWELVE})"
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
        "later year a an tues thurs"
    ).split()
    + NUMBERS[1:13]
) | {*WEEKDAYS, *(day[:3] for day in WEEKDAYS), *MONTH_NUMBERS, *SEASONS}
"""The words that forms may begin with, if not with a digit."""

IS_AHEAD = re.compile(
    r"(?i)\b(?:will|shall|due|is to|are to|was to|were to|plans? to|planned|scheduled|expected|set "
    r"to|would|ahead of|until|hopes? to|to be)\b"
)
"""Words of a sentence about what is to come."""


_SAME_WHICH = {"coming": "next", "following": "next", "past": "last", "previous": "last"}
_FEW = {"couple of": 2, "few": 3, "a": 1, "an": 1}

Parts = dict[str, str | None]
"""The parts of a form by their names."""
Tense = Literal["past", "ahead", ""]


def which_of(parts: Parts) -> str:
    """Which one is meant: "last", "next", "this", "current", or ""."""
    which = (parts.get("which") or "").casefold()
    return _SAME_WHICH.get(which, which)


def weekday_of(name: str | None) -> int:
    """The number of a weekday, from 0 for Monday, by the beginning of its name."""
    return next(at for at, each in enumerate(WEEKDAYS) if each[:3] == (name or "")[:3].casefold())


def _near(parts: Parts, day: date, tense: Tense) -> Days:
    words = (parts["near"] or "").casefold()
    distances = {"the day before yesterday": -2, "the day after tomorrow": 2, "last night": -1}
    distances |= {"yesterday": -1, "tomorrow": 1}
    near = day + timedelta(days=distances.get(words, 0))
    return near, near


def _named_day(parts: Parts, day: date, tense: Tense) -> Days:
    """The weekday before or after the article's day; that day itself if nothing else is said."""
    which = which_of(parts)
    past = (day.weekday() - weekday_of(parts["weekday"])) % 7
    if which in ("this", "next") or (tense == "ahead" and which != "last"):
        near = day + timedelta(days=(-past) % 7 or (7 if which == "next" else 0))
    else:
        near = day - timedelta(days=past or (7 if which == "last" else 0))
    return near, near


def _of_calendar(parts: Parts, day: date, tense: Tense) -> Days:
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


def number_in(count: str) -> int:
    """The number of a count of days or years: 3 for "three" or "a few"."""
    words = count.casefold().removeprefix("a ")
    written = None if words in _FEW else number_of(words)
    return _FEW.get(words, 1) if written is None else int(written.number)


def _distant(parts: Parts, day: date, sign: int) -> Days:
    count, unit = sign * number_in(parts["count"] or ""), (parts["unit"] or "").casefold()
    if unit in ("fortnight", "decade"):
        count, unit = (2 * count, "week") if unit == "fortnight" else (10 * count, "year")
    near = later(day, count, unit)
    return (near, near) if unit == "day" else unit_days(unit, near)


RELATIVE: dict[str, Callable[[Parts, date, Tense], Days]] = {
    "near": _near,
    "named_day": _named_day,
    "calendar": _of_calendar,
    "ago": lambda parts, day, _: _distant(parts, day, -1),
    "ahead": lambda parts, day, _: _distant(parts, day, 1),
}
"""The days of each form that is relative to the day of an article."""


def period_of(form: str, words: str, *, day: date | None, tense: Tense) -> Period | None:
    """The period that words of a form mean; None for impossible days, or without a `day`.

    `day` is the article's. `tense` says whether the words speak of what is to come, or of what has
    been; "" if that is not known.
    """
    match = EACH_FORM[form].fullmatch(words)
    if match is None:
        return None
    parts = match.groupdict()
    try:
        if form == "clock":
            return _clock(parts)
        if form == "iso":
            written = day_of(parse_moment(words))
            days = None if written is None else (written, written)
        elif form in _ABSOLUTE:
            return _absolute(form, parts, day, tense)
        else:
            days = None if day is None else RELATIVE[form](parts, day, tense)
        if days is None and form == "named_day":
            return Period(weekday=weekday_of(parts["weekday"]))
    except (ValueError, OverflowError, ArithmeticError):  # 31 June; before the year 1
        return None
    return None if days is None else Period(first=days[0], last=days[1])


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


def _absolute(form: str, parts: Parts, day: date | None, tense: Tense) -> Period | None:
    """A period whose year is written, is the nearest to the article's day, or is unknown."""
    of_year = _ABSOLUTE[form](parts)
    written = parts.get("year") or parts.get("in_year") or parts.get("decade")
    which = which_of(parts)
    if written:
        days = of_year(int(written))
    elif day is not None and (weekday := parts.get("weekday")):
        days = _with_weekday(of_year, day, weekday_of(weekday))
    elif day is not None:
        days = yearly(day, which or tense, of_year)
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
    first = SEASONS[(parts["season"] or "").casefold()]
    return lambda year: months_days(year, first, 3)


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


_QUALIFIERS = {
    Qualifier.ABOUT: "about|around|some|circa|c\\.|ca\\.|approximately|roughly|nearly|almost|"
    "shortly before|shortly after|just before|just after",
    Qualifier.SINCE: "since|after|from|starting",
    Qualifier.BY: "by|until|till|before|no later than|up to",
}
_QUALIFIED = {
    word.replace("\\", ""): kind for kind, words in _QUALIFIERS.items() for word in words.split("|")
}
_QUALIFIER = re.compile(rf"(?i)(?<!\w)({'|'.join(_QUALIFIERS.values())})\s+(?:the\s)?$")
_TOKEN = re.compile(r"[^\W_]+")
_MAY_BE_AHEAD = frozenset("named_day month day_month month_day season".split())
_NEAR = 60
"""In characters before a day."""
_IS_PAST = re.compile(
    r"(?i)\b(?:said|told|says|announced|warned|added|confirmed|reported|denied|since|held|made|"
    r"published|issued)\b[^.,;]{0,25}$"
)
_MOVED = re.compile(
    r"(?i)\b(?:mov|postpon|push|put|delay|brought|bring|chang|shift|reschedul|extend|slip|slid)\w*"
    r"(?: \w+){0,4} $"
)
"""Before two days that are not a range: "postponed from 2 March to 4 April"."""
_LONGEST_GAP = 12
"""In characters between a day and a time of day, or two days."""
_BETWEEN = re.compile(r"(?i),? (?:to|until|till|and) |\s?[–-]\s?")
_BESIDE = re.compile(r"(?i),? (?:(?:on|at|of|by) )?")
_BEFORE_MONTH = re.compile(
    r"(?i)\b(?:in|by|since|until|till|from|to|of|before|after|for|during|last|next|this|and|or"
    r"|between|through|on|late|early|mid)[ -]$"
)
_COUNTED = re.compile(r"[ -][a-z]{3,}s\b(?<!was)(?<!has)|[ -](?:people|men|women|children)\b")


def periods_in(
    text: str, *, day: date | None, sentence: str = "", alone: bool = False
) -> Iterator[FoundValue]:
    """The days, periods and times of day in a text, in order.

    `day` is the article's. The `sentence` that the text is from may say whether a day is to come.
    With `alone`, the text is an answer, where a mere "March" or "2019" is a time.
    """
    whole = sentence if text in sentence else text
    offset = whole.find(text)
    before: FoundValue | None = None
    for match in _matches(text):
        form = match.lastgroup or ""
        if not _is_time(text, match, form, alone=alone):
            continue
        ahead = form in _MAY_BE_AHEAD and _is_ahead(whole, offset + match.start(), match[0])
        value = period_of(form, match[0], day=day, tense="ahead" if ahead else "")
        if value is None:
            continue
        found = _qualified(text, match.start(), match.end(), value)
        if before is not None:
            joined = _joined(text, before, found)
            if joined is None:
                yield before
            found = found if joined is None else joined
        before = found
    if before is not None:
        yield before


def _matches(text: str) -> Iterator[re.Match[str]]:
    """The forms of times in a text, without overlaps, whether they are times or not."""
    taken = 0
    for token in _TOKEN.finditer(text):
        at = token.start()
        if at < taken or not (token[0][0].isdecimal() or token[0].casefold() in FIRST_WORDS):
            continue
        match = ANY_FORM.match(text, at)
        if match is not None:
            yield match
            taken = match.end()


def _is_ahead(text: str, at: int, words: str) -> bool:
    """Whether a day or month is said to be to come: not in "said on Tuesday" or "Tuesday's"."""
    near = text[max(0, at - _NEAR) : at]
    if IS_AHEAD.search(near) is None or _IS_PAST.search(near) is not None:
        return False
    return text[at + len(words) : at + len(words) + 2] not in ("'s", "’s")


def _is_time(text: str, match: re.Match[str], form: str, *, alone: bool) -> bool:
    """Whether words in a sentence are a time: not "may", "spring", or "1900 people"."""
    words, before = match[0], text[max(0, match.start() - 12) : match.start()]
    if alone and form != "season":
        return True
    if form == "year":
        return _COUNTED.match(text, match.end()) is None
    if form in ("month", "season") and re.fullmatch(r"[^\W\d_]+\.?", words):
        named = form == "season" or words[0].isupper()
        return named and _BEFORE_MONTH.search(before) is not None
    return True


def _qualified(text: str, start: int, end: int, value: Period) -> FoundValue:
    match = _QUALIFIER.search(text, max(0, start - 20), start)
    if match is None:
        return FoundValue(start, end, value)
    qualifier = _QUALIFIED[match[1].casefold()]
    return FoundValue(match.start(), end, replace(value, qualifier=qualifier))


def _joined(text: str, one: FoundValue, other: FoundValue) -> FoundValue | None:
    """A day with its time of day, or a range from one day to another; None if they are apart."""
    here, there, gap = one.value, other.value, text[one.end : other.start]
    if not isinstance(here, Period) or not isinstance(there, Period) or len(gap) > _LONGEST_GAP:
        return None
    if (here.first is None) != (there.first is None):
        value = _at_a_time(here, there) if _BESIDE.fullmatch(gap) else None
    else:
        value = _range(here, there) if _is_range(text, one.start, gap) else None
    return None if value is None else FoundValue(one.start, other.end, value)


def _at_a_time(one: Period, other: Period) -> Period | None:
    """A day at a time of day, in either order."""
    days, clock = (other, one) if one.first is None else (one, other)
    if clock.minute is None or days.minute is not None:
        return None
    qualifier = one.qualifier if one.qualifier is not Qualifier.EXACT else other.qualifier
    return replace(days, minute=clock.minute, qualifier=qualifier)


def _range(one: Period, other: Period) -> Period | None:
    """The days from one period to another."""
    alike = one.yearless == other.yearless and other.qualifier is Qualifier.EXACT
    if one.first is None or other.last is None or one.minute is not None or not alike:
        return None
    if one.first > other.last:
        return None
    return Period(first=one.first, last=other.last, yearless=one.yearless)


def _is_range(text: str, start: int, gap: str) -> bool:
    """Whether the words before two days, and between them, make a range of them."""
    before = text[max(0, start - _NEAR) : start]
    if _BETWEEN.fullmatch(gap) is None:
        return False
    if gap.strip(" ,") == "and":
        return before.casefold().endswith("between ")
    return not (text.startswith("from ", start) and _MOVED.search(before))
