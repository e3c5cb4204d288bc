"""Reads a text with links: its words as readers see them, and where its links stand."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from pullquote.parsing.html.tree import parse_page
from pullquote.schema.errors import ArticleError

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
