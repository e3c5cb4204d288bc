"""What passes between a format and the reading of a page: paragraphs there, marks back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from pullquote.schema import Role

LONGEST = 600
"""Characters of a paragraph that are looked at; what is as long as this is no furniture."""


@dataclass(frozen=True, slots=True)
class PageParagraph:
    """What stands in a paragraph, with white space collapsed: at most `LONGEST` of it.

    `role` is set where the format says what the paragraph is. `indented` and `spaced` are as in
    `lines.Stretch`.
    """

    text: str
    role: Role | None = None
    indented: bool = False
    spaced: bool = True


@dataclass(frozen=True, slots=True)
class ParagraphMark:
    """The role of a paragraph; a comment's also with its author and time."""

    role: Role
    author: str | None = None
    time: datetime | date | None = None


def show(text: str, *, start: int, end: int) -> str:
    """A stretch of a text as a paragraph shows it; of a long one, the beginning."""
    if end - start > LONGEST:
        return text[start : start + LONGEST]
    return " ".join(text[start:end].split())
