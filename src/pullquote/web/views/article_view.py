"""Articles -> HTML, typeset block by block, all of it escaped. Pure; style.css gives the looks."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from pullquote.schema import Article, Block, Role
from pullquote.web.views.markup import escape, isolate, joined, link_html, marked, moment_html
from pullquote.web.views.render import comment_label

CITED = "pq-cited"
"""The id of the mark that the article pane scrolls to."""

_MARK = f'<mark id="{CITED}">'
_NOT_REPORTING = '<p class="pq-aside">Readers wrote the following; it is not reporting.</p>'
_ELEMENTS = {
    Role.HEADLINE: "h2",
    Role.QUOTATION: "blockquote",
    Role.CORRECTION: "aside",
}
"""What a block is set in; a paragraph where nothing is named."""


def article_html(article: Article, highlights: Sequence[range] = ()) -> str:
    """The article typeset block by block, with the highlighted characters marked.

    `highlights` are ranges of characters of `article.text`. The first mark on the page has the
    id `CITED`.
    """
    parts: list[str] = []
    heading: Block | None = None  # the line above a comment that says who wrote it and when
    comments = 0
    first = CITED
    for block, after in zip_longest(article.blocks, article.blocks[1:]):
        if block.role is Role.BOILERPLATE and after is not None and after.role is Role.COMMENT:
            heading = block
            continue
        comments += block.role is Role.COMMENT
        if block.role is Role.COMMENT and comments == 1:
            parts.append(_NOT_REPORTING)
        parts.append(_block_html(article, block, highlights, first=first, heading=heading))
        heading = None
        first = "" if _MARK in parts[-1] else first
    untitled = all(block.role is not Role.HEADLINE for block in article.blocks)
    title = f'<h2 class="pq-headline" dir="auto">{escape(article.title)}</h2>' if untitled else ""
    return (
        f'<article class="pq-article" lang="{escape(article.language)}">'
        f"{_facts_html(article)}{title}{''.join(parts)}</article>"
    )


def _facts_html(article: Article) -> str:
    """Source, day, section and the way to the original, above the headline."""
    facts = (
        isolate(article.source or article.author or ""),
        moment_html(article.published) if article.published is not None else "undated",
        f"updated {moment_html(article.modified)}" if article.modified is not None else "",
        isolate(article.section or ""),
        _unread(article.unread_pages),
        link_html(article.url, "original"),
    )
    return f'<p class="pq-kicker">{joined(facts)}</p>'


def _unread(pages: Sequence[int]) -> str:
    """Which pages are pictures, so that nobody takes what is shown for the whole."""
    return f"pictures, not read: page {', '.join(map(str, pages))}" if pages else ""


def _block_html(
    article: Article,
    block: Block,
    highlights: Sequence[range],
    *,
    first: str,
    heading: Block | None,
) -> str:
    if block.role is Role.COMMENT:
        return _comment_html(article, block, highlights, first=first, heading=heading)
    element = _ELEMENTS.get(block.role, "p")
    words = _words_html(article, block, highlights, first=first)
    return f'<{element} class="pq-{block.role}" dir="auto">{words}</{element}>'


def _comment_html(
    article: Article,
    block: Block,
    highlights: Sequence[range],
    *,
    first: str,
    heading: Block | None,
) -> str:
    """A comment set apart, under who wrote it: in the article's own line where there is one."""
    label = comment_label(block.author)
    above = ""
    if heading is not None:
        words = _words_html(article, heading, highlights, first=first)
        above = f'<p class="pq-boilerplate" dir="auto">{words}</p>'
        first = "" if _MARK in above else first
    elif block.time is not None:
        label = joined((label, moment_html(block.time)))
    words = _words_html(article, block, highlights, first=first)
    return (
        f'<div class="pq-comment"><p class="pq-label">{label}</p>{above}'
        f'<p dir="auto">{words}</p></div>'
    )


def _words_html(article: Article, block: Block, highlights: Sequence[range], *, first: str) -> str:
    inside = [range(cut.start - block.start, cut.stop - block.start) for cut in highlights]
    return marked(article.text[block.start : block.end], inside, first=first)
