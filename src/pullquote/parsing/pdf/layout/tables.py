"""Joins the lines of the cells of a table that is drawn with rules.

If a cell has two lines, the rows of words on its page are not the rows of its table. The rules show
what belongs together: words between two horizontal rules are a row, and words between two vertical
rules are one of its cells. Other tables are read line by line.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from pullquote.parsing.pdf.layout.rows import rows_of
from pullquote.parsing.pdf.layout.text_runs import IN_GRID, PageRules, Rule, TextRun, join_runs

_CELL_SEPARATOR = " | "
_MOST_LINES = 12
"""A cell has at most this many lines. More lines are the rows of a table without rules."""
_NEAR = 2.0
"""A rule closes a row if it is at most this many line heights away from the words."""

_NO_FIGURE = frozenset("-–—")
"""What stands in a cell that has no figure."""
_CLOSED = 0.5
"""Horizontal rules above and below a row go along this share of its width."""


@dataclass(slots=True)
class RowPart:
    """The part of a row of words that is in one column; never empty.

    `is_row` says that it is in a table; then `cells` are its cells.
    """

    cells: list[TextRun]
    is_row: bool = False
    is_doubtful: bool = False

    @property
    def left(self) -> float:
        """The left edge of the first cell."""
        return min(cell.left for cell in self.cells)

    @property
    def right(self) -> float:
        """The right edge of the last cell."""
        return max(cell.right for cell in self.cells)

    @property
    def middle(self) -> float:
        """The vertical position half-way between top and bottom."""
        return (self.cells[0].top + self.cells[0].bottom) / 2

    def line(self) -> TextRun:
        """The part as one line, whose cells are separated."""
        return replace(
            join_runs(self.cells),
            text=_CELL_SEPARATOR.join(cell.text for cell in self.cells),
            height=max(self.cells, key=lambda cell: len(cell.text)).height,
            is_row=self.is_row,
            is_doubtful=self.is_doubtful,
        )


def join_cells(parts: Sequence[RowPart], rules: PageRules) -> Iterator[RowPart]:
    """The parts of all rows, from top to bottom. The parts of a ruled row are joined."""
    if not (rules.vertical and rules.horizontal):
        yield from parts
        return
    groups: list[list[RowPart]] = []
    growing: list[list[RowPart]] = []
    for part in parts:
        growing = [group for group in growing if _is_near(group, part)]
        group = next((g for g in growing if _are_in_one_row(g, part, rules)), None)
        if group is None:
            groups.append([part])
            growing += groups[-1:] if part.is_row else []
        else:
            group.append(part)
    for group in groups:
        yield from _joined(group, rules)


def _is_near(group: Sequence[RowPart], part: RowPart) -> bool:
    """Whether a part may still be in the row of a group."""
    height = part.cells[0].height
    return len(group) < _MOST_LINES and part.middle - group[-1].middle < _NEAR * height


def _are_in_one_row(group: Sequence[RowPart], part: RowPart, rules: PageRules) -> bool:
    """Whether no horizontal rule is between a group and a part in the same table."""
    left, right = min(one.left for one in group), max(one.right for one in group)
    if not part.is_row or part.right < left or part.left > right:
        return False
    left, right = min(left, part.left), max(right, part.right)
    return not any(
        group[-1].middle <= rule.at <= part.middle and rule.start < right and rule.end > left
        for rule in rules.horizontal
    )


def _joined(group: Sequence[RowPart], rules: PageRules) -> Sequence[RowPart]:
    """A group as one part, if it is a row of a ruled table."""
    left, right = min(one.left for one in group), max(one.right for one in group)
    top, bottom = group[0].middle, group[-1].middle
    between = [
        r for r in rules.vertical if left < r.at < right and r.start <= top and r.end >= bottom
    ]
    reach = _NEAR * group[0].cells[0].height
    above = [rule for rule in rules.horizontal if top - reach < rule.at < top]
    below = [rule for rule in rules.horizontal if bottom < rule.at < bottom + reach]
    closed = all(_cover(side, left, right) for side in (above, below))
    if len(group) == 1 or not between or not closed:
        return group
    slots: dict[int, list[TextRun]] = defaultdict(list)
    for part in group:
        for cell in part.cells:
            middle = (cell.left + cell.right) / 2
            slots[sum(rule.at < middle for rule in between)].append(cell)
    if are_rows(list(slots.values())):
        return group
    doubtful = any(part.is_doubtful for part in group)
    return [RowPart([join_runs(slots[at]) for at in sorted(slots)], True, doubtful)]


def are_rows(cells: Sequence[Sequence[TextRun]]) -> bool:
    """Whether the lines of cells beside each other are rows, although no rule is between them.

    Then each cell has a line for each row, or one cell has several figures below each other.
    """
    counts = {len(lines) for lines in cells}
    return (len(counts) == 1 and counts != {1}) or any(
        len(lines) > 1 and all(line.is_figure or line.text in _NO_FIGURE for line in lines)
        for lines in cells
    )


def _cover(rules: Sequence[Rule], left: float, right: float) -> bool:
    """Whether rules go along most of the way from left to right."""
    along = sum(max(0.0, min(rule.end, right) - max(rule.start, left)) for rule in rules)
    return along >= _CLOSED * (right - left)


_SLACK = 3.0
"""By how many points rules that should meet may be apart. Double lines are that thick."""
_MOST_CELL_LINES = 6
"""A cell has at most this many lines. More lines may be the rows of a table in a frame."""
_LONGEST_LINE = 60
"""A line of a cell has at most this many characters."""
_MOST_COMPARED = 2_000_000
"""How often words and rules of a page are compared with rules, so that any page is read in time."""


@dataclass(frozen=True, slots=True)
class _Cell:
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
        and max(map(len, cells)) <= _MOST_CELL_LINES
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
