"""Groups the text runs of a page into rows: the words that a reader sees at one height."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from pullquote.parsing.pdf.layout.text_runs import TextRun

_SHARED = 0.5
"""A run belongs to a row if this share of the smaller height overlaps the row."""
_OVERPRINTED = 0.5
"""A run is not beside another one if they overlap by this many line heights."""
_LOOKED_AT = 4
"""How many rows above are compared with a run. Columns with different baselines make rows of the
one column lie between those of the other."""
_COMPARED = 100
"""How many runs of a row are compared with another run, so that long rows are read in time."""
_USUAL_SPACE = 0.25
"""Width of a space in line heights, if a page has none to measure."""


@dataclass(frozen=True, slots=True)
class Extent:
    """A horizontal range in points."""

    left: float
    right: float

    @property
    def width(self) -> float:
        """The width in points."""
        return self.right - self.left

    @property
    def middle(self) -> float:
        """The position half-way between left and right."""
        return (self.left + self.right) / 2


class Row:
    """Runs that are beside each other, never empty."""

    def __init__(self, run: TextRun) -> None:
        self.runs = [run]
        self._main = run

    @property
    def top(self) -> float:
        """The top of the longest run."""
        return self._main.top

    @property
    def bottom(self) -> float:
        """The bottom of the longest run."""
        return self._main.bottom

    @property
    def height(self) -> float:
        """The line height of the longest run."""
        return self._main.height

    def add(self, run: TextRun) -> None:
        """Add a run."""
        self.runs.append(run)
        if len(run.text) > len(self._main.text):
            self._main = run

    def shares(self, run: TextRun) -> float:
        """The share of the smaller height that a run has in common with this row."""
        common = min(self.bottom, run.bottom) - max(self.top, run.top)
        return common / max(min(self.bottom - self.top, run.bottom - run.top), 1e-6)

    def has_room(self, run: TextRun) -> bool:
        """Whether no run of the row is at the place of this run."""
        slack = _OVERPRINTED * run.height
        return all(
            run.right - slack < other.left or other.right < run.left + slack
            for other in self.runs[-_COMPARED:]
        )

    def words(self) -> list[TextRun]:
        """The words from left to right."""
        return sorted(
            (word for run in self.runs for word in run.words or (run,)), key=lambda word: word.left
        )


def rows_of(runs: Iterable[TextRun]) -> list[Row]:
    """The rows of a page, from top to bottom."""
    rows: list[Row] = []
    for run in sorted(runs, key=lambda run: (run.middle, run.left)):
        near = [row for row in rows[-_LOOKED_AT:] if row.shares(run) >= _SHARED]
        best = max(near, key=lambda row: row.shares(run), default=None)
        if best is None or not best.has_room(run):
            rows.append(Row(run))
        else:
            best.add(run)
    return sorted(rows, key=lambda row: row.top + row.bottom)


def space_between_words(runs: Sequence[TextRun]) -> float:
    """The median space between two words of a run, as a share of the line height."""
    spaces = [
        (right.left - left.right) / left.height
        for run in runs
        for left, right in pairwise(run.words)
        if right.left > left.right and left.height > 0
    ]
    return median(spaces) if spaces else _USUAL_SPACE
