"""Finds the rules of a page: lines that are drawn between columns or between cells of a table."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pypdfium2
from pypdfium2 import raw

_MOST_OBJECTS = 5_000
"""How many objects of a page are searched. A page with large tables has a thousand."""
_THICKEST = 3.0
"""A rule is at most this thick, in points."""
_SHORTEST = 8.0
"""A rule is at least this long, in points: about a line of text."""
_SAME = 1.5
"""Rules whose positions differ by less than this many points, and that touch, are one rule."""
IN_GRID = 3
"""A vertical rule of a table meets at least this many horizontal rules."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line, in points from the left and the top of the page.

    A vertical rule is `at` a distance from the left, from `start` down to `end`. A horizontal rule
    is `at` a distance from the top, from `start` on the left to `end`.
    """

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class PageRules:
    """The vertical rules of a page from left to right, and its horizontal ones from the top."""

    vertical: tuple[Rule, ...] = ()
    horizontal: tuple[Rule, ...] = ()


NO_RULES = PageRules()


def rules_of(page: pypdfium2.PdfPage) -> PageRules:
    """The rules of a page. Rules that touch, as those beside the cells of a table do, are one."""
    vertical, horizontal = list[Rule](), list[Rule]()
    height = page.get_height()
    left, low, right, high = (ctypes.c_float() for _ in range(4))
    for number in range(min(raw.FPDFPage_CountObjects(page.raw), _MOST_OBJECTS)):
        drawn = raw.FPDFPage_GetObject(page.raw, number)
        if raw.FPDFPageObj_GetType(drawn) != raw.FPDF_PAGEOBJ_PATH:
            continue
        if not raw.FPDFPageObj_GetBounds(drawn, left, low, right, high):
            continue
        across, down = (left.value, right.value), (height - high.value, height - low.value)
        if not all(map(math.isfinite, (*across, *down))):
            continue
        if across[1] - across[0] <= _THICKEST:
            vertical.append(Rule(sum(across) / 2, *down))
        elif down[1] - down[0] <= _THICKEST:
            horizontal.append(Rule(sum(down) / 2, *across))
    return PageRules(tuple(_joined(vertical)), tuple(_joined(horizontal)))


def _joined(rules: Iterable[Rule]) -> Iterator[Rule]:
    """Rules in one direction, with those joined that touch and have the same position."""
    at = -math.inf
    same: list[Rule] = []
    for rule in sorted(rules, key=lambda rule: rule.at):
        if rule.at - at > _SAME:
            yield from _joined_along(same)
            same = []
            at = rule.at
        same.append(rule)
    yield from _joined_along(same)


def _joined_along(rules: Iterable[Rule]) -> Iterator[Rule]:
    """Rules at one position, with those joined that touch, without those that are too short."""
    joined: list[Rule] = []
    for rule in sorted(rules, key=lambda rule: rule.start):
        if joined and rule.start - joined[-1].end <= _SAME:
            last = joined.pop()
            joined.append(Rule(last.at, last.start, max(last.end, rule.end)))
        else:
            joined.append(rule)
    yield from (rule for rule in joined if rule.end - rule.start >= _SHORTEST)
