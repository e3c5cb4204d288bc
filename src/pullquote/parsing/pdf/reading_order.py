"""Groups the text runs of a page into columns, in reading order.

A page is split along its white space. From the top, rows are added to a band as long as they share
a gutter with it. A band is read column by column. A row that crosses all gutters of the band, as a
headline does, begins the next band.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from pullquote.parsing.pdf.text_runs import TextRun, join_runs

_GUTTER = 0.7
"""Smallest width of a gutter, in line heights. Newspapers leave 9 to 12 points between columns of
9-point type. A space between words may be stretched that wide, but the next line crosses it."""
_NARROWEST_GUTTER = 3.0
"""Smallest width of a gutter, in points. This also limits the number of gutters on a page."""
_NARROWEST_COLUMN = 5.0
"""Smallest width of a column, in line heights. Narrower strips are bullets, numbers or prices."""
_SHORTEST_LINE = 14
"""In a column of text, the median run has at least this many characters. In tables it has fewer."""
_DEEPEST = 6
"""How deep columns may be nested. Real pages have up to three levels."""
_ROW = 0.3
"""Two runs are beside each other if they overlap by this share of their height. Tightly set lines
of one column overlap by up to a fifth."""
_LINE = 0.6
"""Two runs are on the same line if they overlap by this share of their height."""


TextColumn = list[TextRun]
"""The lines of a column from top to bottom; never empty."""


@dataclass(frozen=True, slots=True)
class _Extent:
    """A horizontal range in points."""

    left: float
    right: float


def order_columns(runs: Sequence[TextRun]) -> list[TextColumn]:
    """The columns of a page in reading order, grouped by the rotation of the text.

    The rotation with the most text comes first.
    """
    turns = sorted({run.turn for run in runs}, key=lambda turn: _weight(runs, turn), reverse=True)
    columns: list[TextColumn] = []
    for turn in turns:
        for part in _columns([run for run in runs if run.turn == turn], depth=0):
            lines = [_line(row) for row in _rows(part, shared=_LINE)]
            if columns and _continues_column(columns[-1], lines):
                columns[-1] += lines
            else:
                columns.append(lines)
    return columns


def _weight(runs: Iterable[TextRun], turn: int) -> int:
    return sum(len(run.text) for run in runs if run.turn == turn)


def _columns(runs: Sequence[TextRun], *, depth: int) -> Iterator[Sequence[TextRun]]:
    """The columns of an area of a page."""
    for band in _bands(list(_rows(runs, shared=_ROW))):
        gutters = band.gutters if depth < _DEEPEST else []
        parts = list(_split(band.runs, gutters))
        if len(parts) < 2 or _is_table(parts):
            yield band.runs
        else:
            for part in parts:
                yield from _columns(part, depth=depth + 1)


def _rows(runs: Iterable[TextRun], *, shared: float) -> Iterator[list[TextRun]]:
    """The rows of an area, from top to bottom. A row contains runs that are beside each other.

    Two runs are in the same row if they overlap by at least `shared` times the smaller of their
    heights.
    """
    row: list[TextRun] = []
    bottom = 0.0
    for run in sorted(runs, key=lambda run: (run.middle, run.left)):
        if row and bottom - run.top < shared * min(run.height, row[-1].height):
            yield row
            row = []
        bottom = max(bottom, run.bottom) if row else run.bottom
        row.append(run)
    if row:
        yield row


class _Band:
    """Rows with the same gutters, and the horizontal ranges that the rows cover."""

    def __init__(self, row: Sequence[TextRun]) -> None:
        self.runs = list(row)
        self.width = _gutter_of(row)
        self.covered = _covered(row, gap=self.width)
        self.gutters = _gaps_between(self.covered)

    def add_row(self, row: Sequence[TextRun]) -> bool:
        """Add a row if it shares a gutter with the band, or if neither has a gutter.

        Returns whether the row was added.
        """
        below = _Band(row)
        width = max(self.width, below.width)
        covered = _merged([*self.covered, *below.covered], gap=width)
        gaps = _gaps_between(covered)
        # A gap counts only if some row has a gutter there. The space beside a short last line does
        # not count.
        gutters = [g for g in gaps if any(_touch(g, o) for o in (*self.gutters, *below.gutters))]
        if not gutters and (self.gutters or below.gutters):
            return False
        self.runs += row
        self.width, self.covered, self.gutters = width, covered, gutters
        return True


def _bands(rows: Sequence[Sequence[TextRun]]) -> Iterator[_Band]:
    """The bands of an area of a page, from top to bottom."""
    band: _Band | None = None
    for row in rows:
        if band is None or not band.add_row(row):
            if band is not None:
                yield band
            band = _Band(row)
    if band is not None:
        yield band


def _gutter_of(row: Sequence[TextRun]) -> float:
    """The smallest width, in points, of a gutter between these runs."""
    return max(_NARROWEST_GUTTER, _GUTTER * median(run.height for run in row))


def _covered(row: Iterable[TextRun], *, gap: float) -> list[_Extent]:
    return _merged((_Extent(run.left, run.right) for run in row), gap=gap)


def _merged(extents: Iterable[_Extent], *, gap: float) -> list[_Extent]:
    """The extents from left to right. Extents that are closer together than `gap` are merged."""
    merged: list[_Extent] = []
    for extent in sorted(extents, key=lambda extent: extent.left):
        if merged and extent.left - merged[-1].right < gap:
            merged[-1] = _Extent(merged[-1].left, max(merged[-1].right, extent.right))
        else:
            merged.append(extent)
    return merged


def _gaps_between(covered: Sequence[_Extent]) -> list[_Extent]:
    """The gaps between the covered ranges."""
    return [_Extent(left.right, right.left) for left, right in pairwise(covered)]


def _touch(one: _Extent, other: _Extent) -> bool:
    return one.left < other.right and other.left < one.right


def _split(runs: Sequence[TextRun], gutters: Sequence[_Extent]) -> Iterator[list[TextRun]]:
    """The runs between gutters, from left to right. A narrow strip is added to its neighbour."""
    left = sorted(runs, key=lambda run: run.left)
    part: list[TextRun] = []
    at = 0
    for gutter in gutters:
        while at < len(left) and left[at].left < gutter.right - 0.01:
            part.append(left[at])
            at += 1
        if part and _is_wide(part) and at < len(left) and _is_wide(left[at:]):
            yield part
            part = []
    if part or at < len(left):
        yield part + left[at:]


def _is_wide(part: Sequence[TextRun]) -> bool:
    """Whether a strip is wide enough for a column of text."""
    width = max(run.right for run in part) - min(run.left for run in part)
    return width >= _NARROWEST_COLUMN * median(run.height for run in part)


def _is_table(parts: Sequence[Sequence[TextRun]]) -> bool:
    """Whether the columns are the cells of a table, which is read row by row."""
    return sum(map(len, parts)) > len(parts) and all(
        median(len(run.text) for run in part) < _SHORTEST_LINE for part in parts
    )


def _line(row: Sequence[TextRun]) -> TextRun:
    """The runs of a row as one line, which has the height of the run with the most letters."""
    from_right = sum(run.is_right_to_left for run in row) * 2 > len(row)
    ordered = sorted(row, key=lambda run: run.left, reverse=from_right)
    return replace(join_runs(ordered), height=max(row, key=lambda run: len(run.text)).height)


def _continues_column(column: TextColumn, below: TextColumn) -> bool:
    """Whether lines continue a column that was split because of a gap in one of its lines."""
    slack = 1.5 * max(column[-1].height, below[0].height)
    left = min(line.left for line in column) - min(line.left for line in below)
    right = max(line.right for line in column) - max(line.right for line in below)
    under = -slack / 3 < below[0].top - column[-1].bottom < slack
    return under and abs(left) < slack and abs(right) < slack
