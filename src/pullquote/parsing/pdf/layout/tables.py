"""Joins the lines of the cells of a table that is drawn with rules.

If a cell has two lines, the rows of words on its page are not the rows of its table. The rules show
what belongs together: words between two horizontal rules are a row, and words between two vertical
rules are one of its cells. Other tables are read line by line.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pullquote.parsing.pdf.layout.rules import PageRules, Rule
from pullquote.parsing.pdf.layout.text_runs import TextRun, join_runs

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
    between = [r for r in rules.vertical if left < r.at < right and _spans(r, top, bottom)]
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


def _spans(rule: Rule, top: float, bottom: float) -> bool:
    return rule.start <= top and rule.end >= bottom
