"""HTML to pieces of plain words: all of it, for a part of a document that is an article already.

lxml reads it as a stream, in time linear in its length and at any depth. Python's own `HTMLParser`
takes hours over a megabyte of "<a <a <a".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape

from lxml import etree

from pullquote.parsing.block_builder import Gatherer
from pullquote.parsing.blocks import Piece, well_said
from pullquote.schema import Role

_BREAKING = frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption"
    " figure footer form h1 h2 h3 h4 h5 h6 header hl2 hr html li main media media-caption nav ol p"
    " pre section summary ul".split()
)
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6 hl2".split())
# Of NITF, which NewsML holds, too: hl2, media-caption.
_ROLES = {
    "figcaption": Role.CAPTION,
    "caption": Role.CAPTION,
    "media-caption": Role.CAPTION,
    "blockquote": Role.QUOTATION,
}
_HIDDEN = frozenset("script style template noscript iframe".split())
_MARKUP = re.compile(
    r"<(?:/?(?:a|b|br|blockquote|div|em|figure|h[1-6]|i|img|li|ol|p|section|span|strong|table|ul)"
    r"(?:\s[^<>]*)?/?|!--)>?",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.IGNORECASE)
_NO_CHARACTER = re.compile(r"[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Rendered:
    """The pieces of an HTML text, its title, and what stands for its images."""

    pieces: tuple[Piece, ...]
    title: str | None
    images: tuple[str, ...]


def render_html(text: str) -> Rendered:
    """The words of an HTML text; scripts and styles are left out, and images by their texts."""
    words = _Words()
    parser = etree.HTMLParser(target=words, huge_tree=True)
    # NUL ends C's strings.
    parser.feed(_NO_CHARACTER.sub("\ufffd", text))
    parser.close()
    title = well_said("".join(words.title).replace("\n", " "))
    return Rendered(
        tuple(words.gatherer.finish()), title if title else None, tuple(filter(None, words.images))
    )


def html_pieces(text: str) -> Iterator[Piece]:
    """The pieces of an HTML text, and then what stands for its images, as captions."""
    rendered = render_html(text)
    yield from rendered.pieces
    for image in rendered.images:
        yield Piece(image, Role.CAPTION)


def is_markup(text: str) -> bool:
    """Whether a text is written in HTML."""
    return _MARKUP.search(text) is not None


def words_of(text: str) -> str:
    """A line of words, without the tags and entities that feeds and databases leave in it."""
    if is_markup(text):
        return " ".join(piece.text for piece in html_pieces(text))
    return unescape(text) if _ENTITY.search(text) else text


class _Words:
    """What the elements of HTML do."""

    def __init__(self) -> None:
        self.gatherer = Gatherer()
        self.title: list[str] = []
        self.images: list[str] = []
        self._broken = False
        self._depth = dict.fromkeys((*_HIDDEN, *_ROLES, *_HEADINGS, "li", "pre", "title"), 0)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag in self._depth:
            self._depth[tag] += 1
        if tag in _BREAKING:
            self._block()
        elif tag == "br":
            self._break()
        elif tag == "table":
            self.gatherer.begin_table()
        elif tag == "tr":
            self.gatherer.begin_row()
        elif tag in ("td", "th"):
            self.gatherer.begin_cell()
        elif tag == "img":
            self.images.append(well_said(attributes.get("alt", "").replace("\n", " ")))

    def end(self, tag: str) -> None:
        if self._depth.get(tag):
            self._depth[tag] -= 1
        if tag in _BREAKING:
            self._block()
        elif tag == "tr":
            self.gatherer.end_row()
        elif tag == "table":
            self.gatherer.end_table()

    def data(self, words: str) -> None:
        self._broken = self._broken and not words.strip()
        if self._depth["title"]:
            self.title.append(words)
        elif not any(self._depth[tag] for tag in _HIDDEN):
            self.gatherer.say(words if self._depth["pre"] else words.replace("\n", " "))

    def close(self) -> None:
        """All has been read."""

    def _break(self) -> None:
        """End a line, or, where the one before is empty, a paragraph."""
        if self._broken:
            self._block()
        else:
            self.gatherer.say("\n")
        self._broken = True

    def _block(self) -> None:
        """Begin a piece whose role is that of the elements around it."""
        role = next((role for tag, role in _ROLES.items() if self._depth[tag]), None)
        heading = role is None and any(self._depth[tag] for tag in _HEADINGS)
        if role is None and (heading or self._depth["li"]):
            role = Role.BODY
        self.gatherer.block(role, heading=heading)
