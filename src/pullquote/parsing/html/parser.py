"""The HTML reader: a saved web page to its article.

The stored text is put together: the headline, the article's paragraphs in plain words, then what
readers said, with a blank line between two. What is only page furniture is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pullquote.errors import ArticleError
from pullquote.parsing.article import build_article
from pullquote.parsing.decode import Decoded
from pullquote.parsing.documents.plain import parse_plain
from pullquote.parsing.formats import Format
from pullquote.parsing.html.credits import choose_authors, find_authors, find_published
from pullquote.parsing.html.dropped import note_left_out
from pullquote.parsing.html.headline import find_headline, title_of
from pullquote.parsing.html.heuristics import is_standfirst
from pullquote.parsing.html.main_text import MOST_JUDGED, find_article
from pullquote.parsing.html.mhtml import SavedPage, is_mhtml, unpack
from pullquote.parsing.html.outline import Outline, Outlined, outline
from pullquote.parsing.html.page_metadata import Metadata, read_metadata
from pullquote.parsing.html.reader_comments import read_comments
from pullquote.parsing.html.tree import WebPage, parse
from pullquote.parsing.lines import Stretch
from pullquote.parsing.news.boilerplate_lines import credit_behind
from pullquote.parsing.news.layout import analyse_page
from pullquote.parsing.news.paragraph import PageParagraph, ParagraphMark, shorten
from pullquote.parsing.source import SourceFile
from pullquote.parsing.trace import known_from, listening
from pullquote.schema import Article, Role

FORMAT = Format(
    name="html",
    suffixes=(".html", ".htm", ".xhtml", ".mhtml", ".mht"),
    summary=(
        "saved web pages: headline, text, captions, corrections and reader comments told "
        "apart, menus and promotions left out; title, authors and dates from what the page "
        "says for machines"
    ),
)

_GAP = "\n\n"


@dataclass(frozen=True, slots=True)
class _Piece:
    """A paragraph of the article, its role where the markup tells it, and a comment's mark."""

    text: str
    role: Role | None = None
    said: ParagraphMark | None = None


@dataclass(frozen=True, slots=True)
class _Reading:
    """What stands where on a page: by number of paragraph."""

    found: Outline
    headline: int | None
    comments: Mapping[int, ParagraphMark]
    kept: Sequence[bool]


def parse_html(file: SourceFile) -> tuple[Article, ...]:
    """The one article of a web page, or of a file of that name that is plain text.

    Raises ArticleError where the page holds no text or cannot be read whole.
    """
    saved = SavedPage(file.content, None, None)
    if is_mhtml(file.content):
        saved = unpack(file.content, path=file.id)
    page = parse(saved.content, path=file.id, charset=saved.charset)
    if page.root is None:
        return parse_plain(replace(file, content=saved.content))
    metadata = read_metadata(page.root)
    if metadata.facts.url is None:
        metadata.facts.url = saved.url
    reading = _read(page, metadata)
    if listening():
        note_left_out(reading.found, kept=reading.kept, headline=reading.headline,
                      said=reading.comments)  # fmt: skip
    _learn_credits(page, reading, metadata)
    return (_build(file, page, reading, metadata),)


def _read(page: WebPage, metadata: Metadata) -> _Reading:
    """What stands where on a page."""
    found = outline(page.root)
    headline = find_headline(found.paragraphs, metadata)
    comments = read_comments(found, headline=headline)
    kept = find_article(
        page.content,
        found.paragraphs,
        metadata=metadata,
        headline=headline,
        said=comments,
        judged=page.elements <= MOST_JUDGED,
    )
    return _Reading(found, headline, comments, kept)


def _learn_credits(page: WebPage, reading: _Reading, metadata: Metadata) -> None:
    """Put title, authors and day into the facts."""
    facts, found, headline = metadata.facts, reading.found, reading.headline
    own = None if headline is None else found.paragraphs[headline].text
    facts.title = title_of(own, metadata)
    known_from("title", facts.title, "what the page is called" if own is None else "its heading")
    named = find_authors(
        found, headline=headline, kept=reading.kept, said=reading.comments, site=facts.source
    )
    facts.authors = choose_authors(facts.authors, named)
    known_from("authors", facts.authors, "the page itself")
    if facts.published is None:
        facts.published = find_published(
            page.content,
            found,
            headline=headline,
            kept=reading.kept,
            said=reading.comments,
            url=facts.url,
        )
        known_from("published", facts.published, "the page itself")


def _build(file: SourceFile, page: WebPage, reading: _Reading, metadata: Metadata) -> Article:
    """The article, put together."""
    facts = metadata.facts
    pieces = list(_pieces(reading, metadata))
    if not pieces:
        raise ArticleError(file.id, page.why_empty)
    if facts.title is not None:
        pieces.insert(0, _Piece(facts.title, Role.HEADLINE))
    text = _GAP.join(piece.text for piece in pieces)
    stretches = tuple(_place(pieces))
    told = [
        PageParagraph(shorten(text, start=s.start, end=s.end), role=piece.role)
        for s, piece in zip(stretches, pieces, strict=True)
        if piece.said is None
    ]
    read = analyse_page(told, authors=facts.authors)
    facts.fill_from(read.metadata)
    return build_article(
        file,
        Decoded(text, page.decoded.encoding),
        stretches=stretches,
        marks=[*read.marks, *(piece.said for piece in pieces if piece.said is not None)],
        facts=facts,
        language=metadata.language,
        kind=metadata.kind,
    )


def _pieces(reading: _Reading, metadata: Metadata) -> Iterator[_Piece]:
    """The paragraphs of an article with the roles that the markup tells, then the comments."""
    began = False
    paragraphs = reading.found.paragraphs
    for i, paragraph in enumerate(paragraphs):
        if not reading.kept[i] or i == reading.headline:
            continue
        place = paragraph.place
        if place.caption:
            yield from _caption(paragraph)
        elif (place.pulled or place.quoted) and not paragraph.heading:
            yield _Piece(paragraph.text, Role.QUOTATION)
        elif not began and is_standfirst(paragraph, metadata):
            yield _Piece(paragraph.text, Role.STANDFIRST)
        else:
            began = began or paragraph.is_prose
            yield _Piece(paragraph.text)
    for i, mark in reading.comments.items():
        if mark.role is Role.COMMENT:
            yield _Piece(paragraphs[i].text, mark.role, mark)


def _caption(paragraph: Outlined) -> Iterator[_Piece]:
    """A caption and the credit behind it; what is only named as a caption may be no such thing."""
    text = paragraph.text
    end = credit_behind(text)
    if end > 0:
        yield _Piece(text[:end], Role.CAPTION if paragraph.place.figure else Role.BOILERPLATE)
    if end < len(text):
        yield _Piece(text[end:].strip(), Role.BOILERPLATE)


def _place(pieces: Sequence[_Piece]) -> Iterator[Stretch]:
    """Where each piece stands in the text that is put together of them."""
    at = 0
    for piece in pieces:
        yield Stretch(at, at + len(piece.text), indented=False, spaced=True)
        at += len(piece.text) + len(_GAP)
