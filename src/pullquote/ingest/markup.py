"""HTML to pieces of plain words, in order: what exports and Markdown embed of it.

Tags are gone, with scripts and styles. libxml2 tokenises, in time that grows with the text
alone; Python's own HTMLParser takes the square of it for "<a <a <a" (33 s for 60 kB).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from lxml import etree

from pullquote.ingest.assembly import Piece
from pullquote.schema import Role

_BREAKING = frozenset(
    "address article aside blockquote br dd details div dl dt figcaption figure footer form h1 h2"
    " h3 h4 h5 h6 header hl2 hr li main media media-caption nav ol p pre section summary table tr"
    " ul".split()
)
_SILENT = frozenset("script style template iframe title".split())
# Of NITF, which NewsML holds, too: hl2, media-caption.
_ROLES = {
    "blockquote": Role.QUOTATION,
    "figcaption": Role.CAPTION,
    "media-caption": Role.CAPTION,
}
_HEADINGS = frozenset("h1 h2 h3 hl2".split())
_MARKUP = re.compile(
    r"<(?:/?(?:a|b|br|blockquote|div|em|figure|h[1-6]|i|img|li|ol|p|section|span|strong|table|ul)"
    r"(?:\s[^<>]*)?/?|!--)>?",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.IGNORECASE)
_NO_CHARACTER = re.compile(r"[\0\ud800-\udfff]")


def is_markup(text: str) -> bool:
    """Whether a text is written in HTML."""
    return _MARKUP.search(text) is not None


def words_of(text: str) -> str:
    """A line of words, without the tags and entities that feeds and databases leave in it."""
    if is_markup(text):
        return " ".join(piece.text for piece in html_pieces(text))
    return unescape(text) if _ENTITY.search(text) else text


def html_pieces(content: str) -> Iterator[Piece]:
    """The words of some HTML, a paragraph a piece and none empty; images by their `alt`, last."""
    words = _Words()
    parser = etree.HTMLParser(target=words, huge_tree=True)
    # Bytes: of a string lxml would take an encoding that its <meta> names. NUL ends C's strings.
    parser.feed(_NO_CHARACTER.sub("\ufffd", content))
    parser.close()
    for piece in (*words.pieces, *(Piece(alt, Role.CAPTION) for alt in words.images)):
        text = " ".join(piece.text.split())
        if text:
            yield Piece(text, piece.role, piece.heading)


class _Words:
    """Collects the paragraphs of a document as its tags begin and end."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.images: list[str] = []
        self._parts: list[str] = []
        self._open: dict[str, int] = dict.fromkeys((*_ROLES, *_HEADINGS), 0)
        self._silent = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in _SILENT:
            self._silent += 1
        if tag in _BREAKING:
            self._break()
        elif tag in ("td", "th"):
            self._parts.append(" ")
        elif tag == "img" and not self._silent:
            self.images.append(attributes.get("alt", ""))
        if tag in self._open:
            self._open[tag] += 1

    def end(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent -= 1
        if tag in _BREAKING:
            self._break()
        if tag in self._open:
            self._open[tag] -= 1

    def data(self, data: str) -> None:
        if not self._silent:
            self._parts.append(data)

    def comment(self, text: str) -> None:
        pass

    def pi(self, target: str, data: str | None = None) -> None:
        pass

    def close(self) -> None:
        self._break()

    def _break(self) -> None:
        """End a paragraph, in the role of what is open around it."""
        if self._parts:
            role = next((role for tag, role in _ROLES.items() if self._open[tag] > 0), None)
            heading = any(self._open[tag] > 0 for tag in _HEADINGS)
            role = Role.BODY if role is None and heading else role
            self.pieces.append(Piece("".join(self._parts), role, heading))
            self._parts = []
