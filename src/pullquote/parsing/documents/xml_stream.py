"""XML read as a stream: no tree is built, and no entity is expanded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.entities import html5
from typing import Protocol

from lxml import etree

from pullquote.errors import ArticleError

_CHUNK = 1 << 16
"""Bytes that are handed on at once: libxml2 holds no more than 10 MB that it has not read."""

_DOCTYPE, _ENTITY = b"<!DOCTYPE", b"<!ENTITY"
_REFERENCE = re.compile(
    rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|&([A-Za-z_:][\w.:-]{0,99});", re.DOTALL
)
"""A reference by name, or what holds none however it looks."""
_OF_XML = frozenset((b"lt", b"gt", b"amp", b"quot", b"apos"))


class XmlHandler(Protocol):
    """What a vocabulary does with the elements and words of a document."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""

    def end(self, tag: str) -> None:
        """An element ends."""

    def data(self, words: str) -> None:
        """What stands between the tags."""


class _LxmlTarget:
    """Hands events on; lxml wants a `close` as well."""

    def __init__(self, events: XmlHandler) -> None:
        self.start, self.end, self.data = events.start, events.end, events.data

    def close(self) -> None:
        return None


class _DoctypeDetector(_LxmlTarget):
    """Notes a document type where none was seen: it is written in another encoding."""

    has_doctype = False

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        self.has_doctype = True


def parse_xml_stream(content: bytes, events: XmlHandler, *, path: str, name: str) -> None:
    """Read an XML file of a document, nested however deep.

    No entity is expanded but HTML's, no DTD loaded and nothing fetched.

    Raises ArticleError, that names the file in it, where it is not well-formed, or declares or
    refers to entities: libxml2 leaves out the words that they stand for, and says nothing.
    """
    if _DOCTYPE in content:
        content, target = _without_entities(content, path=path, name=name), _LxmlTarget(events)
    else:
        target = _DoctypeDetector(events)
    parser = etree.XMLParser(target=target, resolve_entities=False, no_network=True, load_dtd=False)
    try:
        for at in range(0, len(content), _CHUNK):
            parser.parse_xml_stream(content[at : at + _CHUNK])
            _check_untyped(target, path=path, name=name)
        parser.close()
    except etree.XMLSyntaxError as error:
        _check_untyped(target, path=path, name=name)
        raise ArticleError(path, f"{name!r} in it is no valid XML: {error.msg}") from error


def _check_untyped(target: _LxmlTarget, *, path: str, name: str) -> None:
    """Raise ArticleError where there is a document type in which entities cannot be seen."""
    if isinstance(target, _DoctypeDetector) and target.has_doctype:
        reason = "has a document type, and is not in UTF-8; save it again"
        raise ArticleError(path, f"{name!r} in it {reason}")


def _without_entities(content: bytes, *, path: str, name: str) -> bytes:
    """XML with a document type, with numbers for the entities of HTML, which old DTDs define.

    Raises ArticleError where it declares entities, or refers to others.
    """
    if _ENTITY in content:
        reason = "declares entities, whose words would be lost; save it again without them"
        raise ArticleError(path, f"{name!r} in it {reason}")

    def numbered(found: re.Match[bytes]) -> bytes:
        entity: bytes | None = found[1]
        if entity is None or entity in _OF_XML:
            return found[0]
        characters = html5.get(f"{entity.decode(errors='replace')};")
        if characters is None:
            reference = f"{name!r} in it refers to {found[0].decode(errors='replace')}"
            raise ArticleError(path, f"{reference}, an entity that is not defined in it")
        return "".join(f"&#{ord(character)};" for character in characters).encode()

    return _REFERENCE.sub(numbered, content)


def element_texts(content: bytes, *, path: str, name: str) -> dict[str, str]:
    """The words of each element of a small file, by its bare name; of equal ones the last."""
    collector = _ElementTexts()
    parse_xml_stream(content, collector, path=path, name=name)
    return {tag: "".join(words) for tag, words in collector.found.items()}


class _ElementTexts:
    def __init__(self) -> None:
        self.found: dict[str, list[str]] = {}
        self._open: list[str] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._open.append(local_name(tag))
        self.found[local_name(tag)] = []

    def end(self, tag: str) -> None:
        self._open.pop()

    def data(self, words: str) -> None:
        if self._open:
            self.found[self._open[-1]].append(words)


def local_name(tag: str) -> str:
    """The name of an element or attribute without its namespace."""
    return tag.rpartition("}")[2]


def attribute(attributes: Mapping[str, str], name: str) -> str:
    """The value of an attribute, whatever its namespace; empty where there is none."""
    return next((value for key, value in attributes.items() if local_name(key) == name), "")
