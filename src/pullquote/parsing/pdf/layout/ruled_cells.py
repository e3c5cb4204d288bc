"""Reads tables whose cells are drawn: each cell has rules on its four sides.

The rules show which words are in one cell, however many lines it has, and whether it goes along
several rows. Cells that begin at one height are a row. A cell beside several rows is in the first
of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from pullquote.parsing.pdf.layout.rows import rows_of
from pullquote.parsing.pdf.layout.rules import IN_GRID, PageRules, Rule
from pullquote.parsing.pdf.layout.tables import RowPart, are_rows
from pullquote.parsing.pdf.layout.text_runs import TextRun, join_runs

_SLACK = 3.0
"""By how many points rules that should meet may be apart. Double lines are that thick."""
_MOST_LINES = 6
"""A cell has at most this many lines. More lines may be the rows of a table in a frame."""
_LONGEST_LINE = 60
"""A line of a cell has at most this many characters."""
_MOST_COMPARED = 2_000_000
"""How often words and rules of a page are compared with rules, so that any page is read in time."""


@dataclass(frozen=True, slots=True)
class _Cell:
    """The place of a cell, in points."""

    left: float
    right: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class RuledTables:
    """The rows of the tables of a page, and the words in them."""

    rows: tuple[TextRun, ...] = ()
    words: frozenset[TextRun] = frozenset()

    def without(self, part: RowPart) -> RowPart | None:
        """A part without the words of tables, or None if it has no others."""
        cells = [cell for cell in map(self._rest, part.cells) if cell is not None]
        return replace(part, cells=cells) if cells else None

    def _rest(self, cell: TextRun) -> TextRun | None:
        words = cell.words or (cell,)
        rest = [word for word in words if word not in self.words]
        return cell if len(rest) == len(words) else join_runs(rest) if rest else None


def read_ruled_tables(runs: Sequence[TextRun], rules: PageRules) -> RuledTables:
    """The tables among upright runs of a page."""
    words = sum(len(run.words) or 1 for run in runs)
    drawn = len(rules.vertical) + len(rules.horizontal)
    if (words + drawn) * drawn > _MOST_COMPARED:
        return RuledTables()
    grid = {rule for rule in rules.vertical if _meeting(rule, rules) >= IN_GRID}
    if not grid:
        return RuledTables()
    cells: dict[_Cell, list[TextRun]] = defaultdict(list)
    for run in runs:
        around = groupby(run.words or (run,), key=lambda word: _cell_around(word, rules, grid))
        for cell, together in around:
            if cell is not None:
                cells[cell].append(join_runs(list(together)))
    rows = [row for row in _rows(cells) if _is_one_row([lines for _, lines in row])]
    taken = (run for row in rows for cell, _ in row for run in cells[cell])
    return RuledTables(
        tuple(map(_line, rows)), frozenset(word for run in taken for word in run.words or (run,))
    )


def _meeting(vertical: Rule, rules: PageRules) -> int:
    """How many horizontal rules a vertical one meets."""
    return sum(
        vertical.start - _SLACK <= rule.at <= vertical.end + _SLACK
        and rule.start - _SLACK <= vertical.at <= rule.end + _SLACK
        for rule in rules.horizontal
    )


def _cell_around(word: TextRun, rules: PageRules, grid: set[Rule]) -> _Cell | None:
    """The cell of a word, or None if it is in none. One of its sides is in a grid of rules.

    A line that does not go from one side to the other is an underline.
    """
    x, y = (word.left + word.right) / 2, word.middle
    beside = [rule for rule in rules.vertical if rule.start - _SLACK <= y <= rule.end + _SLACK]
    left = max((r for r in beside if r.at <= x), key=lambda r: r.at, default=None)
    right = min((r for r in beside if r.at > x), key=lambda r: r.at, default=None)
    if left is None or right is None or not {left, right} & grid:
        return None
    across = [
        rule.at
        for rule in rules.horizontal
        if rule.start <= left.at + _SLACK and rule.end >= right.at - _SLACK
    ]
    top = max((at for at in across if at <= y), default=None)
    bottom = min((at for at in across if at > y), default=None)
    if top is None or bottom is None:
        return None
    if max(left.start, right.start) > top + _SLACK or min(left.end, right.end) < bottom - _SLACK:
        return None
    return _Cell(left.at, right.at, top, bottom)


Row = list[tuple[_Cell, list[TextRun]]]
"""Cells from left to right, each with its lines."""


def _rows(cells: dict[_Cell, list[TextRun]]) -> Iterator[Row]:
    """The cells that begin at one height, also if they are in two tables beside each other."""
    row: Row = []
    for cell in sorted(cells, key=lambda cell: (cell.top, cell.left)):
        if row and cell.top != row[0][0].top:
            yield row
            row = []
        row.append((cell, list(_lines(cells[cell]))))
    if row:
        yield row


def _lines(runs: Sequence[TextRun]) -> Iterator[TextRun]:
    """The lines of a cell. A line in a script such as Arabic is read from the right."""
    for row in rows_of(runs):
        from_right = sum(run.is_right_to_left for run in row.runs) * 2 > len(row.runs)
        yield join_runs(sorted(row.runs, key=lambda run: run.left, reverse=from_right))


def _is_one_row(cells: Sequence[Sequence[TextRun]]) -> bool:
    """Whether cells that begin at one height are a row, rather than several, or text in frames."""
    lines = [line for cell in cells for line in cell]
    return (
        len(cells) > 1
        and max(map(len, cells)) <= _MOST_LINES
        and max(len(line.text) for line in lines) <= _LONGEST_LINE
        and not are_rows(cells)
    )


def _line(row: Row) -> TextRun:
    """A row as one line, which ends where its shortest cell does. Others go along more rows."""
    part = RowPart([join_runs(lines) for _, lines in row], is_row=True)
    return replace(
        part.line(),
        left=min(cell.left for cell, _ in row) + _SLACK,
        right=max(cell.right for cell, _ in row) - _SLACK,
        top=row[0][0].top,
        bottom=min(cell.bottom for cell, _ in row),
    )
