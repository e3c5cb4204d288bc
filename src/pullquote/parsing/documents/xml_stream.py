"""Parses XML as a stream. No tree is built, and no entity of the document is expanded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.entities import html5

from lxml import etree

from pullquote.schema.errors import ArticleError

_CHUNK = 1 << 16
"""Bytes given to the parser per call. libxml2 buffers no more than 10 MB."""

_DOCTYPE, _ENTITY = b"<!DOCTYPE", b"<!ENTITY"
_REFERENCE = re.compile(
    rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|&([A-Za-z_:][\w.:-]{0,99});", re.DOTALL
)
"""A named reference, or else a CDATA section or comment, which cannot contain references."""
_OF_XML = frozenset((b"lt", b"gt", b"amp", b"quot", b"apos"))


class XmlHandler:
    """Receives the events of an XML document. lxml calls the methods."""

    has_doctype = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""

    def end(self, tag: str) -> None:
        """An element ends."""

    def data(self, words: str) -> None:
        """Character data."""

    def doctype(self, _name: str, _public_id: str | None, _url: str | None) -> None:
        """Receive a document type declaration."""
        self.has_doctype = True

    def close(self) -> None:
        """The document ends."""


def parse_xml_stream(content: bytes, handler: XmlHandler, *, path: str, name: str) -> None:
    """Parse an XML file from a document, at any depth of nesting.

    Only the entities of HTML are expanded. No DTD is loaded and nothing is fetched.

    Raises:
        ArticleError: the file is not well-formed, or declares or uses other entities. libxml2
            would silently leave out the words that these entities represent.
    """
    is_checked = _DOCTYPE in content
    if is_checked:
        content = _replace_entities(content, path=path, name=name)
    parser = etree.XMLParser(
        target=handler, resolve_entities=False, no_network=True, load_dtd=False
    )
    try:
        for at in range(0, len(content), _CHUNK):
            parser.feed(content[at : at + _CHUNK])
            if handler.has_doctype and not is_checked:
                break
        else:
            parser.close()
    except etree.XMLSyntaxError as error:
        if not handler.has_doctype or is_checked:
            raise ArticleError(path, f"its part {name!r} is not valid XML: {error.msg}") from error
    if handler.has_doctype and not is_checked:
        reason = "has a document type, and is not in UTF-8; save it again in UTF-8"
        raise ArticleError(path, f"its part {name!r} {reason}")


def _replace_entities(content: bytes, *, path: str, name: str) -> bytes:
    """The XML with numeric references in place of HTML's entities, which old DTDs define.

    Raises:
        ArticleError: the document declares entities, or refers to entities that are not HTML's.
    """
    if _ENTITY in content:
        reason = "declares entities, and their text would be lost; save it again without them"
        raise ArticleError(path, f"its part {name!r} {reason}")

    def to_numeric(reference: re.Match[bytes]) -> bytes:
        entity: bytes | None = reference[1]
        if entity is None or entity in _OF_XML:
            return reference[0]
        characters = html5.get(f"{entity.decode(errors='replace')};")
        if characters is None:
            shown = reference[0].decode(errors="replace")
            reason = f"its part {name!r} refers to {shown}, an entity that it does not define"
            raise ArticleError(path, reason)
        return "".join(f"&#{ord(character)};" for character in characters).encode()

    return _REFERENCE.sub(to_numeric, content)


def element_texts(content: bytes, *, path: str, name: str) -> dict[str, str]:
    """The text of the elements in a small file, by local name. The last of several counts."""
    collector = _ElementTexts()
    parse_xml_stream(content, collector, path=path, name=name)
    return {tag: "".join(words) for tag, words in collector.words.items()}


class _ElementTexts(XmlHandler):
    def __init__(self) -> None:
        self.words: dict[str, list[str]] = {}
        self._open: list[str] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._open.append(local_name(tag))
        self.words[local_name(tag)] = []

    def end(self, tag: str) -> None:
        self._open.pop()

    def data(self, words: str) -> None:
        if self._open:
            self.words[self._open[-1]].append(words)


def local_name(tag: str) -> str:
    """The name of an element or attribute without its namespace."""
    return tag.rpartition("}")[2]


def attribute(attributes: Mapping[str, str], name: str) -> str:
    """The value of an attribute in any namespace; empty if the attribute is missing."""
    return next((value for key, value in attributes.items() if local_name(key) == name), "")
