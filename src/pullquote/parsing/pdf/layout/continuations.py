"""Joins paragraphs that go on in the next column or on the next page.

Captions, footnotes and tables may lie between the two parts of a paragraph. They are asides: no
sentence goes on in one of them, and they follow the whole paragraph. A paragraph goes on only where
the order of the columns is certain, and where the text has the same size and width.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from pullquote.parsing.pdf.layout.paragraphs import (
    Paragraph,
    has_room,
    is_indented,
    is_lower_case,
    same_size,
)

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
