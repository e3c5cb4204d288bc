"""Finds the items of an enumeration in the words around a span: "A, B and C"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pullquote.reader.spans import tidy

LONGEST_ITEM = 12
"""In words. A longer part between two commas is a clause, not an item."""

_JOINED = r"(?:and|or|as well as|plus)"
_SEPARATOR = re.compile(rf"\s*[,;]\s*(?:{_JOINED}\s+)?|\s+{_JOINED}\s+")
_AGE = re.compile(r"(?:aged )?\d{1,3}(?: years old)?")


def items(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The items of the enumeration in a range, in order; the whole range if it is not one.

    An age after a comma belongs to the name before it, so it is not an item.
    """
    parts = [
        tidied
        for left, right in _parts(text, start, end)
        if not _AGE.fullmatch(text[left:right]) and (tidied := tidy(text, left, right)) is not None
    ]
    short = all(len(text[left:right].split()) <= LONGEST_ITEM for left, right in parts)
    return parts if len(parts) > 1 and short else [(start, end)]


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    left = start
    for separator in _SEPARATOR.finditer(text, start, end):
        if separator.start() > left:
            yield left, separator.start()
        left = separator.end()
    if left < end:
        yield left, end
