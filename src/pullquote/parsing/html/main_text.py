"""Finds the paragraphs of a page that are its article: trafilatura's choice, then corrections.

trafilatura returns text without elements. This module finds that text among the paragraphs.
`heuristics` then adds and drops paragraphs by the elements around them.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence

from lxml import etree, html
from trafilatura import bare_extraction

from pullquote.parsing.html.heuristics import apply_heuristics
from pullquote.parsing.html.outline import LINKED, OutlineParagraph
from pullquote.parsing.html.page_metadata import Metadata
from pullquote.parsing.news.author_names import squeeze

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

TRAFILATURA_ELEMENTS = 30_000
"""Pages with more elements are not given to trafilatura, which takes 4 s for 40,000 table cells."""
_NO_TEXT = tuple(
    "script style noscript svg template iframe nav footer button select input link meta img".split()
)
"""Elements that trafilatura ignores. They are removed first, because that makes it faster."""
_CHUNK = 24
"""How many letters are looked up at a time. A shorter paragraph must equal a whole line."""
_SURE_SHARE = 0.6
"""Smallest share of a long paragraph that must be found in the text."""
_OWN_SHARE = 0.3
"""An element with at least this share of the article is not boilerplate, whatever its name."""


def find_article(
    content: bytes,
    paragraphs: Sequence[OutlineParagraph],
    *,
    metadata: Metadata,
    headline: int | None,
    comments: Collection[int],
    use_trafilatura: bool,
) -> tuple[bool, ...]:
    """Whether each paragraph is part of the article.

    `content` is the page in UTF-8. `headline` and `comments` are indices of paragraphs. If
    `use_trafilatura` is false, because the page is too large, only the text in the page's metadata
    is looked for. If no text is found, the article is all prose outside boilerplate.
    """
    texts = (_extract(content) if use_trafilatura else "", metadata.body)
    recognised = [
        found and i not in comments for i, found in enumerate(_recognise(paragraphs, texts))
    ]
    boilerplate = _find_boilerplate(paragraphs, recognised)
    eligible = [not boilerplate[i] and i not in comments for i in range(len(paragraphs))]
    in_article = [a and b for a, b in zip(recognised, eligible, strict=True)]
    if not any(is_included for i, is_included in enumerate(in_article) if i != headline):
        in_article = _outside_boilerplate(paragraphs, eligible)
    apply_heuristics(paragraphs, in_article, eligible, metadata=metadata, headline=headline)
    return tuple(in_article)


def _outside_boilerplate(
    paragraphs: Sequence[OutlineParagraph], eligible: Sequence[bool]
) -> list[bool]:
    """The eligible prose of a page, or else all eligible paragraphs that are not links."""
    prose = [is_eligible and paragraphs[i].is_prose for i, is_eligible in enumerate(eligible)]
    if any(prose):
        return prose
    return [is_eligible and paragraphs[i].linked < LINKED for i, is_eligible in enumerate(eligible)]


def _extract(content: bytes) -> str:
    """The text that trafilatura extracts as the article of a page; empty if it finds no article.

    trafilatura runs in its fast mode. With its fallbacks, it is slower, and less of the article is
    found after our heuristics (docs/benchmarks.md).
    """
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(content, parser=parser)
        etree.strip_elements(root, *_NO_TEXT, with_tail=False)
        document = bare_extraction(root, include_comments=False, fast=True)
    except Exception:  # noqa: BLE001 - trafilatura documents no exceptions; pages can do without it
        return ""
    text = getattr(document, "text", None)
    return text if isinstance(text, str) else ""


def _recognise(paragraphs: Sequence[OutlineParagraph], texts: Sequence[str]) -> list[bool]:
    """For each paragraph, whether it is in one of the texts."""
    lines = {squeeze(line) for text in texts for line in text.split("\n")}
    whole = "\n".join(map(squeeze, texts))
    return [
        not _is_menu(paragraph) and _is_in(squeeze(paragraph.text), whole, lines)
        for paragraph in paragraphs
    ]


def _is_menu(paragraph: OutlineParagraph) -> bool:
    """Whether a paragraph is a link in boilerplate, as half of a page's paragraphs are."""
    return paragraph.linked >= LINKED and bool(paragraph.context.boilerplate)


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


def _find_boilerplate(paragraphs: Sequence[OutlineParagraph], found: Sequence[bool]) -> list[bool]:
    """For each paragraph, whether an element around it is boilerplate by its name and content.

    The name alone is not enough: an element that contains much of the article is not boilerplate.
    """
    article_size: dict[etree._Element, int] = {}
    total = 0
    for paragraph, is_found in zip(paragraphs, found, strict=True):
        if is_found:
            total += len(paragraph.text)
            for element in paragraph.context.boilerplate:
                article_size[element] = article_size.get(element, 0) + len(paragraph.text)
    limit = _OWN_SHARE * total
    return [any(article_size.get(e, 0) <= limit for e in p.context.boilerplate) for p in paragraphs]
