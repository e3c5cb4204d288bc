"""Finds the paragraphs of a page that are its article.

trafilatura returns text without elements. This module finds that text among the paragraphs of the
page. A scorer then decides about each paragraph, from that and from the markup around it.
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Collection, Iterator, Mapping, Sequence

from lxml import etree, html
from trafilatura import bare_extraction

from pullquote.parsing.html.features import PageParts, describe
from pullquote.parsing.html.outline import LINKED, Outline, OutlineParagraph
from pullquote.parsing.html.page_metadata import Metadata
from pullquote.parsing.html.scorer import Scorer
from pullquote.parsing.html.tree import WebPage
from pullquote.parsing.news.author_names import squeeze
from pullquote.parsing.news.boilerplate_lines import begins_tail, is_credit_line, is_promotion
from pullquote.parsing.news.dates import parse_moment
from pullquote.parsing.news.paragraph import ParagraphMark

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

TRAFILATURA_ELEMENTS = 30_000
"""Pages with more elements are not given to trafilatura, which takes 4 s for 40,000 table cells."""
_LONGEST_GAP = 3
_LONGEST_LABEL = 300
_CHUNK = 24
"""How many letters are looked up at a time. A shorter paragraph must equal a whole line."""
_SURE_SHARE = 0.6
"""Smallest share of a long paragraph that must be found in the text."""


def read_parts(
    page: WebPage,
    outline: Outline,
    *,
    metadata: Metadata,
    headline: int | None,
    comments: Mapping[int, ParagraphMark],
) -> PageParts:
    """What is known about the paragraphs of a page before its article is found.

    A page that is too large for trafilatura does without it.
    """
    small = page.elements <= TRAFILATURA_ELEMENTS
    return PageParts(
        outline,
        metadata=metadata,
        headline=headline,
        comments=comments,
        found=_recognise(outline.paragraphs, _extract(page.content) if small else ""),
        stated=_recognise(outline.paragraphs, metadata.body),
    )


def find_article(parts: PageParts, scorer: Scorer) -> tuple[bool, ...]:
    """Whether each paragraph of a page is part of the article.

    If the scorer finds none, the article is all prose outside boilerplate.
    """
    paragraphs = parts.outline.paragraphs
    if not paragraphs:
        return ()
    in_article = scorer.choose(describe(parts))
    if not any(is_included for i, is_included in enumerate(in_article) if i != parts.headline):
        in_article = _outside_boilerplate(paragraphs, parts.comments)
    _fill_gaps(paragraphs, in_article)
    _drop_labels(paragraphs, in_article)
    _add_captions(paragraphs, in_article, parts.comments)
    return tuple(in_article)


def _outside_boilerplate(
    paragraphs: Sequence[OutlineParagraph], comments: Collection[int]
) -> list[bool]:
    """The first of these that exist: prose outside boilerplate, prose, and what is not a link."""
    prose = [p.is_prose and i not in comments for i, p in enumerate(paragraphs)]
    outside = [a and not p.context.boilerplate for a, p in zip(prose, paragraphs, strict=True)]
    text = [p.linked < LINKED and i not in comments for i, p in enumerate(paragraphs)]
    return next((some for some in (outside, prose) if any(some)), text)


def _fill_gaps(paragraphs: Sequence[OutlineParagraph], in_article: list[bool]) -> None:
    """Add up to three short lines between two paragraphs of the article in the same element."""
    indices = [i for i, is_included in enumerate(in_article) if is_included]
    for left, right in itertools.pairwise(indices):
        homes = {paragraphs[left].node.getparent(), paragraphs[right].node.getparent()}
        gap = range(left + 1, right)
        if len(gap) <= _LONGEST_GAP:
            for i in gap:
                inside = not homes.isdisjoint(_around(paragraphs[i].node, 3))
                in_article[i] = inside and _may_be_text(paragraphs[i])


def _drop_labels(paragraphs: Sequence[OutlineParagraph], in_article: list[bool]) -> None:
    """Drop short lines not worth quoting: credits, days, "Related articles", promotions."""
    for i, paragraph in enumerate(paragraphs):
        if in_article[i] and len(paragraph.text) <= _LONGEST_LABEL:
            text = " ".join(paragraph.text.split())
            offered = paragraph.linked > 0 or paragraph.context.boilerplate
            promotes = bool(offered) and is_promotion(text)
            lone = is_credit_line(text) or begins_tail(text) or parse_moment(text) is not None
            in_article[i] = not (promotes or lone)


def _may_be_text(paragraph: OutlineParagraph) -> bool:
    """Whether nothing about a paragraph says that it is a link, caption or boilerplate."""
    context = paragraph.context
    return paragraph.linked < LINKED and not (context.caption or context.boilerplate)


def _add_captions(
    paragraphs: Sequence[OutlineParagraph], in_article: list[bool], comments: Collection[int]
) -> None:
    """Add the captions of pictures that are in an element with prose of the article."""
    homes = {p.node.getparent() for i, p in enumerate(paragraphs) if in_article[i] and p.is_prose}
    homes -= {above for above in homes if above is None or above.tag == "body"}
    for i, paragraph in enumerate(paragraphs):
        if paragraph.context.caption and i not in comments and paragraph.linked < LINKED:
            in_article[i] = in_article[i] or not homes.isdisjoint(_around(paragraph.node, 4))


def _around(node: etree._Element, levels: int) -> Iterator[etree._Element]:
    """The innermost elements around an element, as many as `levels`."""
    for _ in range(levels):
        above = node.getparent()
        if above is None:
            return
        yield above
        node = above


def _extract(content: bytes) -> str:
    """The text that trafilatura extracts as the article of a page; empty if it finds no article.

    It runs in the mode that favours recall, because the scorer drops what is too much.
    """
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(content, parser=parser)
        document = bare_extraction(root, include_comments=False, favor_recall=True)
    except Exception:  # noqa: BLE001 - trafilatura documents no exceptions; pages can do without it
        return ""
    text = getattr(document, "text", None)
    return text if isinstance(text, str) else ""


def _recognise(paragraphs: Sequence[OutlineParagraph], text: str) -> list[bool]:
    """For each paragraph, whether it is in a text."""
    lines = {squeeze(line) for line in text.split("\n")} - {""}
    if not lines:
        return [False] * len(paragraphs)
    whole = squeeze(text)
    return [_is_in(squeeze(paragraph.text), whole, lines) for paragraph in paragraphs]


def _is_in(words: str, whole: str, lines: Collection[str]) -> bool:
    """Whether most of a paragraph is in a text. A short paragraph must be a line of the text."""
    # Most paragraphs are whole lines, which are found at once. Searching the whole text for each
    # paragraph would take quadratic time.
    if len(words) < _CHUNK or words in lines:
        return words in lines
    if words in whole:
        return True
    chunks = [words[at : at + _CHUNK] for at in range(0, len(words) - _CHUNK + 1, _CHUNK)]
    missing = 0
    for chunk in chunks:
        missing += chunk not in whole
        if missing > (1 - _SURE_SHARE) * len(chunks):
            return False
    return True
