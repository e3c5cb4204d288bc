"""The input and the output of the analysis of a page: its paragraphs, and a mark for each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from pullquote.schema import Role

LONGEST = 600
"""How many characters of a paragraph are analysed. A longer paragraph is running text."""


@dataclass(frozen=True, slots=True)
class PageParagraph:
    """The text of a paragraph with collapsed white space, cut to `LONGEST` characters.

    `role` is set if the format determines the role. `indented` and `spaced` are as in
    `lines.ParagraphSpan`.
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
