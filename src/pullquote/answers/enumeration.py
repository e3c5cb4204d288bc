"""Finds the items of an enumeration in the words of a span: "A, B and C"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pullquote.reader.spans import tidy

LONGEST_ITEM = 12
"""In words. A longer part between two commas is a clause, not an item."""

_JOINED = r"(?:and|or|as well as|plus)"
_COMMA = re.compile(rf"\s*[,;]\s+(?:{_JOINED}\s+)?")
_JOINT = re.compile(rf"\s+{_JOINED}\s+")
_SEPARATOR = re.compile(f"{_COMMA.pattern}|{_JOINT.pattern}")
_AGE = re.compile(r"(?:aged )?\d{1,3}(?: years old)?")
_YEAR = re.compile(r"\d{4}\b")
_BRACKETS = frozenset("()[]{}")


def items(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The items of the enumeration in a range, in order; the whole range if it is not one.

    An enumeration has a comma and a conjunction, or several commas: "Marks and Spencer" and
    "Portland, Oregon" have one item. An age after a comma belongs to the name before it.
    """
    words = text[start:end]
    commas, joints = len(_COMMA.findall(words)), len(_JOINT.findall(words))
    if commas + joints < 2 or not commas or not _BRACKETS.isdisjoint(words):
        return [(start, end)]
    parts = [part for part in _parts(text, start, end) if not _AGE.fullmatch(text[slice(*part)])]
    tidied = [tidy(text, *part) for part in parts]
    found = [one for one in tidied if one is not None and not _YEAR.match(text, one[0])]
    short = all(len(text[left:right].split()) <= LONGEST_ITEM for left, right in found)
    return found if len(parts) == len(found) > 1 and short else [(start, end)]


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    left = start
    for separator in _SEPARATOR.finditer(text, start, end):
        if separator.start() > left:
            yield left, separator.start()
        left = separator.end()
    if left < end:
        yield left, end
