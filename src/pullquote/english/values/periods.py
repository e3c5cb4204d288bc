"""Finds days, periods and times of day in a text, relative to the day of its article."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from pullquote.base.dates.date_lines import parse_moment
from pullquote.english.values.calendar import (
    ANY_FORM,
    EACH_FORM,
    FIRST_WORDS,
    IS_AHEAD,
    MONTH_NUMBERS,
    WEEKDAYS,
    Days,
    later,
    month_days,
    months_days,
    part_of_days,
    season_days,
    unit_days,
    week_days,
    year_days,
    yearly,
)
from pullquote.english.values.models import YEARLESS, FoundValue, Period, Qualifier
from pullquote.english.values.numbers import number_of
from pullquote.schema import day_of

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
        value = period_of(form, match[0], day=day, ahead=ahead)
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
