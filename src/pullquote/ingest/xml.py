"""XML read as a stream: no tree is built, and no entity is expanded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from lxml import etree

from pullquote.errors import ArticleError

_CHUNK = 1 << 16
"""Bytes that are handed on at once: libxml2 holds no more than 10 MB that it has not read."""


class Events(Protocol):
    """What a vocabulary does with the elements and words of a document."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""

    def end(self, tag: str) -> None:
        """An element ends."""

    def data(self, words: str) -> None:
        """What stands between the tags."""


class _Target:
    """Hands events on; lxml wants a `close` as well."""

    def __init__(self, events: Events) -> None:
        self.start, self.end, self.data = events.start, events.end, events.data

    def close(self) -> None:
        return None


def feed(content: bytes, events: Events, *, path: str, name: str) -> None:
    """Read an XML file of a document, nested however deep.

    No entity is expanded, no DTD loaded and nothing fetched.

    Raises ArticleError, that names the file in it, where it is not well-formed.
    """
    parser = etree.XMLParser(
        target=_Target(events), resolve_entities=False, no_network=True, load_dtd=False
    )
    try:
        for at in range(0, len(content), _CHUNK):
            parser.feed(content[at : at + _CHUNK])
        parser.close()
    except etree.XMLSyntaxError as error:
        raise ArticleError(path, f"{name!r} in it is no valid XML: {error.msg}") from error


def texts_of(content: bytes, *, path: str, name: str) -> dict[str, str]:
    """The words of each element of a small file, by its bare name; of equal ones the last."""
    collector = _Texts()
    feed(content, collector, path=path, name=name)
    return {tag: "".join(words) for tag, words in collector.found.items()}


class _Texts:
    def __init__(self) -> None:
        self.found: dict[str, list[str]] = {}
        self._open: list[str] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._open.append(local(tag))
        self.found[local(tag)] = []

    def end(self, tag: str) -> None:
        self._open.pop()

    def data(self, words: str) -> None:
        if self._open:
            self.found[self._open[-1]].append(words)


def local(tag: str) -> str:
    """The name of an element or attribute without its namespace."""
    return tag.rpartition("}")[2]


def attribute(attributes: Mapping[str, str], name: str) -> str:
    """The value of an attribute, whatever its namespace; empty where there is none."""
    return next((value for key, value in attributes.items() if local(key) == name), "")
