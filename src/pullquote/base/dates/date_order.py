"""Whether a file writes 9 March 2026 as 03/09/2026, as American papers do.

The evidence is in the file itself: its other dates; else the country of its address. American
English alone is none: programs that publish pages declare it unless somebody changes it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from datetime import date
from typing import TypeVar

from pullquote.base.dates.day_text import MONTHS

_SEARCHED = 1 << 20
"""How many bytes at the beginning of a file are searched for evidence."""

_NUMERIC = re.compile(
    rb"(?<![0-9/.-])(?P<first>[0-9]{1,2})(?P<sep>[-/])(?P<second>[0-9]{1,2})(?P=sep)"
    rb"(?P<year>(?:19|20)[0-9]{2})(?![0-9/-])"
)
_ISO = re.compile(rb"(?<![0-9-])(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}(?![0-9-])")
_MONTHS_NAMED = [month[:3].lower().encode() for month in MONTHS]
_MONTH = rb"(%s)[a-z]{0,6}\.?" % b"|".join(_MONTHS_NAMED)
_DAY = rb"([0-9]{1,2})(?:st|nd|rd|th)?"
_YEAR = rb"((?:19|20)[0-9]{2})\b"
_NAMED_LAST = re.compile(rb"(?i)(?<![0-9])%s\s{1,3}%s,?\s{1,3}%s" % (_DAY, _MONTH, _YEAR))
_NAMED_FIRST = re.compile(rb"(?i)\b%s\s{1,3}%s,?\s{1,3}%s" % (_MONTH, _DAY, _YEAR))
_AMERICAN = re.compile(
    rb"(?i)\b(?:lang|language|inLanguage)[\"']?\s{0,9}[:=]\s{0,9}[\"']?en[-_]us\b"
    rb"|(?:og:locale|content-language)[\"']\s{1,9}content=[\"']en[-_]us\b"
)
_HOST = rb"https?://[a-z0-9.-]{1,253}\.([a-z]{2,24})\b"
_ADDRESS = re.compile(
    rb"(?i)(?:canonical|og:url)[\"']?[^<>]{0,40}?%s" % _HOST
    + rb"|\burl[\"']?\s{0,9}[:=]\s{0,9}[\"']?%s" % _HOST
    + rb"|%s[^<>]{0,200}?(?:canonical|og:url)\b" % _HOST
)
"""Where a file states its own address, with the last label of its host."""
_AMERICAN_HOSTS = frozenset((b"us", b"gov", b"edu", b"mil"))
_OF_NO_COUNTRY = frozenset(b"ai ca cc co fm gg io la ly me ph sh to tv vc ws".split())
"""Labels of two letters that sites anywhere use, or of countries that have both orders."""
_MONTH_FIRST: ContextVar[bool | None] = ContextVar("month_first", default=False)
_Item = TypeVar("_Item")


def is_month_first() -> bool | None:
    """Whether the file that is being parsed puts the month before the day; None if in doubt."""
    return _MONTH_FIRST.get()


def has_month_first(content: bytes) -> bool | None:
    """Whether a file puts the month before the day in dates such as 03/09/2026; None if in doubt.

    Dates that can be read in only one way decide, and so do dates that the file also writes as
    2026-03-09 or as 9 March 2026. If there are none, the day comes first. But a file in American
    English is in doubt, unless the country of its address decides.
    """
    content = content[:_SEARCHED]
    numeric = _numeric(content)
    stated = set(_stated(content)) if numeric else set()
    month_first = {one for one in numeric if _can_only_be(one[0], one[1], one[2], stated)}
    day_first = {one for one in numeric if _can_only_be(one[1], one[0], one[2], stated)}
    if month_first or day_first:
        return not day_first
    if _AMERICAN.search(content) is None:
        return False
    address = _ADDRESS.search(content)
    label = b"" if address is None else address[address.lastindex or 0].lower()
    if label in _AMERICAN_HOSTS:
        return True
    return False if len(label) == 2 and label not in _OF_NO_COUNTRY else None


def in_order_of_file(day: date, content: bytes) -> date | None:
    """A day that was read with the day first, in the order of its file; None if that is in doubt.

    Only a day that the file writes in numbers is concerned.
    """
    as_read = (day.day, day.month, b"%d" % day.year)
    if is_month_first() is False or day.day > len(MONTHS) or as_read not in _numeric(content):
        return day
    return None if is_month_first() is None else date(day.year, day.day, day.month)


def read_in_order(
    parse: Callable[[], Iterable[_Item]], *, month_first: bool | None
) -> Iterator[_Item]:
    """The items of a parser, which reads dates in the given order while it runs."""
    left: Iterator[_Item] | None = None
    while True:
        before = _MONTH_FIRST.set(month_first)
        try:
            left = iter(parse()) if left is None else left
            item = next(left)
        except StopIteration:
            return
        finally:
            _MONTH_FIRST.reset(before)
        yield item


def _numeric(content: bytes) -> set[tuple[int, int, bytes]]:
    """The dates such as 03/09/2026 at the beginning of a file, each as two numbers and a year."""
    found = _NUMERIC.finditer(content[:_SEARCHED])
    return {(int(one["first"]), int(one["second"]), one["year"]) for one in found}


def _stated(content: bytes) -> Iterator[bytes]:
    """The days that a file writes in a form that can be read in only one way, as 2026-03-09."""
    yield from _ISO.findall(content)
    named = [(name, day, year) for day, name, year in _NAMED_LAST.findall(content)]
    for name, day, year in named + _NAMED_FIRST.findall(content):
        month = _MONTHS_NAMED.index(name.lower()) + 1
        yield b"%s-%02d-%02d" % (year, month, int(day))


def _can_only_be(month: int, day: int, year: bytes, stated: set[bytes]) -> bool:
    """Whether two numbers of a date are a month and a day in this order, and not the other."""
    if month > len(MONTHS) or month == day:
        return False
    if day > len(MONTHS):
        return True
    this, other = (b"%s-%02d-%02d" % (year, *pair) for pair in ((month, day), (day, month)))
    return this in stated and other not in stated
