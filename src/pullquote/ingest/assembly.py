"""An article that is put together: its stored text is its pieces, a blank line between two.

What every format ends with whose file is not itself the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pullquote.ingest.article import build_article
from pullquote.ingest.decode import Decoded
from pullquote.ingest.facts import Facts
from pullquote.ingest.lines import Stretch
from pullquote.ingest.page import read_page
from pullquote.ingest.paragraph import Paragraph, show
from pullquote.ingest.source import SourceFile
from pullquote.schema import Article, Role

_GAP = "\n\n"


@dataclass(frozen=True, slots=True)
class Piece:
    """A block in plain words, not blank, and its role where the format tells it."""

    text: str
    role: Role | None = None
    heading: bool = False


def assemble(
    file: SourceFile,
    body: Sequence[Piece],
    *,
    facts: Facts,
    encoding: str,
    language: str | None = None,
) -> Article:
    """The article of a body and the facts that stand outside it, which become its head.

    The body's first heading is the headline, or left out where it repeats the title. What the
    facts leave open the body may say.
    """
    pieces = (*_head(facts), *_without_title(body, title=facts.title))
    text = _GAP.join(piece.text for piece in pieces)
    stretches = tuple(_place(pieces))
    page = read_page(
        [
            Paragraph(show(text, start=s.start, end=s.end), role=piece.role)
            for s, piece in zip(stretches, pieces, strict=True)
        ],
        authors=facts.authors,
    )
    facts = replace(facts)
    facts.learn(page.facts)
    return build_article(
        file,
        Decoded(text, encoding),
        stretches=stretches,
        marks=page.marks,
        facts=facts,
        language=language,
    )


def _head(facts: Facts) -> Iterator[Piece]:
    """The blocks that the facts make."""
    if facts.title is not None:
        yield Piece(facts.title, Role.HEADLINE)
    if facts.standfirst is not None:
        yield Piece(facts.standfirst, Role.STANDFIRST)
    if facts.authors:
        *first, last = facts.authors
        names = f"{', '.join(first)} and {last}" if first else last
        yield Piece(f"By {names}", Role.BYLINE)


def _without_title(pieces: Sequence[Piece], *, title: str | None) -> Sequence[Piece]:
    """The body, whose first heading is the headline, or repeats the one that is known."""
    if not pieces or not pieces[0].heading:
        return pieces
    first, *rest = pieces
    if title is None:
        return [replace(first, role=Role.HEADLINE), *rest]
    return rest if " ".join(first.text.split()) == title else pieces


def _place(pieces: Sequence[Piece]) -> Iterator[Stretch]:
    """Where each piece stands in the text that is put together of them."""
    at = 0
    for piece in pieces:
        yield Stretch(at, at + len(piece.text), indented=False, spaced=True)
        at += len(piece.text) + len(_GAP)
