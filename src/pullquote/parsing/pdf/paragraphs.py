"""The columns of all pages to paragraphs in plain words, each word whole again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from pullquote.parsing.blocks import Piece
from pullquote.parsing.news.boilerplate import recognise
from pullquote.parsing.pdf.joining import HYPHENS, LineJoiner, count_words
from pullquote.parsing.pdf.order import TextColumn, TextLine
from pullquote.schema import Role

_SAME_SIZE = 0.13
"""Share by which the heights of two lines of one paragraph differ at most."""
_LARGER = 1.2
"""Times the height of the body from which on a paragraph is a heading."""
_LONGEST_HEADING = 200
_INDENT = 0.7
"""Heights of a line; typesetters indent a first line by one."""
_BLANK = 0.4
"""Heights of a line by which the space above a new paragraph exceeds that between its lines."""
_ITEM = re.compile(r"[•·‣▪■●○◦*–-] |[0-9]{1,3}[.)] ")
"""How an item of a list begins; its other lines stand further right."""
_ENDED = re.compile(r"[.!?:…][\"'”’»)\]]*$")


@dataclass(frozen=True, slots=True)
class _ColumnLine:
    """A line with its page, counted from 1, and the column around it."""

    line: TextLine
    page: int
    left: float
    right: float


@dataclass(slots=True)
class _Paragraph:
    lines: list[_ColumnLine] = field(default_factory=list)

    @property
    def height(self) -> float:
        return median(placed.line.height for placed in self.lines)


def to_pieces(pages: Sequence[Sequence[TextColumn]]) -> list[Piece]:
    """The paragraphs of a document, in reading order, with the pages on which they stand."""
    paragraphs: list[_Paragraph] = []
    for number, columns in enumerate(pages, start=1):
        for column in columns:
            fresh = list(_paragraphs(column, page=number))
            if paragraphs and _continues(paragraphs[-1], fresh[0]):
                paragraphs[-1].lines += fresh.pop(0).lines
            paragraphs += fresh
    words = count_words(placed.line.text for p in paragraphs for placed in p.lines)
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
        placed = _ColumnLine(line, page, left, right)
        if paragraph.lines and _begins(paragraph.lines, placed, usual=usual):
            yield paragraph
            paragraph = _Paragraph()
        paragraph.lines.append(placed)
    yield paragraph


def _begins(above: Sequence[_ColumnLine], placed: _ColumnLine, *, usual: float) -> bool:
    """Whether a line begins a paragraph below the lines of another."""
    line, last = placed.line, above[-1].line
    apart = line.top - last.bottom > max(usual, 0.0) + _BLANK * line.height
    if apart or not _same_size(line.height, last.height):
        return True
    step = line.left - last.left
    if last.text.endswith(HYPHENS) or (len(above) == 1 and step > 0 and _ITEM.match(last.text)):
        return False
    indent = _INDENT * line.height
    # Below an indented first line the others stand further left; below an indented block, text.
    if (step > indent > last.left - placed.left) or (-step > indent and len(above) > 1):
        return True
    return _has_room(above[-1], line) and (_ENDED.search(last.text) is not None or not _small(line))


def _has_room(placed: _ColumnLine, below: TextLine) -> bool:
    """Whether the first word of the line below would have fitted at the end of a line."""
    word = len(below.text.split(maxsplit=1)[0]) + 1
    width = (below.right - below.left) / len(below.text) * word
    return placed.right - placed.line.right > width + 0.5 * below.height


def _continues(above: _Paragraph, below: _Paragraph) -> bool:
    """Whether a paragraph goes on at the head of the next column or page."""
    last, first = above.lines[-1], below.lines[0]
    if not _same_size(above.height, below.height) or _ENDED.search(last.line.text):
        return False
    if last.line.text.endswith(HYPHENS) or _small(first.line):
        return True
    indented = first.line.left - first.left > _INDENT * first.line.height
    return not indented and len(above.lines) > 1 and not _has_room(last, first.line)


def _same_size(one: float, other: float) -> bool:
    return abs(one - other) <= _SAME_SIZE * max(one, other)


def _small(line: TextLine) -> bool:
    """Whether a line begins with a small letter, as no sentence does."""
    return line.text[:1].islower()


def _body_height(paragraphs: Iterable[_Paragraph]) -> float:
    """The height of the lines that most of the text is set in."""
    heights: Counter[float] = Counter()
    for paragraph in paragraphs:
        for placed in paragraph.lines:
            heights[round(placed.line.height, 1)] += len(placed.line.text)
    return max(heights, key=lambda height: heights[height], default=0.0)


def _piece(paragraph: _Paragraph, words: Counter[str], *, body: float) -> Piece:
    """A paragraph with its lines joined."""
    joined = LineJoiner(words)
    for placed in paragraph.lines:
        joined.add(placed.line.text, page=placed.page)
    text = "".join(joined.parts)
    heading = paragraph.height > _LARGER * body and len(text) <= _LONGEST_HEADING
    return Piece(text, Role.BODY if heading else None, heading, tuple(joined.leaves))


def _with_headline(pieces: list[Piece], heights: Sequence[float]) -> list[Piece]:
    """The pieces, of which the largest heading of the first page is the headline.

    Unless text stands above it: a page of a newspaper has several, and the first begins the text.
    """
    first = [i for i, piece in enumerate(pieces) if piece.heading and piece.leaves[0].page == 1]
    largest = max(first, key=lambda i: (heights[i], -i), default=None)
    if largest is None or sum(len(piece.text) for piece in pieces[:largest]) > _LONGEST_HEADING:
        return pieces
    pieces[largest] = replace(pieces[largest], role=Role.HEADLINE)
    for i, piece in enumerate(pieces[:largest]):  # a kicker or the name of the paper, or a byline
        role = Role.BOILERPLATE if recognise(piece.text) is None else None
        pieces[i] = replace(piece, role=role)
    # What is larger than the body right below it may be the standfirst: the page tells.
    pieces[largest + 1 : largest + 2] = [
        replace(piece, role=None) for piece in pieces[largest + 1 : largest + 2]
    ]
    return pieces
