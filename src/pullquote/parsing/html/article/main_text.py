"""Finds the paragraphs of a page that are its article.

trafilatura returns text without elements. This module finds that text among the paragraphs of the
page. A scorer then decides about each paragraph, from that and from the markup around it.
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np
from lxml import etree
from trafilatura import bare_extraction

from pullquote.base.dates.date_lines import parse_moment
from pullquote.base.trees import DecisionTrees
from pullquote.parsing.html.article.scorer import Floats, PageParts, describe
from pullquote.parsing.html.moments import class_name_hints, is_hidden
from pullquote.parsing.html.outline import LINKED, Outline, OutlineParagraph
from pullquote.parsing.html.page_metadata import Metadata
from pullquote.parsing.html.tree import WebPage
from pullquote.parsing.lines import ParagraphMark
from pullquote.parsing.news.boilerplate import (
    begins_tail,
    is_credit_line,
    is_credited,
    is_promotion,
)
from pullquote.parsing.news.bylines import squeeze

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

TRAFILATURA_ELEMENTS = 30_000
"""Pages with more elements are not given to trafilatura, which takes 4 s for 40,000 table cells."""
_LEAST_FOUND = 0.3
"""Trafilatura usually finds at least this share of the prose of a page. If not, it has failed."""
_LONGEST_GAP = 3
_LEAST_BETWEEN = -2.0
"""The least log-odds of a line between two paragraphs of the article: a probability of 0.12."""
_LEAST_OF_BEST = -1.4
"""The least log-odds of the best paragraph of an article: a probability of 0.2."""
_LEAST_HIGH = 0.2
"""Paragraphs with high scores are few if they have a smaller share of the text with fair scores."""
_LONGEST_LABEL = 300
_LONGEST_ENTRY = 5
"""In words."""
_SHORTEST_CAPTION = 6
"""How many words a caption has at least that is added to the article."""
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
    words = [squeeze(paragraph.text) for paragraph in outline.paragraphs]
    return PageParts(
        outline,
        metadata=metadata,
        headline=headline,
        comments=comments,
        found=_find_paragraphs(page, outline.paragraphs, words),
        stated=_recognise(words, metadata.body),
        letters=words,
        is_large=page.elements > TRAFILATURA_ELEMENTS,
    )


def _find_paragraphs(
    page: WebPage, paragraphs: Sequence[OutlineParagraph], words: Sequence[str]
) -> list[bool]:
    """For each paragraph, whether trafilatura takes it for the article.

    The mode that favours recall is the fastest one with fallbacks. If it finds little of the prose
    of a page, as on one page in thirty, the default mode is tried too. `words` are the squeezed
    texts of the paragraphs.
    """
    if page.elements > TRAFILATURA_ELEMENTS:
        return [False] * len(paragraphs)
    found = _recognise(words, _extract(page, favor_recall=True))
    prose = sum(len(p.text) for p in paragraphs if p.is_prose)
    if _size(paragraphs, found) >= _LEAST_FOUND * prose:
        return found
    other = _recognise(words, _extract(page, favor_recall=False))
    return max(found, other, key=lambda flags: _size(paragraphs, flags))


def _size(paragraphs: Sequence[OutlineParagraph], flags: Sequence[bool]) -> int:
    return sum(len(p.text) for p, is_found in zip(paragraphs, flags, strict=True) if is_found)


def find_article(parts: PageParts, scorer: DecisionTrees) -> tuple[bool, ...]:
    """Whether each paragraph of a page is part of the article.

    If the scorer finds none, the article is all prose outside boilerplate. So it is on a large
    page: the scorer was fitted to pages of usual size, and takes a long table for a list of links.
    """
    paragraphs = parts.outline.paragraphs
    if not paragraphs:
        return ()
    if parts.is_large:
        return tuple(_outside_boilerplate(paragraphs, parts.comments))
    scores = scorer.score(describe(parts).columns(scorer.names))
    in_article = _likely(scores, parts, scorer.least)
    if not any(in_article):
        in_article = _outside_boilerplate(paragraphs, parts.comments)
    _fill_gaps(paragraphs, in_article, may_be_text=[bool(s >= _LEAST_BETWEEN) for s in scores])
    _drop_labels(paragraphs, in_article)
    _drop_repeated_headline(parts, in_article)
    _drop_hidden(paragraphs, in_article)
    _add_captions(paragraphs, in_article, parts.comments)
    return tuple(in_article)


def _likely(scores: Floats, parts: PageParts, least: float) -> list[bool]:
    """The paragraphs with high scores; if they are few, those with fair scores.

    Short lines seldom have high scores, and some articles consist of them. The headline, which has
    a score too, does not count.
    """
    others = np.delete(scores, [] if parts.headline is None else parts.headline)
    if others.max(initial=-np.inf) < _LEAST_OF_BEST:
        return [False] * len(scores)
    high, fair = scores >= least, scores >= _LEAST_BETWEEN
    size = np.array([len(p.text) for p in parts.outline.paragraphs])
    size[[] if parts.headline is None else parts.headline] = 0
    enough = size[high].sum() > _LEAST_HIGH * size[fair].sum()
    return [bool(is_likely) for is_likely in (high if enough else fair)]


def _outside_boilerplate(
    paragraphs: Sequence[OutlineParagraph], comments: Collection[int]
) -> list[bool]:
    """The first of these that exist: prose outside boilerplate, prose, and what is not a link."""
    prose = [p.is_prose and i not in comments for i, p in enumerate(paragraphs)]
    outside = [a and not p.context.boilerplate for a, p in zip(prose, paragraphs, strict=True)]
    text = [p.linked < LINKED and i not in comments for i, p in enumerate(paragraphs)]
    return next((some for some in (outside, prose) if any(some)), text)


def _fill_gaps(
    paragraphs: Sequence[OutlineParagraph], in_article: list[bool], *, may_be_text: Sequence[bool]
) -> None:
    """Add up to three lines between two paragraphs of the article in the same element.

    There, they may have lower scores than elsewhere, because short lines never have high ones.
    """
    indices = [i for i, is_included in enumerate(in_article) if is_included]
    for left, right in itertools.pairwise(indices):
        homes = {paragraphs[left].node.getparent(), paragraphs[right].node.getparent()}
        gap = range(left + 1, right)
        if len(gap) <= _LONGEST_GAP:
            for i in gap:
                inside = not homes.isdisjoint(_around(paragraphs[i].node, 3))
                in_article[i] = inside and may_be_text[i] and _is_plain(paragraphs[i])


def _drop_labels(paragraphs: Sequence[OutlineParagraph], in_article: list[bool]) -> None:
    """Drop short lines not worth quoting: credits, days, "Related articles", promotions."""
    for i, paragraph in enumerate(paragraphs):
        if in_article[i] and len(paragraph.text) <= _LONGEST_LABEL:
            text = " ".join(paragraph.text.split())
            offered = paragraph.linked > 0 or paragraph.context.boilerplate
            promotes = bool(offered) and is_promotion(text)
            credited = is_credit_line(text) or (is_credited(text) and not paragraph.context.caption)
            lone = credited or begins_tail(text) or parse_moment(text) is not None
            in_article[i] = not (promotes or lone or _is_entry(paragraph))


def _is_entry(paragraph: OutlineParagraph) -> bool:
    """Whether a line is a link or a button: a few words that end no sentence."""
    if paragraph.linked < LINKED and not paragraph.context.boilerplate:
        return False
    return len(paragraph.text.split()) <= _LONGEST_ENTRY and paragraph.text[-1].isalnum()


def _drop_repeated_headline(parts: PageParts, in_article: list[bool]) -> None:
    """Drop lines that only repeat the headline, as the last one of a path to the page does."""
    if parts.headline is None:
        return
    words = parts.letters[parts.headline]
    for i, paragraph in enumerate(parts.outline.paragraphs):
        if in_article[i] and i != parts.headline and len(paragraph.text) <= _LONGEST_LABEL:
            in_article[i] = parts.letters[i] != words


def _drop_hidden(paragraphs: Sequence[OutlineParagraph], in_article: list[bool]) -> None:
    """Drop what a page does not show, unless that is most of the article.

    Some pages hide the article until a script shows it.
    """
    hidden = [in_article[i] and _is_hidden(p) for i, p in enumerate(paragraphs)]
    if 2 * _size(paragraphs, hidden) < _size(paragraphs, in_article):
        in_article[:] = [a and not b for a, b in zip(in_article, hidden, strict=True)]


def _is_hidden(paragraph: OutlineParagraph) -> bool:
    around = paragraph.context.boilerplate
    return any(is_hidden(one, class_name_hints(one)) for one in around)


def _is_plain(paragraph: OutlineParagraph) -> bool:
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
        if _is_worth_quoting(paragraph) and i not in comments:
            in_article[i] = in_article[i] or not homes.isdisjoint(_around(paragraph.node, 4))


def _is_worth_quoting(paragraph: OutlineParagraph) -> bool:
    """Whether a caption is that of a figure and says more than what is shown and who made it."""
    context, text = paragraph.context, paragraph.text
    if not (context.caption and context.figure) or paragraph.linked >= LINKED:
        return False
    return len(text.split()) >= _SHORTEST_CAPTION and not is_credited(text)


def _around(node: etree._Element, levels: int) -> Iterator[etree._Element]:
    """The innermost elements around an element, as many as `levels`."""
    for _ in range(levels):
        above = node.getparent()
        if above is None:
            return
        yield above
        node = above


def _extract(page: WebPage, *, favor_recall: bool) -> str:
    """The text that trafilatura extracts as the article of a page; empty if it finds no article."""
    try:
        document = bare_extraction(page.root, include_comments=False, favor_recall=favor_recall)
    except Exception:  # noqa: BLE001 - trafilatura documents no exceptions; pages can do without it
        return ""
    text = getattr(document, "text", None)
    return text if isinstance(text, str) else ""


def _recognise(words: Sequence[str], text: str) -> list[bool]:
    """For each paragraph, given as its squeezed text, whether it is in a text."""
    lines = [letters for line in text.split("\n") if (letters := squeeze(line))]
    if not lines:
        return [False] * len(words)
    whole, known = "".join(lines), frozenset(lines)
    return [_is_in(own, whole, known) for own in words]


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
