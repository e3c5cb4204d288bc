"""Rules that use the markup around paragraphs to correct which of them belong to the article.

Each rule is meant for web sites in general. docs/benchmarks.md shows its effect on real pages.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from lxml import etree

from pullquote.parsing.html.moments import moment_in
from pullquote.parsing.html.outline import LINKED, OutlineParagraph
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
"""Smallest share of the recognised text that must be in the element named as the article's body."""
_SHORT_ARTICLE = 500
"""If fewer characters than this are recognised, the element named as the body wins in any case."""
_TAIL_SHARE = 0.25
"""Share of the text, at its end, in which a section such as "Related articles" may begin."""
_SHORTEST_LIST = 4
"""Minimum number of items in a list of teasers."""
_LONGEST_LEAD = 1_200
_LONGEST_BYLINE = 120
_NEAR_HEADLINE = 15
"""How many paragraphs below the headline may be the standfirst."""
_DESCRIBED = 40
"""How many letters of a standfirst are compared with the description in the page's metadata."""


def apply_heuristics(
    paragraphs: Sequence[OutlineParagraph],
    in_article: list[bool],
    eligible: Sequence[bool],
    *,
    metadata: Metadata,
    headline: int | None,
) -> None:
    """Correct `in_article`: whether each paragraph is part of the article.

    Paragraphs that are not `eligible`, which are boilerplate or reader comments, are never added.
    """
    _add_named_body(paragraphs, in_article, eligible)
    _fill_gaps(paragraphs, in_article, eligible)
    _drop_above(paragraphs, in_article, headline)
    _drop_tail(paragraphs, in_article)
    _add_captions(paragraphs, in_article, eligible)
    _drop_labels(paragraphs, in_article)
    _drop_last_links(paragraphs, in_article)
    _add_standfirst(paragraphs, in_article, eligible, metadata=metadata, headline=headline)


def _add_named_body(
    paragraphs: Sequence[OutlineParagraph], in_article: list[bool], eligible: Sequence[bool]
) -> None:
    """Add the whole element that is named as the article's body, and drop what is below it.

    The rule applies if the element contains most of the recognised text, or if little text was
    recognised.
    """
    recognised_size: dict[etree._Element, int] = {}
    size: dict[etree._Element, int] = {}
    total = 0
    for i, paragraph in enumerate(paragraphs):
        body = paragraph.context.body
        recognised = len(paragraph.text) if in_article[i] else 0
        total += recognised
        if body is not None and eligible[i]:
            size[body] = size.get(body, 0) + len(paragraph.text)
            recognised_size[body] = recognised_size.get(body, 0) + recognised
    body = max(size, key=lambda element: (recognised_size[element], size[element]), default=None)
    if body is None or (recognised_size[body] < _BODY_SHARE * total and total > _SHORT_ARTICLE):
        return
    last = max(i for i, p in enumerate(paragraphs) if p.context.body is body)
    last_recognised = max((i for i, is_included in enumerate(in_article) if is_included), default=0)
    for i, paragraph in enumerate(paragraphs):
        if paragraph.context.body is body:
            inside = total <= _SHORT_ARTICLE or i < last_recognised or paragraph.is_prose
            in_article[i] = in_article[i] or (inside and eligible[i] and _may_be_text(paragraph))
        elif i > last:
            in_article[i] = False


def _may_be_text(paragraph: OutlineParagraph) -> bool:
    return paragraph.linked < LINKED and not paragraph.context.caption


def _is_caption(paragraph: OutlineParagraph) -> bool:
    text = shorten(paragraph.text, start=0, end=len(paragraph.text))
    return is_credited(text) or recognise(text) is Role.CAPTION


def _fill_gaps(
    paragraphs: Sequence[OutlineParagraph], in_article: list[bool], eligible: Sequence[bool]
) -> None:
    """Add paragraphs between two paragraphs of the article if they share an element with either.

    Captions are not added here, whether or not they have their own markup.
    """
    indices = [i for i, is_included in enumerate(in_article) if is_included]
    for left, right in itertools.pairwise(indices):
        homes = {paragraphs[left].node.getparent(), paragraphs[right].node.getparent()}
        for i in range(left + 1, right):
            if eligible[i] and _may_be_text(paragraphs[i]) and not _is_caption(paragraphs[i]):
                in_article[i] = not homes.isdisjoint(_around(paragraphs[i].node, 2))


def _around(node: etree._Element, levels: int) -> Iterator[etree._Element]:
    """The innermost elements around an element, as many as `levels`."""
    for _ in range(levels):
        above = node.getparent()
        if above is None:
            return
        yield above
        node = above


def _drop_above(
    paragraphs: Sequence[OutlineParagraph], in_article: list[bool], headline: int | None
) -> None:
    """Drop labels and navigation above the headline."""
    for i in range(0 if headline is None else headline):
        in_article[i] = in_article[i] and paragraphs[i].is_prose


def _drop_tail(paragraphs: Sequence[OutlineParagraph], in_article: list[bool]) -> None:
    """Drop everything from a heading such as "Related articles" or "Contact" near the end."""
    indices = [i for i, is_included in enumerate(in_article) if is_included]
    left = _TAIL_SHARE * sum(len(paragraphs[i].text) for i in indices)
    for i in reversed(indices):
        if begins_tail(paragraphs[i].text):
            in_article[i:] = [False] * (len(in_article) - i)
        left -= len(paragraphs[i].text)
        if left < 0:
            return


def _add_captions(
    paragraphs: Sequence[OutlineParagraph], in_article: list[bool], eligible: Sequence[bool]
) -> None:
    """Add the captions of pictures that are in an element with prose of the article."""
    homes = {p.node.getparent() for i, p in enumerate(paragraphs) if in_article[i] and p.is_prose}
    homes -= {above for above in homes if above is None or above.tag == "body"}
    for i, paragraph in enumerate(paragraphs):
        if paragraph.context.caption and eligible[i] and paragraph.linked < LINKED:
            in_article[i] = in_article[i] or not homes.isdisjoint(_around(paragraph.node, 4))


def _drop_labels(paragraphs: Sequence[OutlineParagraph], in_article: list[bool]) -> None:
    """Drop paragraphs not worth quoting: credits, lone dates, requests to follow the site."""
    for i, paragraph in enumerate(paragraphs):
        if in_article[i]:
            text = " ".join(paragraph.text.split()) if len(paragraph.text) < 300 else ""
            in_article[i] = not (
                (paragraph.linked >= LINKED and text and paragraph.node.tag in _PARAGRAPHS)
                or is_credit_line(text)
                or parse_moment(text) is not None
                or (paragraph.linked > 0 and is_promotion(text))
            )


def _drop_last_links(paragraphs: Sequence[OutlineParagraph], in_article: list[bool]) -> None:
    """Drop a list at the end whose items all begin with a link, because these are teasers."""
    items: list[int] = []
    for i in reversed(range(len(in_article))):
        if in_article[i]:
            node, above = paragraphs[i].node, paragraphs[i].node.getparent()
            listed = node.tag == "li" or (above is not None and above.tag == "li")
            if not (listed and paragraphs[i].starts_with_link):
                break
            items.append(i)
    if len(items) >= _SHORTEST_LIST:
        for i in items:
            in_article[i] = False


def _add_standfirst(
    paragraphs: Sequence[OutlineParagraph],
    in_article: list[bool],
    eligible: Sequence[bool],
    *,
    metadata: Metadata,
    headline: int | None,
) -> None:
    """Add the standfirst near the headline."""
    top = 0 if headline is None else headline
    first = next(
        (i for i in range(top, len(in_article)) if in_article[i] and i != headline), len(in_article)
    )
    for i in range(max(0, top - 3), min(first, top + _NEAR_HEADLINE)):
        if eligible[i] and i != headline and is_standfirst(paragraphs[i], metadata):
            in_article[i] = True


def is_standfirst(paragraph: OutlineParagraph, metadata: Metadata) -> bool:
    """Whether a paragraph has the class of a standfirst, or begins like the page's description."""
    if len(paragraph.text) < _DESCRIBED or not _may_be_text(paragraph):
        return False
    if len(paragraph.text) < _LONGEST_BYLINE and moment_in(paragraph.text) is not None:
        return False
    words = squeeze(paragraph.text[:200])[:_DESCRIBED]
    if any(squeeze(text[:200]).startswith(words) for text in metadata.standfirsts):
        return True
    lead = paragraph.context.lead
    return lead is not None and len("".join(lead.itertext())) <= _LONGEST_LEAD
