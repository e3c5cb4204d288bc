"""Finds the vertical rules of a page: drawn lines between columns or between cells of a table."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pypdfium2
from pypdfium2 import raw

_MOST_OBJECTS = 5_000
"""How many objects of a page are searched. A page with large tables has a thousand."""
_WIDEST = 3.0
"""A rule is at most this wide, in points."""
_SHORTEST = 8.0
"""A rule is at least this long, in points: about a line of text."""
_SAME = 1.5
"""Rules whose positions differ by less than this many points, and that touch, are one rule."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A vertical line at `across` points from the left, between two distances from the top."""

    across: float
    top: float
    bottom: float


def vertical_rules(page: pypdfium2.PdfPage) -> tuple[Rule, ...]:
    """The vertical rules of a page, from left to right. Rules that touch are joined."""
    found: list[Rule] = []
    height = page.get_height()
    left, low, right, high = (ctypes.c_float() for _ in range(4))
    for number in range(min(raw.FPDFPage_CountObjects(page.raw), _MOST_OBJECTS)):
        drawn = raw.FPDFPage_GetObject(page.raw, number)
        if raw.FPDFPageObj_GetType(drawn) != raw.FPDF_PAGEOBJ_PATH:
            continue
        if not raw.FPDFPageObj_GetBounds(drawn, left, low, right, high):
            continue
        box = (left.value, low.value, right.value, high.value)
        if all(map(math.isfinite, box)) and right.value - left.value <= _WIDEST:
            middle = (left.value + right.value) / 2
            found.append(Rule(middle, height - high.value, height - low.value))
    return tuple(rule for rule in _joined(found) if rule.bottom - rule.top >= _SHORTEST)


def _joined(rules: Iterable[Rule]) -> Iterator[Rule]:
    """The rules from left to right, with those joined that touch and have the same position."""
    at = -math.inf
    same: list[Rule] = []
    for rule in sorted(rules, key=lambda rule: rule.across):
        if rule.across - at > _SAME:
            yield from _joined_down(same)
            same = []
            at = rule.across
        same.append(rule)
    yield from _joined_down(same)


def _joined_down(rules: Iterable[Rule]) -> Iterator[Rule]:
    """Rules at one position from top to bottom, with those joined that touch."""
    joined: Rule | None = None
    for rule in sorted(rules, key=lambda rule: rule.top):
        if joined is not None and rule.top - joined.bottom <= _SAME:
            joined = Rule(joined.across, joined.top, max(joined.bottom, rule.bottom))
            continue
        if joined is not None:
            yield joined
        joined = rule
    if joined is not None:
        yield joined
