"""The Markdown reader: YAML front matter, then CommonMark with tables.

The stored text is put together: headline, standfirst and byline from the front matter, then the
blocks of the body in plain words, with a blank line between two. Markup has no role and is gone:
the signs of emphasis, the targets of links, rules, HTML tags.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pullquote.ingest.decode import decode
from pullquote.ingest.frontmatter import FrontMatter, split_front_matter
from pullquote.ingest.pieces import Piece, compose, with_headline
from pullquote.ingest.rendering import render
from pullquote.ingest.source import SourceFile
from pullquote.schema import Article, Role

_LINE_END = re.compile(r"\r\n?")


def read_markdown(file: SourceFile) -> tuple[Article, ...]:
    """The one article of a Markdown file.

    Raises ArticleError where the file is empty or no text, or its front matter is not valid.
    """
    decoded = decode(file.content, path=file.id)
    split = split_front_matter(_LINE_END.sub("\n", decoded.text), path=file.id)
    pieces = list(_head(split.front))
    body = render(split.body, path=file.id)
    pieces += _without_title(body, title=split.front.title)
    article = compose(
        file,
        pieces,
        known=split.front.facts(),
        encoding=decoded.encoding,
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
        return with_headline(pieces)
    return rest if " ".join(first.text.split()) == title else pieces
