"""Whether a file writes 9 March 2026 as 03/09/2026, as American papers do.

The evidence is in the file itself: its other dates, and the language that it declares.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from typing import TypeVar

_SEARCHED = 1 << 20
"""How many bytes at the beginning of a file are searched for evidence."""

_MONTHS = 12
_NUMERIC = re.compile(
    rb"(?<![0-9/.-])(?P<first>[0-9]{1,2})(?P<sep>[-/])(?P<second>[0-9]{1,2})(?P=sep)"
    rb"(?P<year>(?:19|20)[0-9]{2})(?![0-9/-])"
)
_ISO = re.compile(rb"(?<![0-9-])(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}(?![0-9-])")
_AMERICAN = re.compile(
    rb"(?i)\b(?:lang|language|inLanguage)[\"']?\s{0,9}[:=]\s{0,9}[\"']?en[-_]us\b"
    rb"|(?:og:locale|content-language)[\"']\s{1,9}content=[\"']en[-_]us\b"
)
_MONTH_FIRST: ContextVar[bool] = ContextVar("month_first", default=False)
_Item = TypeVar("_Item")


def is_month_first() -> bool:
    """Whether the file that is being parsed puts the month before the day."""
    return _MONTH_FIRST.get()


def has_month_first(content: bytes) -> bool:
    """Whether a file puts the month before the day in dates such as 03/09/2026.

    Dates that can be read in only one way decide, and so do dates that the file also writes as
    2026-03-09. If there are none, or they disagree, only a file in American English does.
    """
    content = content[:_SEARCHED]
    numeric = {
        (int(one["first"]), int(one["second"]), one["year"]) for one in _NUMERIC.finditer(content)
    }
    stated = set(_ISO.findall(content)) if numeric else set()
    month_first = {one for one in numeric if _can_only_be(one[0], one[1], one[2], stated)}
    day_first = {one for one in numeric if _can_only_be(one[1], one[0], one[2], stated)}
    if bool(month_first) != bool(day_first):
        return bool(month_first)
    return not day_first and _AMERICAN.search(content) is not None


def read_in_order(parse: Callable[[], Iterable[_Item]], *, month_first: bool) -> Iterator[_Item]:
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


def _can_only_be(month: int, day: int, year: bytes, stated: set[bytes]) -> bool:
    """Whether two numbers of a date are a month and a day in this order, and not the other."""
    if month > _MONTHS or month == day:
        return False
    if day > _MONTHS:
        return True
    this, other = (b"%s-%02d-%02d" % (year, *pair) for pair in ((month, day), (day, month)))
    return this in stated and other not in stated
