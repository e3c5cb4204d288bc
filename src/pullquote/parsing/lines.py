"""Divides a plain text into paragraphs, and describes the paragraphs of a page and their roles.

White space is defined by `str.isspace`. A line ends at CR LF, LF, CR, form feed, U+2028 or U+2029.
The other separators that `str.splitlines` knows do not end a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from pullquote.schema import Layout, Role

_LINE = re.compile(r"[^\n\r\f\u2028\u2029]+")
_ONE_ENDING = frozenset(("\n", "\r\n", "\r", "\u2028"))
_WIDEST_WRAP = 100
"""A file with a longer line is not hard-wrapped. Emails and wires wrap at 60 to 80 characters."""
_NARROWEST_WRAP = 50


@dataclass(frozen=True, slots=True)
class ParagraphSpan:
    """A line or paragraph, without the white space around it.

    `spaced` means that a blank line precedes it; `indented` means that its line begins with white
    space. `page` is its page number, in formats that have pages, and `layout` as in `Block`.
    """

    start: int
    end: int
    indented: bool
    spaced: bool
    page: int | None = None
    layout: Layout | None = None


def split_paragraphs(text: str) -> tuple[ParagraphSpan, ...]:
    """The paragraphs of a text, in order. Together they cover everything except white space.

    Every line is a paragraph, except in a hard-wrapped text. There, a line and the next line belong
    to the same paragraph if the first word of the next line would not have fitted on the line.
    """
    lines = tuple(_split_lines(text))
    width = _wrap_width(text, lines)
    if width is None:
        return lines
    paragraphs = list(lines[:1])
    for above, line in pairwise(lines):
        if _continues(text, above, line, width=width):
            first = paragraphs[-1]
            paragraphs[-1] = ParagraphSpan(first.start, line.end, first.indented, first.spaced)
        else:
            paragraphs.append(line)
    return tuple(paragraphs)


def _split_lines(text: str) -> Iterator[ParagraphSpan]:
    """The lines of a text, without blank lines."""
    spaced, ended = True, 0
    for match in _LINE.finditer(text):
        line = match.group()
        spaced = spaced or text[ended : match.start()] not in _ONE_ENDING
        ended = match.end()
        rest = line.lstrip()
        if not rest:
            spaced = True
            continue
        start = match.end() - len(rest)
        yield ParagraphSpan(start, start + len(rest.rstrip()), start > match.start(), spaced)
        spaced = False


def _wrap_width(text: str, lines: Sequence[ParagraphSpan]) -> int | None:
    """The width in characters at which a text was hard-wrapped, or None if it was not.

    A text was hard-wrapped if most lines, except the last line of each paragraph, are full.
    """
    lengths: list[int] = []
    for line, below in pairwise(lines):
        if line.end - line.start > _WIDEST_WRAP:
            return None
        if not below.spaced:
            lengths.append(line.end - line.start)
    if len(lengths) < 2 or lines[-1].end - lines[-1].start > _WIDEST_WRAP:
        return None
    width = sorted(lengths)[len(lengths) * 4 // 5]
    if width < _NARROWEST_WRAP:
        return None
    pairs = pairwise(lines)
    full = sum(_continues(text, line, below, width=width) for line, below in pairs)
    return width if full >= 0.6 * len(lengths) else None


def _continues(text: str, line: ParagraphSpan, below: ParagraphSpan, *, width: int) -> bool:
    """Whether the first word of the line below would not have fitted on this line."""
    if below.spaced or (below.indented and not line.indented):
        return False
    word = text[below.start : min(below.end, below.start + width)].split(maxsplit=1)[0]
    return line.end - line.start + 1 + len(word) > width


LONGEST = 600
"""How many characters of a paragraph are analysed. A longer paragraph is running text."""


@dataclass(frozen=True, slots=True)
class PageParagraph:
    """The text of a paragraph with collapsed white space, cut to `LONGEST` characters.

    `role` is set if the format determines the role. `indented` and `spaced` are as in
    `ParagraphSpan`.
    """

    text: str
    role: Role | None = None
    indented: bool = False
    spaced: bool = True


@dataclass(frozen=True, slots=True)
class ParagraphMark:
    """The role of a paragraph. Comments also have an author and a time."""

    role: Role
    author: str | None = None
    time: datetime | date | None = None


def shorten(text: str, *, start: int, end: int) -> str:
    """The text of a `PageParagraph` for `text[start:end]`."""
    if end - start > LONGEST:
        return text[start : start + LONGEST]
    return " ".join(text[start:end].split())
