"""What is known about an article, and what a page says about its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pullquote.parsing.news.boilerplate import Label, PageElement, parse_scraped_day
from pullquote.parsing.news.bylines import Byline, parse_dateline
from pullquote.parsing.news.dates import PublicationDates
from pullquote.parsing.news.paragraph import PageParagraph, ParagraphMark
from pullquote.parsing.news.tags import SECTIONS
from pullquote.parsing.trace import is_tracing, trace_origin
from pullquote.schema import Role, Status

_TITLE = 80
_SPEAKER = re.compile(r"[^\W\d_a-zß-ÿ][^\d:()]{1,40}:\s")
_SENTENCE = re.compile(r".{15,}?[.!?][\"'”’»)]*(?= |$)")


@dataclass(slots=True, kw_only=True)
class ArticleMetadata:
    """What is known about an article; None and () where nothing says it."""

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
        """Take over what the other knows and this does not; `origin` says where that is from."""
        for name in self.__slots__:
            if getattr(self, name) in (None, ()):
                setattr(self, name, getattr(other, name))
        if origin is not None:
            other.note(origin)

    def note(self, origin: str) -> None:
        """Say to whoever inspects the file where all of it is known from."""
        if is_tracing():
            for name in self.__slots__:
                trace_origin(name, getattr(self, name), origin)


def metadata_of_element(item: PageElement | None) -> ArticleMetadata:
    """What a piece of furniture says about the article."""
    facts = ArticleMetadata()
    match item:
        case Byline():
            facts = ArticleMetadata(
                authors=item.authors, source=item.source, published=item.published
            )
        case PublicationDates():
            facts = ArticleMetadata(published=item.published, modified=item.modified)
        case Label(key="tags"):
            facts.tags = item.values
        case Label():
            setattr(facts, item.key, item.values[0])
    return facts


def metadata_from_text(
    paragraphs: Sequence[PageParagraph], marks: Sequence[ParagraphMark]
) -> ArticleMetadata:
    """What the headline, the standfirst, the dateline and the lines above them say."""
    texts: dict[Role, list[str]] = {role: [] for role in Role}
    for paragraph, mark in zip(paragraphs, marks, strict=True):
        texts[mark.role].append(paragraph.text)
    facts = ArticleMetadata(
        title=next(iter(texts[Role.HEADLINE]), None),
        standfirst=" ".join(texts[Role.STANDFIRST]) if texts[Role.STANDFIRST] else None,
    )
    facts.note("the text")
    said = _is_dialogue(texts[Role.BODY])
    for text in (*texts[Role.STANDFIRST], *texts[Role.BODY][:1]):
        dateline = parse_dateline(text)
        if dateline is not None and not (said and dateline.agency is None):
            facts.fill_from(
                ArticleMetadata(place=dateline.place, source=dateline.agency),
                origin="how the report begins",
            )
        facts.fill_from(ArticleMetadata(title=cut_title(text)), origin="how the text begins")
    for text in texts[Role.BOILERPLATE]:
        if text.lower() in SECTIONS:
            facts.fill_from(ArticleMetadata(section=text), origin="a line above the headline")
        facts.fill_from(ArticleMetadata(published=parse_scraped_day(text)), origin="the first line")
    return facts


def _is_dialogue(texts: Sequence[str]) -> bool:
    """Whether more than one paragraph begins with a name and a colon, as in a transcript."""
    return sum(_SPEAKER.match(text) is not None for text in texts) > 1


def cut_title(text: str) -> str:
    """The first sentence of a text, or as many of its words as make about 80 characters."""
    sentence = _SENTENCE.match(text[:_TITLE])
    if sentence is not None:
        return sentence[0]
    if len(text) <= _TITLE:
        return text
    return text[:_TITLE].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + "…"
