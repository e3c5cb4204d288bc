"""What formats with markup end with: blocks in plain words, put together to an Article.

The stored text is made here, with a blank line between two pieces; every offset points into it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pullquote.errors import ArticleError
from pullquote.parsing.article import build_article
from pullquote.parsing.decode import Decoded
from pullquote.parsing.lines import Stretch
from pullquote.parsing.news.layout import analyse_page
from pullquote.parsing.news.metadata import ArticleMetadata
from pullquote.parsing.news.paragraph import PageParagraph, shorten
from pullquote.parsing.source import SourceFile
from pullquote.schema import Article, Role, well_formed

_GAP = "\n\n"
_SURROGATES = dict.fromkeys(range(55296, 57344), "�")


@dataclass(frozen=True, slots=True)
class Leaf:
    """What of a piece stands on one page: `text[start:end]` of it."""

    start: int
    end: int
    page: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A block in plain words, and its role where the markup tells it.

    `leaves`, in formats that have pages, part it where a page ends.
    """

    text: str
    role: Role | None = None
    heading: bool = False
    leaves: tuple[Leaf, ...] = ()


def well_said(text: str) -> str:
    """Words as they are stored: white space collapsed, but for line breaks, and no surrogates."""
    if not well_formed(text):  # as UTF-16, where two may be one character
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def with_headline(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """The pieces, of which the first is the headline if it is a heading and none is one yet."""
    told = any(piece.role is Role.HEADLINE for piece in pieces)
    if told or not pieces or not pieces[0].heading:
        return pieces
    return [replace(pieces[0], role=Role.HEADLINE), *pieces[1:]]


def headed(facts: ArticleMetadata, body: Sequence[Piece]) -> Sequence[Piece]:
    """A body under the headline, standfirst and byline that the facts make.

    Its first heading is left out where it repeats the title.
    """
    if facts.title is None:
        return [*_head(facts), *with_headline(body)]
    same = body and body[0].heading and " ".join(body[0].text.split()) == facts.title
    return [*_head(facts), *(body[1:] if same else body)]


def _head(facts: ArticleMetadata) -> Iterator[Piece]:
    """The blocks that the facts make."""
    if facts.title is not None:
        yield Piece(facts.title, Role.HEADLINE)
    if facts.standfirst is not None:
        yield Piece(facts.standfirst, Role.STANDFIRST)
    if facts.authors:
        *first, last = facts.authors
        names = f"{', '.join(first)} and {last}" if first else last
        yield Piece(f"By {names}", Role.BYLINE)


def compose(
    file: SourceFile,
    pieces: Sequence[Piece],
    *,
    known: ArticleMetadata | None = None,
    properties: ArticleMetadata | None = None,
    encoding: str = "utf-8",
    language: str | None = None,
) -> Article:
    """The article of a file that was rendered to pieces, none of them empty.

    `known` is certain and wins over what the page says about itself; `properties` are what a
    program noted about the document, and the page wins over them.

    Raises ArticleError where there are no pieces.
    """
    if not pieces:
        raise ArticleError(file.id, "the file is empty")
    text = _GAP.join(piece.text for piece in pieces)
    places = tuple(_place(pieces))
    facts = ArticleMetadata() if known is None else replace(known)
    facts.record_origin("the file's fields")
    page = analyse_page(
        [
            PageParagraph(shorten(text, start=s.start, end=s.end), role=piece.role)
            for s, piece in zip(places, pieces, strict=True)
        ],
        authors=facts.authors,
    )
    if properties is not None:
        properties.record_origin("the file's properties")
        if all(mark.role is not Role.HEADLINE for mark in page.marks):
            # Otherwise the first sentence would become the title.
            facts.fill_from(ArticleMetadata(title=properties.title))
        page.metadata.fill_from(properties)
    facts.fill_from(page.metadata)
    leaves = [
        (leaf, mark)
        for place, piece, mark in zip(places, pieces, page.marks, strict=True)
        for leaf in _part(place, piece)
    ]
    return build_article(
        file,
        Decoded(text, encoding),
        stretches=[leaf for leaf, _ in leaves],
        marks=[mark for _, mark in leaves],
        facts=facts,
        language=language,
    )


def _place(pieces: Sequence[Piece]) -> Iterator[Stretch]:
    """Where each piece stands in the text that is put together of them."""
    at = 0
    for piece in pieces:
        yield Stretch(at, at + len(piece.text), indented=False, spaced=True)
        at += len(piece.text) + len(_GAP)


def _part(place: Stretch, piece: Piece) -> Iterator[Stretch]:
    """The piece, in parts where it goes on overleaf."""
    for leaf in piece.leaves:
        start, end = place.start + leaf.start, place.start + leaf.end
        yield replace(place, start=start, end=end, page=leaf.page)
    if not piece.leaves:
        yield place
