"""Splits the rows of a page into lines, at the gutters.

A gutter is between columns of text, between the cells of a table, or beside the labels of a list.
If the words on one side are a few characters in each row, they are cells or labels. A row of a
table stays one line, whose cells are separated by " | ", so that no sentence is made of its
columns.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from statistics import median

from pullquote.parsing.pdf.gutters import Gutter, find_gutters
from pullquote.parsing.pdf.line_numbers import are_line_numbers
from pullquote.parsing.pdf.rows import Row, rows_of, space_between_words
from pullquote.parsing.pdf.text_runs import TextRun, join_runs
from pullquote.parsing.trace import trace_dropped

CELL_SEPARATOR = " | "
_SHORTEST_LINE = 14
"""The median line of a column of text has at least this many characters; cells have fewer."""
_RUNNING_LINE = 25
"""The median line of running text has at least this many characters, and most of its lines are
full."""
_FULL_SHARE = 0.5
_LONGEST_LABEL = 12
"""The median label of a list item has at most this many characters. It is one word, such as a
bullet, a number, or "[Smi19]"."""


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


def lines_of(runs: Sequence[TextRun]) -> list[TextRun]:
    """The lines of a page whose text has one rotation, ordered by their height on the page."""
    rows = rows_of(runs)
    gutters = find_gutters(rows, space=space_between_words(runs))
    by_row: dict[int, list[Gutter]] = defaultdict(list)
    for gutter in gutters:
        for number in range(gutter.first, gutter.last + 1):
            by_row[number].append(gutter)
    splits = [_split(row, by_row[number]) for number, row in enumerate(rows)]
    kinds = _kinds(splits)
    return [
        line
        for number, split in enumerate(splits)
        for line in _lines(split, [g for g in by_row[number] if g in kinds], kinds)
    ]


def _split(row: Row, gutters: Sequence[Gutter]) -> _Split:
    """A row, cut at the gutters that have words on both sides."""
    parts, between = list[list[TextRun]](), list[Gutter]()
    right = 0.0
    for word in row.words():
        at = [g for g in gutters if parts and right <= g.strip.middle <= word.left]
        if at:
            between.append(max(at, key=lambda g: (not g.doubtful, g.support)))
        if at or not parts:
            parts.append([])
            right = word.right
        parts[-1].append(word)
        right = max(right, word.right)
    return _Split(tuple(map(_joined, parts)), tuple(between))


def _joined(words: Sequence[TextRun]) -> TextRun:
    """Words as one line, which has the height of the longest word.

    A line in a script such as Arabic is read from the right.
    """
    from_right = sum(word.is_right_to_left for word in words) * 2 > len(words)
    ordered = sorted(words, key=lambda word: word.left, reverse=True) if from_right else words
    return replace(join_runs(ordered), height=max(words, key=lambda word: len(word.text)).height)


def _kinds(splits: Sequence[_Split]) -> dict[Gutter, _Kind]:
    """What each gutter is between."""
    sides: dict[Gutter, list[tuple[TextRun, TextRun]]] = defaultdict(list)
    for split in splits:
        for i, gutter in enumerate(split.gutters):
            sides[gutter].append((split.parts[i], split.parts[i + 1]))
    return {gutter: _kind(gutter, pairs) for gutter, pairs in sides.items()}


def _kind(gutter: Gutter, pairs: Sequence[tuple[TextRun, TextRun]]) -> _Kind:
    left, right = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    if are_line_numbers(left, right):
        return _Kind.LINE_NUMBERS
    if _are_labels(left) and _length(right) >= _SHORTEST_LINE:
        return _Kind.LABEL
    short = min(_length(left), _length(right)) < _SHORTEST_LINE
    if len(pairs) == 1 or not short or _is_running(left) or _is_running(right):
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


@dataclass(slots=True)
class _Column:
    """The parts of a row between two gutters of columns, and what is between the parts."""

    parts: list[TextRun]
    text: str
    doubtful: bool = False


def _lines(
    split: _Split, passing: Sequence[Gutter], kinds: dict[Gutter, _Kind]
) -> Iterator[TextRun]:
    """The lines of a row. The gutters in `passing` go through the row."""
    columns = [_Column([split.parts[0]], split.parts[0].text)]
    for part, gutter in zip(split.parts[1:], split.gutters, strict=True):
        match kinds[gutter]:
            case _Kind.LINE_NUMBERS:
                trace_dropped(columns.pop().text, "the number of a line")
                columns.append(_Column([part], part.text))
            case _Kind.COLUMN:
                columns[-1].doubtful |= gutter.doubtful
                columns.append(_Column([part], part.text, gutter.doubtful))
            case kind:
                columns[-1].parts.append(part)
                columns[-1].text += (CELL_SEPARATOR if kind is _Kind.CELL else " ") + part.text
    dividers = [g.strip.middle for g in passing if kinds[g] is _Kind.COLUMN]
    cells = [g.strip.middle for g in passing if kinds[g] is _Kind.CELL]
    for column in columns:
        line = join_runs(column.parts)
        left = max((at for at in dividers if at <= line.left), default=-math.inf)
        right = min((at for at in dividers if at >= line.right), default=math.inf)
        yield replace(
            line,
            text=column.text,
            height=max(column.parts, key=lambda part: len(part.text)).height,
            is_row=any(left < at < right for at in cells),
            is_doubtful=column.doubtful,
        )
