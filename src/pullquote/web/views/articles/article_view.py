"""Articles as HTML, block by block. Pure; article.css styles them.

This module decides what each block shows; `article.html` makes the HTML.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import zip_longest

from markupsafe import Markup

from pullquote.answering.answers import cite_at
from pullquote.base.plurals import listed
from pullquote.conversation.citations import is_web
from pullquote.newsroom.assistant import Assistant
from pullquote.schema import Article, Block, Role
from pullquote.web.page_images import page_image_address
from pullquote.web.pages import render
from pullquote.web.views.permalinks import audit_address, copies_of
from pullquote.web.views.text_segments import TextSegment, segments

CITED = "pq-cited"
"""The id of the mark that the article pane scrolls to."""


@dataclass(frozen=True, slots=True)
class BlockView:
    """A block as its template needs it.

    All fields after `words` are for reader comments. `above` is the line that names the author.
    `first_comment` is True for the first comment. `time` is None if there is such a line.
    """

    role: Role
    words: Sequence[TextSegment]
    above: Sequence[TextSegment] = ()
    first_comment: bool = False
    author: str | None = None
    time: datetime | date | None = None

    @property
    def comment(self) -> bool:
        """Whether it is a reader comment."""
        return self.role is Role.COMMENT


def article_html(article: Article, highlights: Sequence[range] = ()) -> Markup:
    """The article block by block, with the highlighted characters marked.

    `highlights` are ranges of characters of `article.text`. The first mark has the id `CITED`.
    """
    roles = {block.role for block in article.blocks}
    return render(
        "views/article.html",
        "article",
        language=article.language,
        title=None if Role.HEADLINE in roles else article.title,
        source=article.source or "",
        author="" if Role.BYLINE in roles else article.author or "",
        published=article.published,
        modified=article.modified,
        section=article.section or "",
        path="".join(article.whereabouts[-1:]),  # "" if the source and the day are known
        unread=_unread(article.unread_pages),
        blocks=list(_blocks(article, _Marker(article, highlights))),
    )


class _Marker:
    """Cuts blocks at the highlights; the first mark of the article gets the id."""

    def __init__(self, article: Article, highlights: Sequence[range]) -> None:
        self._text = article.text
        self._highlights = highlights
        self._first = CITED

    def words(self, block: Block) -> list[TextSegment]:
        inside = [
            range(marked.start - block.start, marked.stop - block.start)
            for marked in self._highlights
        ]
        words = segments(self._text[block.start : block.end], inside, first=self._first)
        if any(segment.marked for segment in words):
            self._first = ""
        return words


def _blocks(article: Article, marker: _Marker) -> Iterator[BlockView]:
    """The blocks in order; a line that names a comment's author becomes part of the comment."""
    heading: Block | None = None
    commented = False
    for block, after in zip_longest(article.blocks, article.blocks[1:]):
        if block.role is Role.BOILERPLATE and after is not None and after.role is Role.COMMENT:
            heading = block
            continue
        if block.role is not Role.COMMENT:
            yield BlockView(block.role, marker.words(block))
            heading = None
            continue
        above = [] if heading is None else marker.words(heading)
        yield BlockView(
            block.role,
            marker.words(block),
            above=above,
            first_comment=not commented,
            author=block.author,
            time=block.time if heading is None else None,
        )
        heading, commented = None, True


def _unread(pages: Sequence[int]) -> str:
    """A warning that some pages are pictures, so the text is not the whole article."""
    if len(pages) == 1:
        return f"page {pages[0]} is a picture and was not read"
    if not pages:
        return ""
    return f"pages {listed([str(page) for page in pages])} are pictures and were not read"


def toolbar_html(article: Article, cited: range, *, page_image: str = "") -> Markup:
    """The tools for an article that is open at those characters; article.js handles them.

    `page_image` is the address of a picture of the page, if there is one.
    """
    citation = cite_at(article, cited)
    original = article.url if article.url is not None and is_web(article.url) else ""
    page = citation.page if cited else None
    return render(
        "views/toolbar.html",
        "toolbar",
        copies=copies_of(citation),
        title=article.title,
        page=page,
        page_image=page_image,
        original=original,
        audit=audit_address(article.id),
    )


def opened_article_html(
    assistant: Assistant, article: Article, cited: range, notice: Markup | None = None
) -> Markup:
    """The article with its tools, its cited words marked, and a notice between both."""
    address = page_image_address(assistant, article, cited)
    tools = toolbar_html(article, cited, page_image=address)
    top = tools if notice is None else tools + notice
    return top + article_html(article, [cited] if cited else [])
