"""HTML to pieces of plain words: all of it, for a part of a document that is an article already.

lxml reads it as a stream, in time linear in its length and at any depth. Python's own `HTMLParser`
takes hours over a megabyte of "<a <a <a".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from pullquote.ingest.gather import Gatherer
from pullquote.ingest.pieces import Piece, well_said
from pullquote.schema import Role

_BREAKING = frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption"
    " figure footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary ul"
    "".split()
)
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_ROLES = {"figcaption": Role.CAPTION, "caption": Role.CAPTION, "blockquote": Role.QUOTATION}
_HIDDEN = frozenset("script style template noscript".split())


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
    parser.feed(text)
    parser.close()
    title = well_said("".join(words.title).replace("\n", " "))
    return Rendered(
        tuple(words.gatherer.finish()), title if title else None, tuple(filter(None, words.images))
    )


class _Words:
    """What the elements of HTML do."""

    def __init__(self) -> None:
        self.gatherer = Gatherer()
        self.title: list[str] = []
        self.images: list[str] = []
        self._depth = dict.fromkeys((*_HIDDEN, *_ROLES, *_HEADINGS, "li", "pre", "title"), 0)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag in self._depth:
            self._depth[tag] += 1
        if tag in _BREAKING:
            self._block()
        elif tag == "br":
            self.gatherer.say("\n")
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
        if self._depth["title"]:
            self.title.append(words)
        elif not any(self._depth[tag] for tag in _HIDDEN):
            self.gatherer.say(words if self._depth["pre"] else words.replace("\n", " "))

    def close(self) -> None:
        """All has been read."""

    def _block(self) -> None:
        """Begin a piece whose role is that of the elements around it."""
        role = next((role for tag, role in _ROLES.items() if self._depth[tag]), None)
        heading = role is None and any(self._depth[tag] for tag in _HEADINGS)
        if role is None and (heading or self._depth["li"]):
            role = Role.BODY
        self.gatherer.block(role, heading=heading)
