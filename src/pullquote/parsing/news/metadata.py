"""The metadata of an article, and how it is read from the text of a page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pullquote.base.dates.date_lines import PublicationDates
from pullquote.parsing.lines import PageParagraph, ParagraphMark
from pullquote.parsing.news.boilerplate import BoilerplateLabel, PageElement, parse_scraped_day
from pullquote.parsing.news.bylines import Byline, parse_dateline
from pullquote.parsing.news.tags import SECTIONS
from pullquote.parsing.trace import is_tracing, trace_origin
from pullquote.schema import Role, Status

_TITLE = 80
_SPEAKER = re.compile(r"[^\W\d_a-zß-ÿ][^\d:()]{1,40}:\s")
_SENTENCE = re.compile(r".{15,}?[.!?][\"'”’»)]*(?= |$)")


@dataclass(slots=True, kw_only=True)
class ArticleMetadata:
    """The known metadata of an article. Unknown values are None or ()."""

    title: str | None = None
    standfirst: str | None = None
    authors: tuple[str, ...] = ()
    source: str | None = None
    section: str | None = None
    place: str | None = None
    tags: tuple[str, ...] = ()
    published: datetime | date | None = None
    modified: datetime | date | None = None
    url: str | None = None
    item: str | None = None
    revision: int | None = None
    status: Status | None = None
    embargoed: datetime | None = None

    def fill_from(self, other: ArticleMetadata, *, origin: str | None = None) -> None:
        """Fill in unknown fields from `other`, and trace `origin` as their source."""
        for name in self.__slots__:
            if getattr(self, name) in (None, ()):
                setattr(self, name, getattr(other, name))
        if origin is not None:
            other.record_origin(origin)

    def record_origin(self, origin: str) -> None:
        """If tracing is on, trace the origin of all known fields."""
        if is_tracing():
            for name in self.__slots__:
                trace_origin(name, getattr(self, name), origin)


def metadata_of_element(item: PageElement | None) -> ArticleMetadata:
    """The metadata in an element of the page."""
    metadata = ArticleMetadata()
    match item:
        case Byline():
            metadata = ArticleMetadata(
                authors=item.authors, source=item.source, published=item.published
            )
        case PublicationDates():
            metadata = ArticleMetadata(published=item.published, modified=item.modified)
        case BoilerplateLabel(key="tags"):
            metadata.tags = item.values
        case BoilerplateLabel():
            setattr(metadata, item.key, item.values[0])
    return metadata


def metadata_from_text(
    paragraphs: Sequence[PageParagraph], marks: Sequence[ParagraphMark]
) -> ArticleMetadata:
    """The metadata in the headline, the standfirst, the dateline and the lines above these."""
    texts: dict[Role, list[str]] = {role: [] for role in Role}
    for paragraph, mark in zip(paragraphs, marks, strict=True):
        texts[mark.role].append(paragraph.text)
    metadata = ArticleMetadata(
        title=next(iter(texts[Role.HEADLINE]), None),
        standfirst=" ".join(texts[Role.STANDFIRST]) if texts[Role.STANDFIRST] else None,
    )
    metadata.record_origin("the text")
    # Several paragraphs of a transcript begin with a name and a colon.
    is_dialogue = sum(_SPEAKER.match(text) is not None for text in texts[Role.BODY]) > 1
    for text in (*texts[Role.STANDFIRST], *texts[Role.BODY][:1]):
        dateline = parse_dateline(text)
        if dateline is not None and not (is_dialogue and dateline.agency is None):
            metadata.fill_from(
                ArticleMetadata(place=dateline.place, source=dateline.agency),
                origin="the beginning of the report",
            )
        metadata.fill_from(
            ArticleMetadata(title=cut_title(text)), origin="the beginning of the text"
        )
    for text in texts[Role.BOILERPLATE]:
        if text.lower() in SECTIONS:
            metadata.fill_from(ArticleMetadata(section=text), origin="a line above the headline")
        metadata.fill_from(
            ArticleMetadata(published=parse_scraped_day(text)), origin="the first line"
        )
    return metadata


def cut_title(text: str) -> str:
    """The first sentence of a text, or its first words, up to about 80 characters."""
    sentence = _SENTENCE.match(text[:_TITLE])
    if sentence is not None:
        return sentence[0]
    if len(text) <= _TITLE:
        return text
    return text[:_TITLE].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + "…"
