"""Converts the HTML inside a document to text blocks.

No text is judged to be boilerplate. lxml reads the HTML as a stream, at any depth of nesting and in
linear time. Python's own `HTMLParser` takes hours for a megabyte of "<a <a <a".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape

from lxml import etree

from pullquote.parsing.block_builder import BlockBuilder
from pullquote.parsing.blocks import TextBlock, clean_text
from pullquote.schema import Role

_BREAKING = frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption"
    " figure footer form h1 h2 h3 h4 h5 h6 header hl2 hr html li main media media-caption nav ol p"
    " pre section summary ul".split()
)
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6 hl2".split())
# hl2 and media-caption are elements of NITF, which NewsML contains.
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
class HtmlContent:
    """The blocks of a text in HTML, its title, and the alternative texts of its images."""

    blocks: tuple[TextBlock, ...]
    title: str | None
    images: tuple[str, ...]


def html_to_blocks(text: str) -> HtmlContent:
    """The content of a text in HTML, without scripts and styles."""
    target = _HtmlTarget()
    parser = etree.HTMLParser(target=target, huge_tree=True)
    # The C library would take a NUL for the end of the string.
    parser.feed(_NO_CHARACTER.sub("\ufffd", text))
    parser.close()
    title = clean_text("".join(target.title).replace("\n", " "))
    return HtmlContent(
        tuple(target.builder.finish()),
        title if title else None,
        tuple(filter(None, target.images)),
    )


def blocks_and_captions(text: str) -> Iterator[TextBlock]:
    """The blocks of a text in HTML, followed by the alternative texts of its images as captions."""
    content = html_to_blocks(text)
    yield from content.blocks
    for image in content.images:
        yield TextBlock(image, Role.CAPTION)


def is_markup(text: str) -> bool:
    """Whether a text contains HTML tags."""
    return _MARKUP.search(text) is not None


def strip_markup(text: str) -> str:
    """A line of text, without the tags and entities that feeds and databases leave in it."""
    if is_markup(text):
        return " ".join(block.text for block in blocks_and_captions(text))
    return unescape(text) if _ENTITY.search(text) else text


class _HtmlTarget:
    def __init__(self) -> None:
        self.builder = BlockBuilder()
        self.title: list[str] = []
        self.images: list[str] = []
        self._after_break = False
        self._depth = dict.fromkeys((*_HIDDEN, *_ROLES, *_HEADINGS, "li", "pre", "title"), 0)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag in self._depth:
            self._depth[tag] += 1
        if tag in _BREAKING:
            self._begin_block()
        elif tag == "br":
            self._break_line()
        elif tag == "q":
            self.data("“")  # a browser shows the marks too
        elif tag == "table":
            self.builder.begin_table()
        elif tag == "tr":
            self.builder.end_row()
        elif tag in ("td", "th"):
            self.builder.begin_cell()
        elif tag == "img":
            self.images.append(clean_text(attributes.get("alt", "").replace("\n", " ")))

    def end(self, tag: str) -> None:
        if self._depth.get(tag):
            self._depth[tag] -= 1
        if tag in _BREAKING:
            self._begin_block()
        elif tag == "q":
            self.data("”")
        elif tag == "tr":
            self.builder.end_row()
        elif tag == "table":
            self.builder.end_table()

    def data(self, text: str) -> None:
        self._after_break = self._after_break and not text.strip()
        if self._depth["title"]:
            self.title.append(text)
        elif not any(self._depth[tag] for tag in _HIDDEN):
            self.builder.add_text(text if self._depth["pre"] else text.replace("\n", " "))

    def close(self) -> None:
        """Lxml requires this method; nothing is left to do here."""

    def _break_line(self) -> None:
        """End the line. A second line break in a row ends the block."""
        if self._after_break:
            self._begin_block()
        else:
            self.builder.add_text("\n")
        self._after_break = True

    def _begin_block(self) -> None:
        """Begin a block with the role that the elements around it imply."""
        role = next((role for tag, role in _ROLES.items() if self._depth[tag]), None)
        heading = role is None and any(self._depth[tag] for tag in _HEADINGS)
        if role is None and (heading or self._depth["li"]):
            role = Role.BODY
        self.builder.begin_block(role, heading=heading)
