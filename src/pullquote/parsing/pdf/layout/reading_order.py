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
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from statistics import median

from pullquote.parsing.pdf.layout.rows import Extent
from pullquote.parsing.pdf.layout.segments import lines_of
from pullquote.parsing.pdf.layout.text_runs import NO_RULES, SAME_HEIGHT, PageRules, TextRun

_FARTHEST = 2.5
"""A line this many line heights below a column begins another column."""
_BESIDE = 0.3
"""Two lines are beside each other if they overlap by more than this many line heights."""
_SLACK = 0.5
"""By how many points lines may touch and still be in columns beside each other."""


@dataclass(frozen=True)
class TextColumn:
    """Lines from top to bottom, never empty.

    If `is_doubtful`, the page could be read in another order, in which other text comes before this
    column.
    """

    lines: tuple[TextRun, ...]
    is_doubtful: bool = False

    @cached_property
    def left(self) -> float:
        """The left edge of the widest lines."""
        return min(line.left for line in self.lines)

    @cached_property
    def right(self) -> float:
        """The right edge of the widest lines."""
        return max(line.right for line in self.lines)

    @cached_property
    def top(self) -> float:
        """The top of the first line."""
        return min(line.top for line in self.lines)

    @cached_property
    def bottom(self) -> float:
        """The bottom of the last line."""
        return max(line.bottom for line in self.lines)

    @cached_property
    def height(self) -> float:
        """The height of most lines."""
        return median(line.height for line in self.lines)

    @property
    def is_right_to_left(self) -> bool:
        """Whether most lines are in a script such as Arabic or Hebrew."""
        return sum(line.is_right_to_left for line in self.lines) * 2 > len(self.lines)


@dataclass(frozen=True, slots=True)
class _Visible:
    """The part of a line, in points, that is seen from below."""

    left: float
    right: float
    line: TextRun


def columns_of(lines: Iterable[TextRun]) -> list[TextColumn]:
    """The columns of a page. The lines are ordered by their height on the page."""
    found = _Columns()
    for line in lines:
        found.add(line)
    return [TextColumn(tuple(column)) for column in found.columns]


class _Columns:
    """The columns of the lines so far.

    A line is added to the column that it sees above itself. If it sees several columns beside each
    other, it begins a column. If it sees a line of a column that goes on beside it, as the second
    of two columns sees the headline above both, the other column is cut off below that line.
    """

    def __init__(self) -> None:
        self.columns: list[list[TextRun]] = []
        self._column_of: dict[int, list[TextRun]] = {}
        self._skyline: list[_Visible] = []
        self._ended: set[int] = set()

    def add(self, line: TextRun) -> None:
        """Add a line below all others."""
        low = bisect_left(self._skyline, line.left + _SLACK, key=lambda part: part.right)
        high = bisect_left(self._skyline, line.right - _SLACK, low, key=lambda part: part.left)
        seen = self._skyline[low:high]
        column = self._continued(line, seen)
        if column is None:
            column = []
            self.columns.append(column)
        column.append(line)
        self._column_of[id(line)] = column
        self._skyline[low:high] = _covered(seen, line)

    def _continued(self, line: TextRun, seen: Sequence[_Visible]) -> list[TextRun] | None:
        """The column to which a line is added, or None if it begins a column."""
        if not seen:
            return None
        above = max((part.line for part in seen), key=lambda other: other.bottom)
        column = self._column_of[id(above)]
        if id(above) in self._ended or any(
            self._column_of[id(part.line)] is not column
            and _are_apart(part.line, above)
            and part.line.bottom > column[0].top + _BESIDE * column[0].height
            for part in seen
        ):
            return None
        if above is not column[-1] and _is_beside(line, column[-1]):
            self._cut(column, above, line)
            return None
        far = line.top - above.bottom > _FARTHEST * max(line.height, above.height)
        return None if far else column

    def _cut(self, column: list[TextRun], last: TextRun, beside: TextRun) -> None:
        """End a column below a line; the lines below it become a column.

        The column ends further down if short lines of its size follow above the line `beside`, such
        as the last line of a headline.
        """
        at = len(column)
        while column[at - 1] is not last:
            at -= 1
        while at < len(column) and _is_above(column[at], beside, height=last.height):
            at += 1
        rest = column[at:]
        del column[at:]
        self._ended |= {id(last), id(column[-1])}
        if rest:
            self.columns.append(rest)
            self._column_of.update((id(line), rest) for line in rest)


def _covered(seen: Sequence[_Visible], line: TextRun) -> Iterator[_Visible]:
    """What is seen from below after a line was added."""
    if seen and seen[0].left < line.left:
        yield replace(seen[0], right=line.left)
    yield _Visible(line.left, max(line.right, line.left + _SLACK), line)
    if seen and seen[-1].right > line.right:
        yield replace(seen[-1], left=line.right)


def _are_apart(one: TextRun, other: TextRun) -> bool:
    """Whether two lines have no horizontal position in common."""
    return one.right < other.left + _SLACK or other.right < one.left + _SLACK


def _is_above(one: TextRun, other: TextRun, *, height: float) -> bool:
    """Whether a line is above another one, and has this height."""
    same = abs(one.height - height) <= SAME_HEIGHT * height
    return same and one.bottom <= other.top + _BESIDE * other.height


def _is_beside(one: TextRun, other: TextRun) -> bool:
    slack = _BESIDE * min(one.height, other.height)
    return min(one.bottom, other.bottom) - max(one.top, other.top) > slack


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
