"""Makes the text blocks of a document from the columns of its pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from pullquote.parsing.blocks import PageSpan, TextBlock
from pullquote.parsing.news.boilerplate import recognise
from pullquote.parsing.pdf.layout.reading_order import TextColumn
from pullquote.parsing.pdf.layout.text_runs import SAME_HEIGHT, TextRun
from pullquote.schema import Layout, Role

HYPHENS = ("-", "\u00ad", "\u2010")
_HYPHENATED = re.compile(r"(\w+)[-\u00ad\u2010]$")
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_LETTERS = re.compile(r"[^\W\d_]+")
# Scripts without spaces between words. A line break between their letters adds no space.
_UNSPACED = (
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uff60]"
)
_NO_SPACE = re.compile(rf"{_UNSPACED}\n{_UNSPACED}")
_LONGEST_WORD = 60
_SUSPENDED = frozenset("and or to nor but und oder bis et ou y o e".split())
"""A hyphen before one of these words is not removed: "two- and three-year terms"."""


def count_words(lines: Iterable[str]) -> Counter[str]:
    """Count the words within lines, in lower case. A hyphenated compound is one word."""
    return Counter(word.casefold() for line in lines for word in _WORD.findall(line))


class LineJoiner:
    """Joins the lines of a paragraph, and records which part of the text is on which page.

    A word that is split between two pages belongs to the page where it begins.
    """

    def __init__(self, words: Counter[str]) -> None:
        self.parts: list[str] = []
        self.page_spans: list[PageSpan] = []
        self._words = words
        self._length = 0

    def add(self, line: str, *, page: int) -> None:
        """Append a line, which must not be empty."""
        continues_word = self._append_separator(line)
        start = self._length
        self.parts.append(line)
        self._length += len(line)
        if self.page_spans and self.page_spans[-1].page == page:
            self._end_at(self._length)
            return
        if continues_word:
            head = len(line.split(maxsplit=1)[0])
            self._end_at(start + head)
            start += head + 1
        if start < self._length:
            self.page_spans.append(PageSpan(start, self._length, page))

    def _end_at(self, end: int) -> None:
        last = self.page_spans[-1]
        self.page_spans[-1] = PageSpan(last.start, end, last.page)

    def _append_separator(self, line: str) -> bool:
        """Append the separator before the next line. Returns whether a word continues."""
        if not self.parts:
            return False
        last = self.parts[-1]
        hyphenated = _HYPHENATED.search(last, max(0, len(last) - _LONGEST_WORD))
        word = _LETTERS.match(line)
        is_suspended = word is not None and word[0] in _SUSPENDED
        if hyphenated is not None and line[0].isalnum() and not is_suspended:
            if word is not None and not self._is_compound(hyphenated, word[0]):
                self.parts[-1] = last[:-1]
                self._length -= 1
                self._end_at(self._length)
            return True
        if not _NO_SPACE.fullmatch(f"{last[-1]}\n{line[0]}"):
            self.parts.append(" ")
            self._length += 1
        return False

    def _is_compound(self, hyphenated: re.Match[str], second: str) -> bool:
        """Whether a hyphen at the end of a line belongs to the word, as in "well-known".

        The spelling elsewhere in the document decides. If the word does not occur elsewhere, a
        capital or a digit decides.
        """
        first = hyphenated[1].casefold()
        if hyphenated[0].endswith("\u00ad"):
            return False
        whole = self._words[first + second.casefold()]
        compound = self._words[f"{first}-{second.casefold()}"]
        if whole or compound:
            return compound > whole
        return not (first.isalpha() and second[0].islower())


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
    return abs(one - other) <= SAME_HEIGHT * max(one, other)


def is_lower_case(line: TextRun) -> bool:
    """Whether a line begins with a lower-case letter, so that it does not begin a sentence."""
    return line.text[:1].islower()


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
