"""Splits the rows of a page into lines, at the gutters.

A gutter is between columns of text, between the cells of a table, or beside the labels of a list.
If the words on one side are a few characters in each row, they are cells or labels. A row of a
table stays one line, whose cells are separated by " | ", so that no sentence is made of its
columns.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import islice, pairwise
from statistics import median

from pullquote.parsing.pdf.layout.gutters import Gutter, find_gutters, ruled_gutters
from pullquote.parsing.pdf.layout.rows import Row, rows_of, space_between_words
from pullquote.parsing.pdf.layout.tables import RowPart, join_cells, read_ruled_tables
from pullquote.parsing.pdf.layout.text_runs import PageRules, TextRun, join_runs
from pullquote.parsing.trace import trace_dropped

_MOST_GROUPS = 50
"""How many heights of rules are looked at, so that any page is read in time."""
_FEWEST_ENTRIES = 3
_ENTRIES = 0.3
"""This share of the rows of a list is entries; the others are headings or go on with an entry."""
_GAP = 1.6
"""The white space before a figure is wider than this many line heights, and than a stretched space
of a justified line."""


def rules_between_lists(rows: Sequence[Row], gutters: Iterable[Gutter]) -> set[Gutter]:
    """The gutters at rules between lists. Rules of equal height have one meaning."""
    groups: dict[tuple[int, int], list[Gutter]] = defaultdict(list)
    for gutter in gutters:
        if gutter.is_ruled and not gutter.in_grid:
            groups[gutter.first, gutter.last].append(gutter)
    return {
        gutter
        for (first, last), group in islice(groups.items(), _MOST_GROUPS)
        if all(_is_list(area) for area in _areas(rows[first : last + 1], group))
        for gutter in group
    }


def _areas(rows: Sequence[Row], gutters: Sequence[Gutter]) -> Iterator[Sequence[list[TextRun]]]:
    """The words of each row, for each area between rules that has any, from left to right."""
    places = sorted(gutter.strip.middle for gutter in gutters)
    areas: dict[int, list[list[TextRun]]] = defaultdict(list)
    for row in rows:
        parts: dict[int, list[TextRun]] = defaultdict(list)
        for word in row.words():
            parts[bisect_left(places, (word.left + word.right) / 2)].append(word)
        for area, words in parts.items():
            areas[area].append(words)
    yield from areas.values()


def _is_list(rows: Sequence[Sequence[TextRun]]) -> bool:
    entries = sum(map(_is_entry, rows))
    return entries >= max(_FEWEST_ENTRIES, _ENTRIES * len(rows))


def _is_entry(words: Sequence[TextRun]) -> bool:
    """Whether a row has words, and a figure far right of them."""
    if len(words) < 2 or not any(map(str.isalpha, words[0].text)):
        return False
    before, last = words[-2:]
    return last.is_figure and last.left - before.right > _GAP * last.height


_TOUCHING = 1.0
"""By how many points a word may touch the middle of a gutter, where a rule may be drawn."""
_SHORTEST_LINE = 14
"""The median line of a column of text has at least this many characters; cells have fewer."""
_RUNNING_LINE = 25
"""The median line of running text has at least this many characters, and most of its lines are
full."""
_FULL_SHARE = 0.5
_LONGEST_CELL = 60
"""A line of a cell has at most this many characters."""
_NEAR = 4
"""How many rows above and below are looked at to tell running text from cells."""
_LONGEST_LABEL = 12
"""The median label of a list item has at most this many characters. It is one word, such as a
bullet, a number, or "[Smi19]"."""

_NUMERAL = re.compile(r"[0-9]{1,4}")
_FEWEST = 4
"""A column of fewer numbers is not a column of line numbers."""
_STEPS = (1, 2, 5, 10)
_IN_STEP = 0.9
"""This share of the numbers is one step above the number before it."""
_GOING_ON = 0.2
"""This share of the lines goes on in the middle of a sentence. The items of a list do not."""
_EVEN = 0.35
"""Lines are equally spaced, unlike the items of a list: most differ by less than this share."""


class _Kind(Enum):
    COLUMN = auto()
    CELL = auto()
    LABEL = auto()
    LINE_NUMBERS = auto()


@dataclass(frozen=True, slots=True)
class _Split:
    """A row, cut at gutters: `gutters[i]` is between `parts[i]` and `parts[i + 1]`."""

    parts: tuple[TextRun, ...]
    gutters: tuple[Gutter, ...]


def lines_of(runs: Sequence[TextRun], rules: PageRules) -> list[TextRun]:
    """The lines of a page whose text has one rotation, ordered by their height on the page."""
    rows = rows_of(runs)
    gutters = find_gutters(rows, space=space_between_words(runs))
    gutters += ruled_gutters(rows, rules)
    by_row: dict[int, list[Gutter]] = defaultdict(list)
    for gutter in gutters:
        for number in range(gutter.first, gutter.last + 1):
            by_row[number].append(gutter)
    between_lists = rules_between_lists(rows, gutters)
    splits = [_split(row, by_row[number], between_lists) for number, row in enumerate(rows)]
    kinds = _Kinds(splits, between_lists)
    parts = [
        part
        for number, split in enumerate(splits)
        for part in _parts(split, {gutter: kinds.at(gutter, number) for gutter in by_row[number]})
    ]
    tables = read_ruled_tables(runs, rules)
    if not tables.rows:
        return [part.line() for part in join_cells(parts, rules)]
    others = [rest for part in parts if (rest := tables.without(part)) is not None]
    lines = [part.line() for part in join_cells(others, rules)]
    return sorted([*lines, *tables.rows], key=lambda line: line.middle)


def _split(row: Row, gutters: Sequence[Gutter], between_lists: Set[Gutter]) -> _Split:
    """A row, cut at the gutters that have words on both sides.

    In one gap, a rule between lists comes before all other gutters.
    """
    parts, between = list[list[TextRun]](), list[Gutter]()
    right = 0.0
    for word in row.words():
        at = [
            gutter
            for gutter in gutters
            if parts and right - _TOUCHING <= gutter.strip.middle <= word.left + _TOUCHING
        ]
        if at:
            between.append(_first_gutter([g for g in at if g in between_lists] or at))
        if at or not parts:
            parts.append([])
            right = word.right
        parts[-1].append(word)
        right = max(right, word.right)
    return _Split(tuple(map(_joined, parts)), tuple(between))


def _first_gutter(gutters: Sequence[Gutter]) -> Gutter:
    """The gutter that follows the words on the left, of several in one gap.

    If a column begins with an item without a label, the gutter between the columns comes before the
    one beside the labels.
    """
    certain = [gutter for gutter in gutters if not gutter.doubtful] or gutters
    edge = min(gutter.strip.right for gutter in certain)
    return max((gutter for gutter in certain if gutter.strip.left <= edge), key=lambda g: g.support)


def _joined(words: Sequence[TextRun]) -> TextRun:
    """Words as one line, which has the height of the longest word.

    A line in a script such as Arabic is read from the right.
    """
    from_right = sum(word.is_right_to_left for word in words) * 2 > len(words)
    ordered = sorted(words, key=lambda word: word.left, reverse=True) if from_right else words
    return replace(join_runs(ordered), height=max(words, key=lambda word: len(word.text)).height)


class _Kinds:
    """What each gutter is between, row by row.

    A strip may begin in a table and go on between two columns of text. So a gutter between cells is
    one between columns in those rows around which the words beside it are running text.
    """

    def __init__(self, splits: Sequence[_Split], between_lists: Set[Gutter]) -> None:
        labels = {
            gutter: kind
            for gutter, sides in _sides(splits).items()
            if (kind := _label_kind(gutter, sides)) is not None
        }
        # A label belongs to the words on its right when these are told from cells.
        joined = [_without(split, labels) for split in splits]
        self._sides = _sides(joined)
        self._kinds = labels | {
            gutter: _Kind.COLUMN if gutter in between_lists else _kind(gutter, sides)
            for gutter, sides in self._sides.items()
        }

    def at(self, gutter: Gutter, number: int) -> _Kind | None:
        """What a gutter is between in a row; None if it is between no words of the page."""
        kind = self._kinds.get(gutter)
        if kind is not _Kind.CELL:
            return kind
        sides = self._sides[gutter]
        at = bisect_left(sides, number, key=lambda side: side.number)
        near = sides[max(0, at - _NEAR) : at + _NEAR + 1]
        running = _is_running([s.left for s in near]) or _is_running([s.right for s in near])
        here = sides[at : at + 1]
        too_long = any(max(len(s.left.text), len(s.right.text)) > _LONGEST_CELL for s in here)
        is_column = too_long or (running and not gutter.in_grid)
        return _Kind.COLUMN if is_column else kind


@dataclass(frozen=True, slots=True)
class _Sides:
    """The words on the two sides of a gutter in a row."""

    number: int
    left: TextRun
    right: TextRun


def _sides(splits: Sequence[_Split]) -> dict[Gutter, list[_Sides]]:
    sides: dict[Gutter, list[_Sides]] = defaultdict(list)
    for number, split in enumerate(splits):
        for i, gutter in enumerate(split.gutters):
            sides[gutter].append(_Sides(number, split.parts[i], split.parts[i + 1]))
    return sides


def _without(split: _Split, labels: Container[Gutter]) -> _Split:
    """A row that is not cut between labels and the words on their right."""
    parts, gutters = [split.parts[0]], list[Gutter]()
    for part, gutter in zip(split.parts[1:], split.gutters, strict=True):
        if gutter in labels:
            parts[-1] = join_runs([parts[-1], part])
        else:
            parts.append(part)
            gutters.append(gutter)
    return _Split(tuple(parts), tuple(gutters))


def _label_kind(gutter: Gutter, sides: Sequence[_Sides]) -> _Kind | None:
    """The kind of a gutter that has line numbers or labels of a list on its left."""
    left, right = [side.left for side in sides], [side.right for side in sides]
    if gutter.in_grid:
        return None
    if _are_line_numbers(left, right):
        return _Kind.LINE_NUMBERS
    return _Kind.LABEL if _are_labels(left) and _length(right) >= _SHORTEST_LINE else None


def _kind(gutter: Gutter, sides: Sequence[_Sides]) -> _Kind:
    if gutter.in_grid:
        return _Kind.CELL
    left, right = [side.left for side in sides], [side.right for side in sides]
    short = min(_length(left), _length(right)) < _SHORTEST_LINE
    if len(sides) == 1 or not short or _is_running(left) or _is_running(right):
        return _Kind.COLUMN
    return _Kind.CELL


def _are_labels(side: Sequence[TextRun]) -> bool:
    """Whether texts are bullets, numbers or names of the items on their right."""
    return _length(side) <= _LONGEST_LABEL and median(len(line.words) for line in side) <= 1


def _length(side: Sequence[TextRun]) -> float:
    return median(len(line.text) for line in side)


def _is_running(side: Sequence[TextRun]) -> bool:
    """Whether lines are running text, most of whose lines reach the right edge."""
    edge = max(line.right for line in side)
    full = sum(edge - line.right < 2 * line.height for line in side)
    return len(side) > 2 and _length(side) >= _RUNNING_LINE and full >= _FULL_SHARE * len(side)


def _parts(split: _Split, kinds: Mapping[Gutter, _Kind | None]) -> Iterator[RowPart]:
    """The parts of a row. `kinds` are the gutters that go through the row."""
    parts = [RowPart([split.parts[0]])]
    for words, gutter in zip(split.parts[1:], split.gutters, strict=True):
        match kinds[gutter]:
            case _Kind.LINE_NUMBERS:
                trace_dropped(parts.pop().cells[-1].text, "the number of a line")
                parts.append(RowPart([words]))
            case _Kind.COLUMN:
                parts[-1].is_doubtful |= gutter.doubtful
                parts.append(RowPart([words], is_doubtful=gutter.doubtful))
            case _Kind.CELL:
                parts[-1].cells.append(words)
            case _:
                parts[-1].cells[-1] = _joined([*parts[-1].cells[-1:], words])
    dividers = [g.strip.middle for g, kind in kinds.items() if kind is _Kind.COLUMN]
    cells = [g.strip.middle for g, kind in kinds.items() if kind is _Kind.CELL]
    for part in parts:
        left = max((at for at in dividers if at <= part.left), default=-math.inf)
        right = min((at for at in dividers if at >= part.right), default=math.inf)
        part.is_row = any(left < at < right for at in cells)
        yield part


def _are_line_numbers(column: Sequence[TextRun], lines: Sequence[TextRun]) -> bool:
    """Whether runs, from top to bottom, are the numbers of the lines beside them."""
    if len(column) < _FEWEST or not all(_NUMERAL.fullmatch(run.text) for run in column):
        return False
    if sum(line.text[:1].islower() for line in lines) < _GOING_ON * len(lines):
        return False
    steps = [int(below.text) - int(above.text) for above, below in pairwise(column)]
    step = max(set(steps), key=steps.count)
    if step not in _STEPS or steps.count(step) < _IN_STEP * len(steps):
        return False
    down = sorted(below.middle - above.middle for above, below in pairwise(column))
    usual = down[len(down) // 2]
    even = sum(abs(distance - usual) <= _EVEN * usual for distance in down)
    return even >= _IN_STEP * len(down)
