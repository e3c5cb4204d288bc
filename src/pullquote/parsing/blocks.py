"""The last step for formats with markup: joins text blocks into an Article.

The stored text is made here, with a blank line between blocks. Every offset points into this text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from pullquote.base.plurals import listed
from pullquote.parsing.decode import Decoded
from pullquote.parsing.language import language_of
from pullquote.parsing.lines import PageParagraph, ParagraphMark, ParagraphSpan, shorten
from pullquote.parsing.news.layout import analyse_page
from pullquote.parsing.news.metadata import ArticleMetadata
from pullquote.parsing.source import SourceFile
from pullquote.schema import Article, Block, Kind, Layout, Role, Status, well_formed
from pullquote.schema.errors import ArticleError

_REPORTED = (Role.HEADLINE, Role.STANDFIRST, Role.BODY, Role.QUOTATION, Role.CAPTION)


def build_article(
    file: SourceFile,
    decoded: Decoded,
    *,
    spans: Sequence[ParagraphSpan],
    marks: Sequence[ParagraphMark],
    facts: ArticleMetadata,
    language: str | None = None,
    kind: Kind = Kind.REPORT,
) -> Article:
    """The article of a file.

    Each range of the text becomes a block, with the role, author and time that its mark gives.

    If an article has no title, the name of its file becomes the title. `language` is the language
    that the article declares.
    """
    blocks = tuple(
        Block(
            role=mark.role,
            start=s.start,
            end=s.end,
            author=mark.author,
            time=mark.time,
            page=s.page,
            layout=s.layout,
        )
        for s, mark in zip(spans, marks, strict=True)
    )
    reported = (decoded.text[b.start : b.end] for b in blocks if b.role in _REPORTED)
    return Article(
        id=file.id,
        version=file.version,
        text=decoded.text,
        blocks=blocks,
        title=PurePosixPath(file.id).stem if facts.title is None else facts.title,
        standfirst=facts.standfirst,
        authors=facts.authors,
        source=facts.source,
        section=facts.section,
        place=facts.place,
        tags=facts.tags,
        published=facts.published,
        modified=facts.modified,
        url=facts.url,
        kind=kind,
        item=facts.item,
        revision=facts.revision,
        status=Status.USABLE if facts.status is None else facts.status,
        embargoed=facts.embargoed,
        language=language_of(reported, declared=language),
        encoding=decoded.encoding,
    )


_GAP = "\n\n"


@dataclass(frozen=True, slots=True)
class PageSpan:
    """The part of a block that is on one page: `text[start:end]`."""

    start: int
    end: int
    page: int


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A block in plain text, and its role if the markup states the role.

    In formats with pages, `page_spans` divides the block at the ends of pages. A `mark`, if given,
    is final, for instance the mark of a comment. `layout` is as in `Block`.
    """

    text: str
    role: Role | None = None
    heading: bool = False
    page_spans: tuple[PageSpan, ...] = ()
    mark: ParagraphMark | None = None
    layout: Layout | None = None


def clean_text(text: str) -> str:
    """A text as it is stored: without surrogates, and with white space collapsed within lines."""
    lines = (" ".join(line.split()) for line in without_surrogates(text).split("\n"))
    return "\n".join(line for line in lines if line)


def without_surrogates(text: str) -> str:
    """A text that can be stored: a pair of surrogates becomes its character, a lone one U+FFFD."""
    if well_formed(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def with_headline(blocks: Sequence[TextBlock]) -> Sequence[TextBlock]:
    """The blocks. If none is a headline yet, a heading at the top becomes the headline."""
    has_headline = any(block.role is Role.HEADLINE for block in blocks)
    if has_headline or not blocks or not blocks[0].heading:
        return blocks
    return [replace(blocks[0], role=Role.HEADLINE), *blocks[1:]]


def with_metadata_blocks(facts: ArticleMetadata, body: Sequence[TextBlock]) -> Sequence[TextBlock]:
    """A headline, standfirst and byline made from the facts, followed by the body.

    The first heading of the body is left out if it repeats the title.
    """
    if facts.title is None:
        return [*_metadata_blocks(facts), *with_headline(body)]
    same = body and body[0].heading and " ".join(body[0].text.split()) == facts.title
    return [*_metadata_blocks(facts), *(body[1:] if same else body)]


def _metadata_blocks(facts: ArticleMetadata) -> Iterator[TextBlock]:
    """A block each for the headline, the standfirst and the byline, if the facts contain them."""
    if facts.title is not None:
        yield TextBlock(facts.title, Role.HEADLINE)
    if facts.standfirst is not None:
        yield TextBlock(facts.standfirst, Role.STANDFIRST)
    if facts.authors:
        yield TextBlock(f"By {listed(facts.authors)}", Role.BYLINE)


def article_from_blocks(
    file: SourceFile,
    blocks: Sequence[TextBlock],
    *,
    known: ArticleMetadata | None = None,
    properties: ArticleMetadata | None = None,
    encoding: str = "utf-8",
    language: str | None = None,
    kind: Kind = Kind.REPORT,
    body_is_stated: bool = False,
) -> Article:
    """The article of a file that was converted to blocks, none of which is empty.

    `known` facts are certain and take precedence over the text. The text takes precedence over
    `properties`, which a program wrote into the document. `body_is_stated` is as in `analyse_page`.

    Raises ArticleError if there are no blocks.
    """
    if not blocks:
        raise ArticleError(file.id, "it has no text, or its text is only in pictures")
    text = _GAP.join(block.text for block in blocks)
    spans = tuple(_spans(blocks))
    facts = ArticleMetadata() if known is None else replace(known)
    facts.record_origin("the file's fields")
    marks, found = analyse_page(
        [
            PageParagraph(shorten(text, start=span.start, end=span.end), role=block.role)
            for span, block in zip(spans, blocks, strict=True)
            if block.mark is None
        ],
        authors=facts.authors,
        body_is_stated=body_is_stated,
    )
    if properties is not None:
        properties.record_origin("the file's properties")
        if all(mark.role is not Role.HEADLINE for mark in marks):
            # Otherwise, the first sentence would be the title.
            facts.fill_from(ArticleMetadata(title=properties.title))
        found.fill_from(properties)
    facts.fill_from(found)
    recognised = iter(marks)
    parts = [
        (part, mark)
        for span, block in zip(spans, blocks, strict=True)
        for mark in (next(recognised) if block.mark is None else block.mark,)
        for part in _divide(span, block)
    ]
    return build_article(
        file,
        Decoded(text, encoding),
        spans=[part for part, _ in parts],
        marks=[mark for _, mark in parts],
        facts=facts,
        language=language,
        kind=kind,
    )


def _spans(blocks: Sequence[TextBlock]) -> Iterator[ParagraphSpan]:
    at = 0
    for block in blocks:
        yield ParagraphSpan(
            at, at + len(block.text), indented=False, spaced=True, layout=block.layout
        )
        at += len(block.text) + len(_GAP)


def _divide(span: ParagraphSpan, block: TextBlock) -> Iterator[ParagraphSpan]:
    """The span of a block, divided where a page ends."""
    for part in block.page_spans:
        start, end = span.start + part.start, span.start + part.end
        yield replace(span, start=start, end=end, page=part.page)
    if not block.page_spans:
        yield span
