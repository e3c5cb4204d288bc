"""The Markdown reader: YAML front matter, then CommonMark with tables.

The stored text is put together: headline, standfirst and byline from the front matter, then the
blocks of the body in plain words, with a blank line between two. Markup has no role and is gone:
the signs of emphasis, the targets of links, rules, HTML tags.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pullquote.errors import ArticleError
from pullquote.ingest.article import build_article
from pullquote.ingest.decode import Decoded, decode
from pullquote.ingest.frontmatter import FrontMatter, split_front_matter
from pullquote.ingest.lines import Stretch
from pullquote.ingest.page import read_page
from pullquote.ingest.paragraph import Paragraph, show
from pullquote.ingest.rendering import Piece, render
from pullquote.ingest.source import SourceFile
from pullquote.schema import Article, Role

_LINE_END = re.compile(r"\r\n?")
_GAP = "\n\n"


def read_markdown(file: SourceFile) -> tuple[Article, ...]:
    """The one article of a Markdown file.

    Raises ArticleError where the file is empty or no text, or its front matter is not valid.
    """
    decoded = decode(file.content, path=file.id)
    split = split_front_matter(_LINE_END.sub("\n", decoded.text), path=file.id)
    pieces = list(_head(split.front))
    body = render(split.body, path=file.id)
    pieces += _without_title(body, title=split.front.title)
    if not pieces:
        raise ArticleError(file.id, "the file is empty")
    text = _GAP.join(piece.text for piece in pieces)
    stretches = tuple(_place(pieces))
    page = read_page(
        [
            Paragraph(show(text, start=s.start, end=s.end), role=piece.role)
            for s, piece in zip(stretches, pieces, strict=True)
        ],
        authors=split.front.authors,
    )
    facts = split.front.facts()
    facts.learn(page.facts)
    article = build_article(
        file,
        Decoded(text, decoded.encoding),
        stretches=stretches,
        marks=page.marks,
        facts=facts,
        language=split.front.language,
    )
    return (article,)


def _head(front: FrontMatter) -> Iterator[Piece]:
    """The blocks that front matter makes."""
    if front.title is not None:
        yield Piece(front.title, Role.HEADLINE)
    if front.standfirst is not None:
        yield Piece(front.standfirst, Role.STANDFIRST)
    if front.authors:
        *first, last = front.authors
        names = f"{', '.join(first)} and {last}" if first else last
        yield Piece(f"By {names}", Role.BYLINE)


def _without_title(pieces: Sequence[Piece], *, title: str | None) -> Sequence[Piece]:
    """The body, whose first heading is the headline, or repeats the one of the front matter."""
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
