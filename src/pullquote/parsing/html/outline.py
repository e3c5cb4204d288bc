"""The paragraphs of an HTML tree, in order, each with what the markup around it says."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

from lxml import etree

from pullquote.parsing.html.byline_markup import Sign, read_sign
from pullquote.parsing.html.class_names import Name, is_furniture, is_hidden, name_of
from pullquote.parsing.trace import left_out, listening

LONG = 80
"""Characters of a paragraph that is no label, menu or date."""
LINKED = 0.5
"""Share of a paragraph in links from which on it is a link."""

_SILENT = frozenset(
    "audio button canvas datalist embed head iframe input label math meter noembed noframes"
    " nav noscript object option progress script select style svg template textarea title"
    " video".split()
)
_CODE = frozenset(("head", "iframe", "noscript", "script", "style", "template", "svg", "math"))
"""Silent elements whose content is no words."""
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big br cite code data del dfn em font i img ins kbd mark nobr picture"
    " q rp rt ruby s samp small source span strike strong sub sup time tt u var wbr".split()
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_PICTURES = frozenset(("amp-img", "img", "picture"))
_CELLS = frozenset(("td", "th"))
_WHOLE = frozenset(("html", "body", "main"))
_SPACE = re.compile(r"[^\S\n]+")
_PARAGRAPHS = re.compile(r" ?\n[ \n]*\n ?")
# Soft hyphens, zero-width spaces and marks of direction say how to show words, and are none.
_INVISIBLE = re.compile("[\xad\u200b\u200e\u200f\u2060\ufeff]")
_BREAK = "\x1e"
"""Stands for `<br>` among words, which have no such character."""
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Place:
    """The elements around a paragraph that say something about it.

    `furniture` are those that are named as page furniture or not shown. Of the others it is the
    innermost of its kind, but of `discussion`, which holds all that readers said, the outermost.
    """

    furniture: tuple[etree._Element, ...] = ()
    lead: etree._Element | None = None
    body: etree._Element | None = None
    discussion: etree._Element | None = None
    comment: etree._Element | None = None
    quoted: bool = False
    pulled: bool = False
    caption: bool = False
    figure: bool = False


@dataclass(frozen=True, slots=True)
class Outlined:
    """A paragraph in plain words: its element and place, and the share of it in links, 0 to 1.

    `led` says that it begins with a link.
    """

    text: str
    node: etree._Element
    place: Place
    linked: float = 0.0
    led: bool = False

    @property
    def is_prose(self) -> bool:
        """Whether it is too long for a label, a menu or a date, and not mostly links."""
        return len(self.text) >= LONG and self.linked < LINKED and not self.heading

    @property
    def heading(self) -> bool:
        """Whether it is a heading."""
        return self.node.tag in _HEADINGS


@dataclass(slots=True)
class Outline:
    """The paragraphs of a page in order, none of them empty, and the signs among them."""

    paragraphs: list[Outlined] = field(default_factory=list)
    signs: list[Sign] = field(default_factory=list)


def outline(root: etree._Element) -> Outline:
    """The outline of a tree."""
    return _Walk(root).walk()


class _Walk:
    """A walk over a tree: the words since the last paragraph, and the elements around them."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.found = Outline()
        self.parts: list[str] = []
        self.links = 0
        self.led = False
        self.linked = 0
        self.blocks = [root]
        self.places = [Place()]
        self.layout = [True]
        self.pictured = -1

    def walk(self) -> Outline:
        walk = etree.iterwalk(self.root, events=("start", "end"))
        silent: etree._Element | None = None
        for event, element in walk:
            if event == "start":
                tag = element.tag
                name = name_of(element)
                if tag in _SILENT or (tag == "span" and is_hidden(element, name)):
                    silent = element
                    walk.skip_subtree()
                    if tag not in _CODE and listening():
                        left_out("".join(element.itertext()), f"page furniture: <{tag}>")
                else:
                    self._open(element, tag, name)
                    self._say(element.text)
            else:
                if element is silent:
                    silent = None
                else:
                    self._close(element, str(element.tag))
                self._say(element.tail)
        self._flush()
        return self.found

    def _say(self, words: str | None) -> None:
        if words:
            if self.links and not self.led and not words.isspace():
                self.led = not any(part.strip() for part in self.parts)
            self.parts.append(words)
            if self.links:
                self.linked += len(words)

    def _is_block(self, tag: str) -> bool:
        """Whether an element parts paragraphs; the cells of a table of data do not."""
        return tag not in _INLINE and (tag not in _CELLS or self.layout[-1])

    def _open(self, element: etree._Element, tag: str, name: Name) -> None:
        if tag == "table":
            self.layout.append(_is_layout(element))
        if tag in _PICTURES:
            self.pictured = len(self.found.paragraphs)
        if self._is_block(tag):
            self._flush()
            self.blocks.append(element)
            pictured = self.pictured == len(self.found.paragraphs)
            self.places.append(_place(element, tag, name, self.places[-1], pictured=pictured))
        elif tag == "br":
            self.parts.append(_BREAK)
        elif tag in _CELLS:
            self.parts.append(" | " if self.parts else "")
        elif tag == "a":
            self.links += 1
        elif name.kicker and self.blocks[-1].tag in _HEADINGS:
            self._flush()  # a kicker stands above the headline and is no part of it
        sign = read_sign(element, name, at=len(self.found.paragraphs))
        if sign is not None:
            self.found.signs.append(sign)

    def _close(self, element: etree._Element, tag: str) -> None:
        if self._is_block(tag):
            self._flush()
            self.blocks.pop()
            self.places.pop()
        elif tag == "a":
            self.links -= 1
        elif self.blocks[-1].tag in _HEADINGS and tag not in _CELLS and name_of(element).kicker:
            self._flush()
        if tag == "table":
            self.layout.pop()

    def _flush(self) -> None:
        """Make paragraphs of the words since the last, parted at empty lines."""
        if not self.parts:
            return
        words, led = "".join(self.parts), self.led
        linked: float = self.linked
        self.parts, self.linked, self.led = [], 0, False
        if not words or words.isspace():
            return
        words = _CONTROLS.sub(
            " ", _INVISIBLE.sub("", words.replace("\n", " ").replace(_BREAK, "\n"))
        )
        linked = min(1.0, linked / max(1, len(words.strip())))
        for part in _PARAGRAPHS.split(_SPACE.sub(" ", words)):
            text = part.replace(" \n", "\n").replace("\n ", "\n").strip(" \n|")
            if text:
                self.found.paragraphs.append(
                    Outlined(text, self.blocks[-1], self.places[-1], linked, led)
                )


def _is_layout(table: etree._Element) -> bool:
    """Whether a table puts parts of a page beside each other, and holds no data."""
    if table.get("role") in ("presentation", "none"):
        return True
    return any(table.find(f".//{tag}") is not None for tag in ("table", "p", "div", "h1", "h2"))


def _place(element: etree._Element, tag: str, name: Name, above: Place, *, pictured: bool) -> Place:
    """The place of what stands in an element; `pictured` says that a picture is right above it."""
    if tag in _WHOLE:
        return above
    itemprop = element.get("itemprop", "")
    changes: dict[str, Any] = {}
    if is_furniture(element, name) or is_hidden(element, name):
        changes["furniture"] = (*above.furniture, element)
    if name.lead or itemprop in ("description", "alternativeHeadline"):
        changes["lead"] = element
    if (name.body or itemprop == "articleBody") and above.body is None:
        changes["body"] = element
    if name.discussion and above.discussion is None and tag != "article":
        changes["discussion"] = element
    if name.comment or element.get("itemtype", "").endswith("/Comment"):
        changes["comment"] = element
    if tag == "blockquote":
        changes["quoted"] = True
    if name.pulled:
        changes["pulled"] = True
    if tag == "figcaption" or name.caption:
        changes["caption"] = True
        changes["figure"] = tag == "figcaption" or above.figure or pictured
    return replace(above, **changes) if changes else above
