"""Which paragraphs of a page are its article: trafilatura's judgement, mended by the markup.

trafilatura returns words without their elements, so its words are found again among the paragraphs.
`heuristics` then takes out and puts in what the elements around them tell.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence

from lxml import etree, html
from trafilatura import bare_extraction

from pullquote.parsing.html.heuristics import mend
from pullquote.parsing.html.outline import LINKED, Outlined
from pullquote.parsing.html.page_metadata import Metadata
from pullquote.parsing.news.author_names import squeeze

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

MOST_JUDGED = 30_000
"""Elements of a page that trafilatura is asked about; 40,000 cells of a table take it 4 s."""
_NO_TEXT = tuple(
    "script style noscript svg template iframe nav footer button select input link meta img".split()
)
"""What trafilatura would leave out itself; it is quicker without."""
_CHUNK = 24
"""Letters that are looked up at once; a shorter paragraph must be a line of its own."""
_SURE = 0.6
_OWN_SHARE = 0.3


def find_article(
    content: bytes,
    paragraphs: Sequence[Outlined],
    *,
    metadata: Metadata,
    headline: int | None,
    said: Collection[int],
    judged: bool,
) -> tuple[bool, ...]:
    """For each paragraph whether it is part of the article.

    `content` is the page in UTF-8, `headline` is where that stands, `said` what stands among what
    readers said. Where it is not `judged`, as a page too large to ask trafilatura about, its long
    paragraphs outside furniture are taken.
    """
    texts = (_judge(content) if judged else "", metadata.body)
    recognised = [
        is_said and i not in said for i, is_said in enumerate(_recognise(paragraphs, texts))
    ]
    furniture = _furniture(paragraphs, recognised)
    open_ = [not furniture[i] and i not in said for i in range(len(paragraphs))]
    kept = [is_said and is_open for is_said, is_open in zip(recognised, open_, strict=True)]
    if not any(is_kept for i, is_kept in enumerate(kept) if i != headline):
        kept = _outside_furniture(paragraphs, open_)
    mend(paragraphs, kept, open_, metadata=metadata, headline=headline)
    return tuple(kept)


def _outside_furniture(paragraphs: Sequence[Outlined], open_: Sequence[bool]) -> list[bool]:
    """The prose of a page, or on one without prose all that is no link."""
    prose = [is_open and paragraphs[i].is_prose for i, is_open in enumerate(open_)]
    if any(prose):
        return prose
    return [is_open and paragraphs[i].linked < LINKED for i, is_open in enumerate(open_)]


def _judge(content: bytes) -> str:
    """The words that trafilatura takes for the article of a page; empty where it finds none.

    Asked to be fast: with its second opinions, which are made for pages without mending, it is
    slower and keeps less of what should be kept (docs/benchmarks.md).
    """
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(content, parser=parser)
        etree.strip_elements(root, *_NO_TEXT, with_tail=False)
        document = bare_extraction(root, include_comments=False, fast=True)
    except Exception:  # noqa: BLE001 - what it stumbles over is nowhere said; without it we go on
        return ""
    text = getattr(document, "text", None)
    return text if isinstance(text, str) else ""


def _recognise(paragraphs: Sequence[Outlined], texts: Sequence[str]) -> list[bool]:
    """For each paragraph whether it stands in one of some texts."""
    lines = {squeeze(line) for text in texts for line in text.split("\n")}
    whole = "\n".join(map(squeeze, texts))
    return [
        not _is_menu(paragraph) and _stands_in(squeeze(paragraph.text), whole, lines)
        for paragraph in paragraphs
    ]


def _is_menu(paragraph: Outlined) -> bool:
    """Whether a paragraph is a link in page furniture; half of those of a page are."""
    return paragraph.linked >= LINKED and bool(paragraph.place.furniture)


def _stands_in(words: str, whole: str, lines: Collection[str]) -> bool:
    """Whether most of a paragraph stands in a text, or a short one in a line of its own."""
    # A line of the text is found at once; to look through the text for each takes quadratic time.
    if len(words) < _CHUNK or words in lines:
        return words in lines
    if words in whole:
        return True
    chunks = [words[at : at + _CHUNK] for at in range(0, len(words) - _CHUNK + 1, _CHUNK)]
    missing = 0
    for chunk in chunks:
        missing += chunk not in whole
        if missing > (1 - _SURE) * len(chunks):
            return False
    return True


def _furniture(paragraphs: Sequence[Outlined], found: Sequence[bool]) -> list[bool]:
    """For each paragraph whether an element around it is page furniture by name and by content.

    A name alone proves nothing: what holds much of the article is none, whatever it is called.
    """
    held: dict[etree._Element, int] = {}
    total = 0
    for paragraph, is_found in zip(paragraphs, found, strict=True):
        if is_found:
            total += len(paragraph.text)
            for element in paragraph.place.furniture:
                held[element] = held.get(element, 0) + len(paragraph.text)
    limit = _OWN_SHARE * total
    return [any(held.get(e, 0) <= limit for e in p.place.furniture) for p in paragraphs]
