"""Articles -> HTML, typeset block by block. Pure functions; style.css gives the looks.

They say what each block shows; `article.html` makes the HTML.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import zip_longest

from markupsafe import Markup

from pullquote.conversation.citation_format import is_web
from pullquote.schema import Article, Block, Role
from pullquote.web.templating import render
from pullquote.web.views.text_segments import TextSegment, segments

CITED = "pq-cited"
"""The id of the mark that the article pane scrolls to."""


@dataclass(frozen=True, slots=True)
class Typeset:
    """A block as it is set; `above` are the words of the line that heads a comment.

    `first_comment` says whether no comment stands before it; `author` and `time` are a comment's.
    """

    role: Role
    words: Sequence[TextSegment]
    above: Sequence[TextSegment] = ()
    first_comment: bool = False
    author: str | None = None
    time: datetime | date | None = None

    @property
    def comment(self) -> bool:
        """Whether a reader wrote it."""
        return self.role is Role.COMMENT


@dataclass(frozen=True, slots=True)
class Shown:
    """An article as it is set; `title` is None where a headline stands among its blocks.

    `source` and `section` are "" where they are not known, as is `url` where it is not of the web.
    """

    language: str
    title: str | None
    source: str
    published: datetime | date | None
    modified: datetime | date | None
    section: str
    unread: str
    url: str
    blocks: Sequence[Typeset]


def article_html(article: Article, highlights: Sequence[range] = ()) -> Markup:
    """The article typeset block by block, with the highlighted characters marked.

    `highlights` are ranges of characters of `article.text`. The first mark on the page has the
    id `CITED`.
    """
    untitled = all(block.role is not Role.HEADLINE for block in article.blocks)
    shown = Shown(
        language=article.language,
        title=article.title if untitled else None,
        source=article.source or article.author or "",
        published=article.published,
        modified=article.modified,
        section=article.section or "",
        unread=_unread(article.unread_pages),
        url=article.url if article.url is not None and is_web(article.url) else "",
        blocks=list(_blocks(article, _Marker(article, highlights))),
    )
    return render("views/article.html", "article", shown)


class _Marker:
    """Cuts blocks at the highlights; the first mark of all that it cuts gets the id."""

    def __init__(self, article: Article, highlights: Sequence[range]) -> None:
        self._text = article.text
        self._highlights = highlights
        self._first = CITED

    def words(self, block: Block) -> list[TextSegment]:
        inside = [
            range(cut.start - block.start, cut.stop - block.start) for cut in self._highlights
        ]
        found = segments(self._text[block.start : block.end], inside, first=self._first)
        if any(piece.marked for piece in found):
            self._first = ""
        return found


def _blocks(article: Article, marker: _Marker) -> Iterator[Typeset]:
    """The blocks in order, with the line that names a comment's author as a part of the comment."""
    heading: Block | None = None
    commented = False
    for block, after in zip_longest(article.blocks, article.blocks[1:]):
        if block.role is Role.BOILERPLATE and after is not None and after.role is Role.COMMENT:
            heading = block
            continue
        if block.role is not Role.COMMENT:
            yield Typeset(block.role, marker.words(block))
            heading = None
            continue
        above = [] if heading is None else marker.words(heading)
        yield Typeset(
            block.role,
            marker.words(block),
            above=above,
            first_comment=not commented,
            author=block.author,
            time=block.time if heading is None else None,
        )
        heading, commented = None, True


def _unread(pages: Sequence[int]) -> str:
    """Which pages are pictures, so that nobody takes what is shown for the whole."""
    return f"pictures, not read: page {', '.join(map(str, pages))}" if pages else ""
