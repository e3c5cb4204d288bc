"""Groups the lines in the columns of all pages into paragraphs, and joins split words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from pullquote.parsing.blocks import TextBlock
from pullquote.parsing.news.boilerplate import recognise
from pullquote.parsing.pdf.line_joiner import HYPHENS, LineJoiner, count_words
from pullquote.parsing.pdf.reading_order import TextColumn
from pullquote.parsing.pdf.text_runs import TextRun
from pullquote.schema import Role

_SAME_SIZE = 0.13
"""Largest difference between the heights of two lines of a paragraph, as a share of the height."""
_LARGER = 1.2
"""A paragraph is a heading if it is this many times as high as the body text."""
_LONGEST_HEADING = 200
_INDENT = 0.7
"""Smallest indent of a first line, in line heights. Typesetters indent by one line height."""
_BLANK = 0.4
"""Extra space above a new paragraph, in line heights, compared with the usual line gap."""
_ITEM = re.compile(r"[•·‣▪■●○◦*–-] |[0-9]{1,3}[.)] ")
"""The beginning of a list item. The other lines of the item are further right."""
_ENDED = re.compile(r"[.!?:…][\"'”’»)\]]*$")


@dataclass(frozen=True, slots=True)
class _ColumnLine:
    """A line with the number of its page, counted from 1, and the edges of its column."""

    line: TextRun
    page: int
    left: float
    right: float


@dataclass(slots=True)
class _Paragraph:
    lines: list[_ColumnLine] = field(default_factory=list)

    @property
    def height(self) -> float:
        return median(column_line.line.height for column_line in self.lines)


def paragraphs_of(pages: Sequence[Sequence[TextColumn]]) -> list[TextBlock]:
    """The paragraphs of a document in reading order, with their pages."""
    paragraphs: list[_Paragraph] = []
    for number, columns in enumerate(pages, start=1):
        for column in columns:
            fresh = list(_paragraphs(column, page=number))
            if paragraphs and _continues_paragraph(paragraphs[-1], fresh[0]):
                paragraphs[-1].lines += fresh.pop(0).lines
            paragraphs += fresh
    words = count_words(column_line.line.text for p in paragraphs for column_line in p.lines)
    body = _body_height(paragraphs)
    return _with_headline(
        [_piece(p, words, body=body) for p in paragraphs], [p.height for p in paragraphs]
    )


def _paragraphs(column: TextColumn, *, page: int) -> Iterator[_Paragraph]:
    """The paragraphs of a column."""
    left, right = min(line.left for line in column), max(line.right for line in column)
    gaps = [below.top - line.bottom for line, below in pairwise(column)]
    usual = median(gaps) if gaps else 0.0
    paragraph = _Paragraph()
    for line in column:
        column_line = _ColumnLine(line, page, left, right)
        if paragraph.lines and _begins_paragraph(paragraph.lines, column_line, usual=usual):
            yield paragraph
            paragraph = _Paragraph()
        paragraph.lines.append(column_line)
    yield paragraph


def _begins_paragraph(
    above: Sequence[_ColumnLine], column_line: _ColumnLine, *, usual: float
) -> bool:
    """Whether a line begins a new paragraph below the lines of the current paragraph."""
    line, last = column_line.line, above[-1].line
    apart = line.top - last.bottom > max(usual, 0.0) + _BLANK * line.height
    if apart or not _same_size(line.height, last.height):
        return True
    step = line.left - last.left
    if last.text.endswith(HYPHENS) or (len(above) == 1 and step > 0 and _ITEM.match(last.text)):
        return False
    indent = _INDENT * line.height
    # A line further left continues an indented first line, but ends an indented block.
    if (step > indent > last.left - column_line.left) or (-step > indent and len(above) > 1):
        return True
    return _has_room(above[-1], line) and (
        _ENDED.search(last.text) is not None or not _is_lower_case(line)
    )


def _has_room(line: _ColumnLine, below: TextRun) -> bool:
    """Whether the first word of the line below would have fitted on this line."""
    word = len(below.text.split(maxsplit=1)[0]) + 1
    width = (below.right - below.left) / len(below.text) * word
    return line.right - line.line.right > width + 0.5 * below.height


def _continues_paragraph(above: _Paragraph, below: _Paragraph) -> bool:
    """Whether a paragraph continues at the top of the next column or page."""
    last, first = above.lines[-1], below.lines[0]
    if not _same_size(above.height, below.height) or _ENDED.search(last.line.text):
        return False
    if last.line.text.endswith(HYPHENS) or _is_lower_case(first.line):
        return True
    indented = first.line.left - first.left > _INDENT * first.line.height
    return not indented and len(above.lines) > 1 and not _has_room(last, first.line)


def _same_size(one: float, other: float) -> bool:
    return abs(one - other) <= _SAME_SIZE * max(one, other)


def _is_lower_case(line: TextRun) -> bool:
    """Whether a line begins with a lower-case letter, so that it does not begin a sentence."""
    return line.text[:1].islower()


def _body_height(paragraphs: Iterable[_Paragraph]) -> float:
    """The line height of most of the text."""
    heights: Counter[float] = Counter()
    for paragraph in paragraphs:
        for column_line in paragraph.lines:
            heights[round(column_line.line.height, 1)] += len(column_line.line.text)
    return max(heights, key=lambda height: heights[height], default=0.0)


def _piece(paragraph: _Paragraph, words: Counter[str], *, body: float) -> TextBlock:
    """The block for a paragraph, with its lines joined."""
    joined = LineJoiner(words)
    for column_line in paragraph.lines:
        joined.add(column_line.line.text, page=column_line.page)
    text = "".join(joined.parts)
    heading = paragraph.height > _LARGER * body and len(text) <= _LONGEST_HEADING
    return TextBlock(text, Role.BODY if heading else None, heading, tuple(joined.page_spans))


def _with_headline(pieces: list[TextBlock], heights: Sequence[float]) -> list[TextBlock]:
    """The blocks, with the largest heading of the first page as the headline.

    There is no headline if much text is above this heading: a newspaper page has several articles.
    """
    first = [i for i, piece in enumerate(pieces) if piece.heading and piece.page_spans[0].page == 1]
    largest = max(first, key=lambda i: (heights[i], -i), default=None)
    if largest is None or sum(len(piece.text) for piece in pieces[:largest]) > _LONGEST_HEADING:
        return pieces
    pieces[largest] = replace(pieces[largest], role=Role.HEADLINE)
    for i, piece in enumerate(pieces[:largest]):  # kicker, name of the paper, or byline
        role = Role.BOILERPLATE if recognise(piece.text) is None else None
        pieces[i] = replace(piece, role=role)
    # A larger paragraph right below may be the standfirst. `analyse_page` decides this.
    pieces[largest + 1 : largest + 2] = [
        replace(piece, role=None) for piece in pieces[largest + 1 : largest + 2]
    ]
    return pieces
