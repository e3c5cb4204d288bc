"""Puts the lines of a page into columns, in reading order.

1. The words of a page are grouped into rows, and rows are split at gutters (`segments`).
2. A line continues the column of the line above it if each is the other's only neighbour. A
   headline has two columns below it, so it is a column of its own.
3. The columns are ordered by cutting the page along its white space, recursively. From the top,
   columns beside each other are added to a band as long as some vertical cut goes through the band.
   A band is read from left to right, and each part of it is cut again.

If no cut is possible, as in an area whose columns interlock, the order of its columns is doubtful.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from pullquote.parsing.pdf.layout.columns import TextColumn, columns_of
from pullquote.parsing.pdf.layout.rows import Extent
from pullquote.parsing.pdf.layout.rules import NO_RULES, PageRules
from pullquote.parsing.pdf.layout.segments import lines_of
from pullquote.parsing.pdf.layout.text_runs import TextRun

_DEEPEST = 8
"""How deep columns may be nested. Real pages have up to three levels."""
_OVERLAP = 0.3
"""Lines that overlap by this many line heights are still below each other."""
_TOUCHING = 1.0
"""Columns that overlap by this many points are still beside each other."""
_STACKED = 2.5
"""White space of this many line heights between two bands ends all columns."""
_LARGER = 1.15
"""A heading between two bands is this many times as high as the lines of the band above."""
_LONGEST_HEADING = 3
"""Greatest number of lines of such a heading."""


def order_columns(runs: Sequence[TextRun], rules: PageRules = NO_RULES) -> list[TextColumn]:
    """The columns of a page in reading order, grouped by the rotation of the text.

    The rotation with the most text comes first. `rules` are the rules of the page, which
    separate upright text.
    """
    turns = sorted({run.turn for run in runs}, key=lambda turn: _weight(runs, turn), reverse=True)
    return [
        column
        for turn in turns
        for column in _order(
            columns_of(
                lines_of(
                    [run for run in runs if run.turn == turn], rules if turn == 0 else NO_RULES
                )
            ),
            depth=0,
        )
    ]


def _weight(runs: Iterable[TextRun], turn: int) -> int:
    return sum(len(run.text) for run in runs if run.turn == turn)


def _order(columns: Sequence[TextColumn], *, depth: int) -> Iterator[TextColumn]:
    """The columns of an area in reading order."""
    if len(columns) == 1:
        yield from columns
        return
    bands = list(_bands(columns))
    if depth < _DEEPEST and len(bands) > 1:
        for band in bands:
            yield from _order(band.columns, depth=depth + 1)
        return
    parts = bands[0].parts
    if depth == _DEEPEST or len(parts) == 1:
        for column in sorted(columns, key=lambda column: (column.top, column.left)):
            yield replace(column, is_doubtful=True)
        return
    if sum(column.is_right_to_left for column in columns) * 2 > len(columns):
        parts.reverse()
    for part in parts:
        yield from _order(part, depth=depth + 1)


@dataclass(slots=True)
class _Band:
    """Columns of an area, the horizontal ranges that they cover, and the bottom of the lowest."""

    columns: list[TextColumn]
    covered: list[Extent]
    bottom: float

    @property
    def gaps(self) -> list[Extent]:
        """The white strips from the top to the bottom of the band."""
        return [Extent(left.right, right.left) for left, right in pairwise(self.covered)]

    @property
    def parts(self) -> list[list[TextColumn]]:
        """The columns between the white strips, from left to right."""
        parts: list[list[TextColumn]] = []
        right = -math.inf
        for column in sorted(self.columns, key=lambda column: column.left):
            if column.left >= right - _TOUCHING:
                parts.append([])
            parts[-1].append(column)
            right = max(right, column.right)
        return parts

    def add(self, below: _Band) -> bool:
        """Add a band below if a white strip goes through both.

        Returns whether the band was added. The white space beside a narrow column is no strip.
        """
        covered = _merged([*self.covered, *below.covered])
        own = [*self.gaps, *below.gaps]
        gaps = [Extent(left.right, right.left) for left, right in pairwise(covered)]
        if not any(_touch(gap, other) for gap in gaps for other in own):
            return False
        if self._is_ended_by(below):
            return False
        self.columns += below.columns
        self.covered, self.bottom = covered, max(self.bottom, below.bottom)
        return True

    def _is_ended_by(self, below: _Band) -> bool:
        """Whether a band begins another part of the page, although a white strip goes through."""
        if len(self.covered) == 1:
            return False
        height = median(column.height for column in self.columns)
        if len(below.covered) == 1:
            heading = below.columns[0]
            return (
                len(below.columns) == 1
                and len(heading.lines) <= _LONGEST_HEADING
                and (heading.height > _LARGER * height)
            )
        return min(c.top for c in below.columns) - self.bottom > _STACKED * height


def _bands(columns: Sequence[TextColumn]) -> Iterator[_Band]:
    """The bands of an area of a page, from top to bottom."""
    band: _Band | None = None
    for rows in _stacked(columns):
        below = _Band(
            rows,
            _merged(Extent(column.left, column.right) for column in rows),
            max(column.bottom for column in rows),
        )
        if band is not None and band.add(below):
            continue
        if band is not None:
            yield band
        band = below
    if band is not None:
        yield band


def _stacked(columns: Sequence[TextColumn]) -> Iterator[list[TextColumn]]:
    """The columns, cut along the horizontal white space."""
    part: list[TextColumn] = []
    bottom = 0.0
    for column in sorted(columns, key=lambda column: column.top):
        if part and column.top > bottom - _OVERLAP * column.height:
            yield part
            part = []
        bottom = max(bottom, column.bottom) if part else column.bottom
        part.append(column)
    yield part


def _merged(extents: Iterable[Extent]) -> list[Extent]:
    """The ranges from left to right. Ranges that overlap are merged."""
    merged: list[Extent] = []
    for extent in sorted(extents, key=lambda extent: extent.left):
        if merged and extent.left < merged[-1].right - _TOUCHING:
            merged[-1] = Extent(merged[-1].left, max(merged[-1].right, extent.right))
        else:
            merged.append(extent)
    return merged


def _touch(one: Extent, other: Extent) -> bool:
    return one.left < other.right and other.left < one.right
