"""Finds days, periods and times of day in a text, relative to the day of its article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from pullquote.english.values.models import FoundValue, Period, Qualifier
from pullquote.english.values.period_forms import period_of
from pullquote.english.values.time_words import ANY_FORM, FIRST_WORDS, IS_AHEAD

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
