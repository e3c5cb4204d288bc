"""The last step of every parser: builds an Article from a text and its paragraphs with roles."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from pullquote.parsing.decode import Decoded
from pullquote.parsing.language import language_of
from pullquote.parsing.lines import ParagraphSpan
from pullquote.parsing.news.metadata import ArticleMetadata
from pullquote.parsing.news.paragraph import ParagraphMark
from pullquote.parsing.source import SourceFile
from pullquote.schema import Article, Block, Kind, Role, Status

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
