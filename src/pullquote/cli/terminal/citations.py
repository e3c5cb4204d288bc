"""Prints where quoted words are from."""

from __future__ import annotations

from collections.abc import Sequence

from pullquote.base.console import one_line, say, when
from pullquote.base.plurals import quote_marks
from pullquote.schema import Citation


def print_citations(citations: Sequence[Citation]) -> None:
    """Print the place of each citation on a line with a number."""
    for number, citation in enumerate(citations, start=1):
        say(f"[{number}] {_place(citation)}", style="dim", indent=2)


def print_quote(citation: Citation, *, indent: int = 2) -> None:
    """Print the sentence of a citation and its place."""
    say(in_quote_marks(citation.sentence), indent=indent)
    say(_place(citation), style="dim", indent=indent)


def in_quote_marks(text: str) -> str:
    """A text on one line in quote marks."""
    marks = quote_marks(text)
    return f"{marks[0]}{one_line(text)}{marks[1]}"


def _place(citation: Citation) -> str:
    characters = f"characters {citation.start}-{citation.end}"
    place = ", ".join(filter(None, [*citation.details, citation.role_words, characters]))
    parts = (
        citation.title,
        citation.source,
        when(citation.published),
        *citation.whereabouts[:-1],
        citation.said_by,
        place,
        citation.article,
    )
    return " · ".join(one_line(part) for part in parts if part)
