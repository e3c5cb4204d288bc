"""Input and output of the analysis of a page: its paragraphs, and a mark for each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from pullquote.schema import Role

LONGEST = 600
"""Characters of a paragraph that are analysed; anything that long is running text."""


@dataclass(frozen=True, slots=True)
class PageParagraph:
    """The text of a paragraph with collapsed white space, cut to `LONGEST` characters.

    `role` is set if the format determines it. `indented` and `spaced` are as in
    `lines.ParagraphSpan`.
    """

    text: str
    role: Role | None = None
    indented: bool = False
    spaced: bool = True


@dataclass(frozen=True, slots=True)
class ParagraphMark:
    """The role of a paragraph; comments also have an author and a time."""

    role: Role
    author: str | None = None
    time: datetime | date | None = None


def shorten(text: str, *, start: int, end: int) -> str:
    """The text of a `PageParagraph` for `text[start:end]`."""
    if end - start > LONGEST:
        return text[start : start + LONGEST]
    return " ".join(text[start:end].split())
