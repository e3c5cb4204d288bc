"""Makes the text blocks of a document from the columns of its pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from pullquote.parsing.blocks import TextBlock
from pullquote.parsing.news.boilerplate import recognise
from pullquote.parsing.pdf.layout.columns import TextColumn
from pullquote.parsing.pdf.layout.line_joiner import LineJoiner, count_words
from pullquote.parsing.pdf.layout.paragraphs import (
    Paragraph,
    has_room,
    is_indented,
    is_lower_case,
    paragraphs_of_column,
    same_size,
)
from pullquote.schema import Layout, Role

CAPTION = re.compile(
    r"(?:fig(?:ure|\.)?|tab(?:le|elle|leau|\.)?|abb(?:ildung|\.)?|chart|graph|map|plate|photo|image"
    r"|exhibit|box|scheme|listing|algorithm)\s*[0-9]{1,3}(?:[.-][0-9]{1,3})*[a-z]?\s*[.:–—|-]\s",
    re.IGNORECASE,
)
"""The beginning of a caption, such as "Figure 3: "."""
_SMALLER = 0.93
"""A caption or footnote is at most this many times as high as the body text."""
LARGER = 1.2
"""A heading is this many times as high as the body text."""
_RUNNING_LINE = 20
"""A full line of text has at least this many characters."""
_SAME_WIDTH = 0.15
"""Two columns of one text differ in width by less than this share."""


def body_height(paragraphs: Iterable[Paragraph]) -> float:
    """The line height of most of the text."""
    heights: Counter[float] = Counter()
    for paragraph in paragraphs:
        for column_line in paragraph.lines:
            heights[round(column_line.line.height, 1)] += len(column_line.line.text)
    return max(heights, key=lambda height: heights[height], default=0.0)


def join_continued(columns: Sequence[Sequence[Paragraph]], *, body: float) -> list[Paragraph]:
    """The paragraphs of all columns, with the parts of each paragraph joined."""
    joined: list[Paragraph] = []
    going: Paragraph | None = None
    for column in columns:
        was_interrupted = True
        for paragraph in column:
            if _is_aside(paragraph, body=body):
                was_interrupted = True
            elif going is not None and was_interrupted and _continues(going, paragraph):
                going.lines += paragraph.lines
                going = None if going.has_ended else going
                was_interrupted = False
                continue
            else:
                is_open = not (paragraph.has_ended or paragraph.height > LARGER * body)
                going = paragraph if is_open else None
                was_interrupted = False
            if paragraph.is_doubtful:
                going = None
            joined.append(paragraph)
    return joined


def is_caption(paragraph: Paragraph) -> bool:
    """Whether a paragraph is the caption of a picture or a table."""
    return CAPTION.match(paragraph.lines[0].line.text) is not None


def _is_aside(paragraph: Paragraph, *, body: float) -> bool:
    return paragraph.is_row or paragraph.height < _SMALLER * body or is_caption(paragraph)


def _continues(above: Paragraph, below: Paragraph) -> bool:
    """Whether a paragraph continues after an interruption."""
    last, first = above.lines[-1], below.lines[0]
    if below.is_doubtful or not same_size(above.height, below.height):
        return False
    widest = 1 + _SAME_WIDTH
    if first.width > widest * last.width or (
        len(below.lines) > 1 and last.width > widest * first.width
    ):
        return False
    if is_lower_case(first.line):
        return True
    is_text = len(last.line.text) >= _RUNNING_LINE and (below.has_ended or len(below.lines) > 1)
    return is_text and not is_indented(first) and not has_room(last, first.line)


_LONGEST_HEADING = 200


def text_blocks(pages: Sequence[Sequence[TextColumn]]) -> list[TextBlock]:
    """The paragraphs of a document in reading order, with their pages."""
    columns = [
        list(paragraphs_of_column(column, page=number))
        for number, page in enumerate(pages, start=1)
        for column in page
    ]
    body = body_height(paragraph for column in columns for paragraph in column)
    paragraphs = join_continued(columns, body=body)
    words = count_words(one.line.text for p in paragraphs for one in p.lines)
    return _with_headline(
        [_block(p, words, body=body) for p in paragraphs], [p.height for p in paragraphs]
    )


def _block(paragraph: Paragraph, words: Counter[str], *, body: float) -> TextBlock:
    """The block for a paragraph, with its lines joined."""
    joined = LineJoiner(words)
    for column_line in paragraph.lines:
        joined.add(column_line.line.text, page=column_line.page)
    text = "".join(joined.parts)
    heading = paragraph.height > LARGER * body and len(text) <= _LONGEST_HEADING
    role = Role.BODY if heading or paragraph.is_row else None
    if is_caption(paragraph):
        role = Role.CAPTION
    layout: Layout | None = "uncertain" if paragraph.is_doubtful else None
    return TextBlock(text, role, heading, tuple(joined.page_spans), layout=layout)


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
