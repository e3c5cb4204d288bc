"""Joins the lines of a page into columns: lines below each other, with nothing between them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from statistics import median

from pullquote.parsing.pdf.layout.text_runs import TextRun

_FARTHEST = 2.5
"""A line this many line heights below a column begins another column."""
_BESIDE = 0.3
"""Two lines are beside each other if they overlap by more than this many line heights."""
_SAME_HEIGHT = 0.13
"""Lines of one text differ in height by less than this share."""
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
    same = abs(one.height - height) <= _SAME_HEIGHT * height
    return same and one.bottom <= other.top + _BESIDE * other.height


def _is_beside(one: TextRun, other: TextRun) -> bool:
    """Whether two lines overlap vertically."""
    slack = _BESIDE * min(one.height, other.height)
    return min(one.bottom, other.bottom) - max(one.top, other.top) > slack
