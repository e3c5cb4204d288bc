"""Groups the lines of a column into paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from pullquote.parsing.pdf.layout.columns import TextColumn
from pullquote.parsing.pdf.layout.line_joiner import HYPHENS
from pullquote.parsing.pdf.layout.text_runs import TextRun

_SAME_SIZE = 0.13
"""Largest difference between the heights of two lines of a paragraph, as a share of the height."""
_INDENT = 0.7
"""Smallest indent of a first line, in line heights. Typesetters indent by one line height."""
_BLANK = 0.4
"""Extra space above a new paragraph, in line heights, compared with the usual line gap."""
_ITEM = re.compile(r"[•·‣▪■●○◦*–-] |[0-9]{1,3}[.)] ")
"""The beginning of a list item. The other lines of the item are further right."""
_ENDED = re.compile(r"[.!?:…][\"'”’»)\]]*$")


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """A line with the number of its page, counted from 1, and the edges of its column."""

    line: TextRun
    page: int
    left: float
    right: float

    @property
    def width(self) -> float:
        """The width of the column in points."""
        return self.right - self.left


@dataclass(slots=True)
class Paragraph:
    """The lines of a paragraph; never empty."""

    lines: list[ColumnLine]
    is_after_doubt: bool = False

    @property
    def height(self) -> float:
        """The height of most lines."""
        return median(column_line.line.height for column_line in self.lines)

    @property
    def is_row(self) -> bool:
        """Whether this is a row of a table."""
        return self.lines[0].line.is_row

    @property
    def is_doubtful(self) -> bool:
        """Whether the order of these lines, or what is before them, is uncertain."""
        return self.is_after_doubt or any(one.line.is_doubtful for one in self.lines)

    @property
    def has_ended(self) -> bool:
        """Whether the last line ends a sentence."""
        return _ENDED.search(self.lines[-1].line.text) is not None


def paragraphs_of_column(column: TextColumn, *, page: int) -> Iterator[Paragraph]:
    """The paragraphs of a column."""
    gaps = [below.top - line.bottom for line, below in pairwise(column.lines)]
    usual = median(gaps) if gaps else 0.0
    paragraph = Paragraph([], column.is_doubtful)
    for line in column.lines:
        column_line = ColumnLine(line, page, column.left, column.right)
        if paragraph.lines and _begins_paragraph(paragraph.lines, column_line, usual=usual):
            yield paragraph
            paragraph = Paragraph([])
        paragraph.lines.append(column_line)
    yield paragraph


def _begins_paragraph(
    above: Sequence[ColumnLine], column_line: ColumnLine, *, usual: float
) -> bool:
    """Whether a line begins a new paragraph below the lines of the current paragraph."""
    line, last = column_line.line, above[-1].line
    if line.is_row or last.is_row or line.is_doubtful or last.is_doubtful:
        return True
    apart = line.top - last.bottom > max(usual, 0.0) + _BLANK * line.height
    if apart or not same_size(line.height, last.height):
        return True
    step = line.left - last.left
    if last.text.endswith(HYPHENS) or (len(above) == 1 and step > 0 and _ITEM.match(last.text)):
        return False
    indent = _INDENT * line.height
    # A line further left continues an indented first line, but ends an indented block.
    if (step > indent > last.left - column_line.left) or (-step > indent and len(above) > 1):
        return True
    return has_room(above[-1], line) and (
        _ENDED.search(last.text) is not None or not is_lower_case(line)
    )


def has_room(line: ColumnLine, below: TextRun) -> bool:
    """Whether the first word of the line below would have fitted on this line."""
    word = len(below.text.split(maxsplit=1)[0]) + 1
    width = (below.right - below.left) / len(below.text) * word
    return line.right - line.line.right > width + 0.5 * below.height


def is_indented(line: ColumnLine) -> bool:
    """Whether a line begins right of the edge of its column."""
    return line.line.left - line.left > _INDENT * line.line.height


def same_size(one: float, other: float) -> bool:
    """Whether two heights are those of one paragraph."""
    return abs(one - other) <= _SAME_SIZE * max(one, other)


def is_lower_case(line: TextRun) -> bool:
    """Whether a line begins with a lower-case letter, so that it does not begin a sentence."""
    return line.text[:1].islower()
