"""What the markup of a page adds to the paragraphs that were taken for its article, and takes away.

Each rule is about the web at large. What each gained on real pages stands in docs/benchmarks.md.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from lxml import etree

from pullquote.parsing.html.moments import moment_in
from pullquote.parsing.html.outline import LINKED, Outlined
from pullquote.parsing.html.page_metadata import Metadata
from pullquote.parsing.news.author_names import squeeze
from pullquote.parsing.news.boilerplate import recognise
from pullquote.parsing.news.boilerplate_lines import (
    begins_tail,
    is_credit_line,
    is_credited,
    is_promotion,
)
from pullquote.parsing.news.dates import parse_moment
from pullquote.parsing.news.paragraph import shorten
from pullquote.schema import Role

_PARAGRAPHS = frozenset(("p", "div", "section", "article", "span", "aside"))
_BODY_SHARE = 0.5
_SHORT_ARTICLE = 500
_TAIL = 0.25
_LIST = 4
_LONGEST_LEAD = 1_200
_LONGEST_BYLINE = 120
_NEAR_HEADLINE = 15
_DESCRIBED = 40
"""Letters by which a standfirst is known to be the description in the head of the page."""


def mend(
    paragraphs: Sequence[Outlined],
    kept: list[bool],
    open_: Sequence[bool],
    *,
    metadata: Metadata,
    headline: int | None,
) -> None:
    """Change `kept`, which says of each paragraph whether it is part of the article.

    `open_` are those that may be: no furniture, and not said by readers.
    """
    _keep_named_body(paragraphs, kept, open_)
    _fill_gaps(paragraphs, kept, open_)
    _drop_above(paragraphs, kept, headline)
    _drop_tail(paragraphs, kept)
    _keep_captions(paragraphs, kept, open_)
    _drop_labels(paragraphs, kept)
    _drop_last_links(paragraphs, kept)
    _keep_standfirst(paragraphs, kept, open_, metadata=metadata, headline=headline)


def _keep_named_body(
    paragraphs: Sequence[Outlined], kept: list[bool], open_: Sequence[bool]
) -> None:
    """Keep all of the element that is named as the body of the article, and nothing below it.

    It is believed where it holds most of what was recognised, or little was recognised at all.
    """
    held: dict[etree._Element, int] = {}
    size: dict[etree._Element, int] = {}
    total = 0
    for i, paragraph in enumerate(paragraphs):
        body = paragraph.place.body
        total += len(paragraph.text) if kept[i] else 0
        if body is not None and open_[i]:
            size[body] = size.get(body, 0) + len(paragraph.text)
            held[body] = held.get(body, 0) + (len(paragraph.text) if kept[i] else 0)
    body = max(size, key=lambda element: (held[element], size[element]), default=None)
    if body is None or (held[body] < _BODY_SHARE * total and total > _SHORT_ARTICLE):
        return
    last = max(i for i, p in enumerate(paragraphs) if p.place.body is body)
    recognised = max((i for i, is_kept in enumerate(kept) if is_kept), default=0)
    for i, paragraph in enumerate(paragraphs):
        if paragraph.place.body is body:
            inside = total <= _SHORT_ARTICLE or i < recognised or paragraph.is_prose
            kept[i] = kept[i] or (inside and open_[i] and _may_be_text(paragraph))
        elif i > last:
            kept[i] = False


def _may_be_text(paragraph: Outlined) -> bool:
    return paragraph.linked < LINKED and not paragraph.place.caption


def _is_caption(paragraph: Outlined) -> bool:
    text = shorten(paragraph.text, start=0, end=len(paragraph.text))
    return is_credited(text) or recognise(text) is Role.CAPTION


def _fill_gaps(paragraphs: Sequence[Outlined], kept: list[bool], open_: Sequence[bool]) -> None:
    """Keep what stands between two kept paragraphs and in an element with one of them.

    Captions without markup of their own are left, like those that are only named as such.
    """
    indices = [i for i, is_kept in enumerate(kept) if is_kept]
    for left, right in itertools.pairwise(indices):
        homes = {paragraphs[left].node.getparent(), paragraphs[right].node.getparent()}
        for i in range(left + 1, right):
            if open_[i] and _may_be_text(paragraphs[i]) and not _is_caption(paragraphs[i]):
                kept[i] = not homes.isdisjoint(_around(paragraphs[i].node, 2))


def _around(node: etree._Element, levels: int) -> Iterator[etree._Element]:
    """The elements around one, from the inside, as many as are asked for."""
    for _ in range(levels):
        above = node.getparent()
        if above is None:
            return
        yield above
        node = above


def _drop_above(paragraphs: Sequence[Outlined], kept: list[bool], headline: int | None) -> None:
    """Drop labels and navigation above the headline."""
    for i in range(0 if headline is None else headline):
        kept[i] = kept[i] and paragraphs[i].is_prose


def _drop_tail(paragraphs: Sequence[Outlined], kept: list[bool]) -> None:
    """Drop what begins near the end with "Related articles", "Contact" or the like."""
    indices = [i for i, is_kept in enumerate(kept) if is_kept]
    left = _TAIL * sum(len(paragraphs[i].text) for i in indices)
    for i in reversed(indices):
        if begins_tail(paragraphs[i].text):
            kept[i:] = [False] * (len(kept) - i)
        left -= len(paragraphs[i].text)
        if left < 0:
            return


def _keep_captions(paragraphs: Sequence[Outlined], kept: list[bool], open_: Sequence[bool]) -> None:
    """Keep the captions of pictures in an element that has prose of the article right inside."""
    homes = {p.node.getparent() for i, p in enumerate(paragraphs) if kept[i] and p.is_prose}
    homes -= {above for above in homes if above is None or above.tag == "body"}
    for i, paragraph in enumerate(paragraphs):
        if paragraph.place.caption and open_[i] and paragraph.linked < LINKED:
            kept[i] = kept[i] or not homes.isdisjoint(_around(paragraph.node, 4))


def _drop_labels(paragraphs: Sequence[Outlined], kept: list[bool]) -> None:
    """Drop what is no text to quote: credits, days that stand alone, calls to follow the site."""
    for i, paragraph in enumerate(paragraphs):
        if kept[i]:
            text = " ".join(paragraph.text.split()) if len(paragraph.text) < 300 else ""
            kept[i] = not (
                (paragraph.linked >= LINKED and text and paragraph.node.tag in _PARAGRAPHS)
                or is_credit_line(text)
                or parse_moment(text) is not None
                or (paragraph.linked > 0 and is_promotion(text))
            )


def _drop_last_links(paragraphs: Sequence[Outlined], kept: list[bool]) -> None:
    """Drop a list at the end in which every item begins with a link: other pages and teasers."""
    items: list[int] = []
    for i in reversed(range(len(kept))):
        if kept[i]:
            node, above = paragraphs[i].node, paragraphs[i].node.getparent()
            listed = node.tag == "li" or (above is not None and above.tag == "li")
            if not (listed and paragraphs[i].led):
                break
            items.append(i)
    if len(items) >= _LIST:
        for i in items:
            kept[i] = False


def _keep_standfirst(
    paragraphs: Sequence[Outlined],
    kept: list[bool],
    open_: Sequence[bool],
    *,
    metadata: Metadata,
    headline: int | None,
) -> None:
    """Keep the standfirst, which stands near the headline."""
    top = 0 if headline is None else headline
    first = next((i for i in range(top, len(kept)) if kept[i] and i != headline), len(kept))
    for i in range(max(0, top - 3), min(first, top + _NEAR_HEADLINE)):
        if open_[i] and i != headline and is_standfirst(paragraphs[i], metadata):
            kept[i] = True


def is_standfirst(paragraph: Outlined, metadata: Metadata) -> bool:
    """Whether a paragraph is named as a standfirst, or begins as the page describes itself."""
    if len(paragraph.text) < _DESCRIBED or not _may_be_text(paragraph):
        return False
    if len(paragraph.text) < _LONGEST_BYLINE and moment_in(paragraph.text) is not None:
        return False
    words = squeeze(paragraph.text[:200])[:_DESCRIBED]
    if any(squeeze(text[:200]).startswith(words) for text in metadata.standfirsts):
        return True
    lead = paragraph.place.lead
    return lead is not None and len("".join(lead.itertext())) <= _LONGEST_LEAD
