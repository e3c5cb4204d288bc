"""Makes the text blocks of a document from the columns of its pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pullquote.parsing.blocks import TextBlock
from pullquote.parsing.news.boilerplate import recognise
from pullquote.parsing.pdf.layout.columns import TextColumn
from pullquote.parsing.pdf.layout.continuations import (
    LARGER,
    body_height,
    is_caption,
    join_continued,
)
from pullquote.parsing.pdf.layout.line_joiner import LineJoiner, count_words
from pullquote.parsing.pdf.layout.paragraphs import Paragraph, paragraphs_of_column
from pullquote.schema import Layout, Role

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
