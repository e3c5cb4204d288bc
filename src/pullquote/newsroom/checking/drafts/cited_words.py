"""Finds the addresses that a draft cites for its quotations: `cite`, or a link right after one."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import parse_qsl, urlsplit

from pullquote.newsroom.checking.drafts.attribution_lines import attribution_line
from pullquote.newsroom.checking.drafts.draft import draft_of
from pullquote.newsroom.checking.drafts.linked_text import (
    LinkedText,
    TextLink,
    linked_page,
    linked_text,
)
from pullquote.newsroom.checking.drafts.quotations import DraftQuotation, quotations_of
from pullquote.newsroom.checking.text.normalise import normalise
from pullquote.parsing.decode import decode
from pullquote.schema import Article
from pullquote.schema.article import Model
from pullquote.schema.errors import SettingsError

MOST_CHARACTERS = 2_000_000
"""The links of a longer draft are not read."""
_PAGES = frozenset({".html", ".htm", ".xhtml"})
_TEXTS = frozenset({".md", ".markdown", ".txt", ".text", ""})
_CLOSING = re.compile(r"[”\"’'»“«›‹」*_]{0,4}[.,;:!?]?[*_]{0,3}[ \u00a0]?[(\[]?")
"""What may stand between the words of a quotation and a link right after it."""
_LONGEST_CLOSING = 12
_BELOW = 300
"""In characters: how much of the text after a block quote may be the line that says whose it is."""


class CitedWords(Model):
    """The words of a quotation as a draft has them, and the address that it cites for them."""

    words: str
    address: str | None = None


class Draft(Article):
    """A draft with the addresses that it cites, in the order of its quotations."""

    cited: tuple[CitedWords, ...] = ()


class CitedAddresses:
    """The addresses of a draft, to be asked for in the order of its quotations."""

    def __init__(self, draft: Article) -> None:
        self._by_words = defaultdict[str, deque[str | None]](deque)
        for one in draft.cited if isinstance(draft, Draft) else ():
            self._by_words[one.words].append(one.address)

    def of(self, quotation: DraftQuotation) -> str | None:
        """The address that the draft cites for a quotation; None if it cites none."""
        known = self._by_words.get(_key(quotation.text))
        return known.popleft() if known else None


def with_cited_text(draft: Article, text: str) -> Draft:
    """A draft with the addresses in its text, which may be Markdown."""
    return _with(draft, _cited_in(linked_text(text) if len(text) <= MOST_CHARACTERS else None))


def with_cited(draft: Article, content: bytes, suffix: str) -> Article:
    """A draft from a file with the addresses in the file, if its format has any."""
    suffix = suffix.lower()
    if suffix in _PAGES:
        return _with(draft, _cited_in(linked_page(content)))
    if suffix in _TEXTS and len(content) <= 4 * MOST_CHARACTERS:
        return with_cited_text(draft, decode(content, path=f"draft{suffix}").text)
    return draft


def article_in_permanent_link(address: str) -> str | None:
    """The id of the article that a permanent link of a chat opens; None for another address."""
    try:
        query = dict(parse_qsl(urlsplit(address).query, max_num_fields=20))
    except ValueError:
        return None
    return query["article"] if {"article", "start", "end"} <= query.keys() else None


def _with(draft: Article, cited: Iterable[CitedWords]) -> Draft:
    return Draft.model_validate({**dict(draft), "cited": tuple(cited)})


def _cited_in(linked: LinkedText | None) -> Iterator[CitedWords]:
    """The words of each quotation of a text, with the address that stands beside them."""
    if linked is None or not linked.links:
        return
    try:
        quotations = quotations_of(draft_of(linked.text))
    except SettingsError:  # the draft is refused with a reason later
        return
    starts = [one.start for one in linked.links]
    for one in quotations:
        yield from _cited(one, linked, starts)


def _cited(
    quotation: DraftQuotation, linked: LinkedText, starts: Sequence[int]
) -> Iterator[CitedWords]:
    text, links = linked.text, linked.links
    inside = links[bisect_left(starts, quotation.start) : bisect_right(starts, quotation.end)]
    ending = [one for one in inside if quotation.is_block and _ends(one, quotation, text)]
    link = ending[-1] if ending else _around_or_after(quotation, linked, starts)
    if link is None and quotation.is_block:
        link = _below(quotation, linked, starts)
    address = None if link is None else link.address
    yield CitedWords(words=_key(quotation.text), address=address)
    if ending and link is not None and link.end > link.start:
        words = text[quotation.start : link.start]
        yield CitedWords(words=_key(words), address=address)


def _ends(link: TextLink, quotation: DraftQuotation, text: str) -> bool:
    """Whether a block quote ends with a link."""
    rest = text[link.end : quotation.end]
    return link.start > quotation.start and not re.search(r"\w", rest)


def _around_or_after(
    quotation: DraftQuotation, linked: LinkedText, starts: Sequence[int]
) -> TextLink | None:
    """The link that a quotation stands in, or the one right after it."""
    before = bisect_right(starts, quotation.start)
    for link in reversed(linked.links[max(0, before - 1) : before]):
        if link.end >= quotation.end:
            return link
    after = bisect_left(starts, quotation.end)
    for link in linked.links[after : after + 1]:
        between = linked.text[quotation.end : link.start]
        if len(between) <= _LONGEST_CLOSING and _CLOSING.fullmatch(between):
            return link
    return None


def _below(quotation: DraftQuotation, linked: LinkedText, starts: Sequence[int]) -> TextLink | None:
    """The only link in the line below a block quote that says whose words they are."""
    rest = linked.text[quotation.end : quotation.end + _BELOW]
    found = re.match(r"\s*(?:>\s*)*(?P<line>[^\n]+)", rest)
    if found is None or attribution_line(found["line"]) is None:
        return None
    low, high = quotation.end + found.start("line"), quotation.end + found.end("line")
    links = linked.links[bisect_left(starts, low) : bisect_right(starts, high)]
    return links[0] if len(links) == 1 else None


def _key(text: str) -> str:
    """The words of a quotation, without what a format may set otherwise."""
    return " ".join(re.findall(r"\w+", normalise(text).text.lower()))
