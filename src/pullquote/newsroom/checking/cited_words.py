"""Finds the addresses that a draft cites for its quotations: `cite`, or a link right after one."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from lxml import etree

from pullquote.newsroom.checking.normalise import normalise
from pullquote.newsroom.checking.quotations import (
    DraftQuotation,
    attribution_line,
    draft_of,
    quotations_of,
)
from pullquote.parsing.decode import decode
from pullquote.parsing.html.tree import parse_page
from pullquote.schema import Article
from pullquote.schema.article import Model
from pullquote.schema.errors import ArticleError, SettingsError

LARGEST_PAGE = 2_000_000
"""In bytes. The links of a larger page are not read: a draft has some thousand."""
_SILENT = frozenset("head script style noscript template iframe svg math textarea".split())
_INLINE = frozenset(
    "a abbr b bdi bdo big cite code em font i ins kbd mark q s small span strike strong sub sup "
    "time tt u var wbr".split()
)
_ADDRESS = r"<?(?P<{0}>(?:https?://|\./|/|\?)[^\s<>()]{{0,2000}}(?:\([^\s<>()]{{0,200}}\)[^\s<>()]{{0,2000}})?)>?"
_LINK = re.compile(
    r"\[(?P<label>[^\[\]\n]{0,2000})\]\("
    + _ADDRESS.format("target")
    + r"(?:[ ]+[\"'(][^\n\"')]{0,300}[\"')])?\)"
    r"|\[(?P<words>[^\[\]\n]{1,2000})\]\[(?P<name>[^\[\]\n]{1,100})\]"
    r"|\[(?P<note>\^?[^\[\]\n]{1,100})\](?![:(\[])"
    r"|<?(?P<bare>https?://[^\s<>()\[\]]{1,2000})>?"
)
_DEFINITION = re.compile(
    r"^[ ]{0,3}\[(?P<name>\^?[^\[\]\n]{1,100})\]:[^\n]{0,500}?(?P<target>https?://[^\s<>()]{1,2000})",
    re.MULTILINE,
)
_LAST_MARKS = ".,;:!?'\""


@dataclass(frozen=True, slots=True)
class TextLink:
    """A link over a range of a text, which is empty if only its place is known."""

    start: int
    end: int
    address: str


@dataclass(slots=True)
class LinkedText:
    """A text without the syntax of its links, and the links in order."""

    text: str = ""
    links: list[TextLink] = field(default_factory=list)


def linked_text(text: str) -> LinkedText:
    """A text, perhaps in Markdown, with the links in it.

    >>> linked_text("“Gravel” ([Post](https://post.example/a)).").text
    '“Gravel” (Post).'
    """
    definitions = _DEFINITION.finditer(text)
    defined = {one["name"].lower(): one["target"].rstrip(_LAST_MARKS) for one in definitions}
    parts, links, size, at = list[str](), list[TextLink](), 0, 0
    for found in _LINK.finditer(text):
        shown = found["label"] or found["words"] or ""
        address = found["target"] or defined.get((found["name"] or found["note"] or "").lower())
        if found["bare"]:
            address = found["bare"].rstrip(_LAST_MARKS)
        if address is None:
            continue
        before = text[at : found.start()]
        parts += [before, shown]
        size += len(before)
        links.append(TextLink(size, size + len(shown), address))
        size += len(shown)
        at = found.end()
    parts.append(text[at:])
    return LinkedText("".join(parts), links)


def linked_page(content: bytes) -> LinkedText:
    """The text of a web page with its links, and with the addresses that its quotations cite.

    The paragraphs of block quotes begin with "> ", and each ends with the link that it cites.
    """
    if len(content) > LARGEST_PAGE:
        return LinkedText()
    try:
        root = parse_page(content, path="draft.html").root
    except ArticleError:
        return LinkedText()
    return LinkedText() if root is None else _PageWalk().walk(root)


class _PageWalk:
    """Walks over a page, and writes its text."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._size = 0
        self._links: list[TextLink] = []
        self._cited: list[str] = []
        self._anchors: list[int] = []
        self._begins = True

    def walk(self, root: etree._Element) -> LinkedText:
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            if event == "start" and element.tag in _SILENT:
                walk.skip_subtree()
            elif event == "start":
                self._open(element)
                self._write(element.text)
            else:
                if element.tag not in _SILENT:
                    self._close(element)
                self._write(element.tail)
        return LinkedText("".join(self._parts), self._links)

    def _open(self, element: etree._Element) -> None:
        if element.tag == "br":
            self._append("\n")
        elif element.tag not in _INLINE:
            self._end_paragraph()
        if element.tag == "blockquote":
            self._cited.append(element.get("cite", "").strip())
        elif element.tag == "q":
            self._append("“")
        elif element.tag == "a":
            self._anchors.append(self._size)

    def _close(self, element: etree._Element) -> None:
        if element.tag == "q":
            self._append("”")
            self._link(self._size, element.get("cite"))
        elif element.tag == "a":
            self._link(self._anchors.pop(), element.get("href"))
        elif element.tag not in _INLINE:
            self._end_paragraph()
        if element.tag == "blockquote":
            self._cited.pop()

    def _write(self, text: str | None) -> None:
        words = re.sub(r"\s+", " ", text or "")
        if not words or (self._begins and words == " "):
            return
        if self._begins and self._cited:
            self._append("> ")
        self._append(words)

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self._size += len(text)
        self._begins = False

    def _end_paragraph(self) -> None:
        if self._begins:
            return
        if self._cited:
            self._link(self._size, next(filter(None, reversed(self._cited)), None))
        self._append("\n\n")
        self._begins = True

    def _link(self, start: int, address: str | None) -> None:
        if address:
            self._links.append(TextLink(start, self._size, address.strip()))


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
