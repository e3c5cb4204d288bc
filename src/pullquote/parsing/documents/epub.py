"""The EPUB reader: one article for each document of the book that holds words, in reading order."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import unquote

from pullquote.errors import ArticleError
from pullquote.parsing.blocks import compose, well_said, with_headline
from pullquote.parsing.decode import decode
from pullquote.parsing.documents.properties import believable_title, moment, property_facts
from pullquote.parsing.documents.xml_stream import attribute, local_name, parse_xml_stream
from pullquote.parsing.documents.zip_container import ZipContainer, open_zip
from pullquote.parsing.formats import Format
from pullquote.parsing.html_blocks import render_html
from pullquote.parsing.news.metadata import ArticleMetadata
from pullquote.parsing.source import SourceFile
from pullquote.schema import Article

FORMAT = Format(
    name="epub",
    suffixes=(".epub",),
    summary="each document of the book is an article, `book.epub#chapter.xhtml`",
)

_CONTAINER, _ENCRYPTION = "META-INF/container.xml", "META-INF/encryption.xml"
_DOCUMENTS = frozenset(("application/xhtml+xml", "text/html", "application/x-dtbook+xml"))
_VOID = "area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr"
_EMPTY = re.compile(rf"<(?!(?:{_VOID})\b)([A-Za-z][\w:-]*)([^<>]*)/>")
"""An element that is closed where it opens, as XML has it; HTML would take it for open."""

_DECLARES = re.compile(r"<!DOCTYPE[^<>\[]*\[[^\]]*<!ENTITY")
"""A document type with entities of its own."""


def parse_epub(file: SourceFile) -> tuple[Article, ...]:
    """The articles of an EPUB file, called `book.epub#chapter.xhtml`.

    Raises ArticleError where it is no EPUB, is protected or damaged, or no document holds words.
    """
    container = open_zip(file.content, path=file.id, limits=file.limits)
    book = _read_book(container, path=file.id)
    locked = _locked(container, path=file.id)
    articles: list[Article] = []
    for href in book.hrefs():
        name = posixpath.normpath(posixpath.join(book.folder, href))
        if name in locked:
            raise ArticleError(file.id, f"it is protected against copying (DRM): {href!r}")
        articles += _read_document(replace(file, id=f"{file.id}#{href}"), container, name, book)
    if not articles:
        raise ArticleError(file.id, "none of its documents holds words")
    return tuple(articles)


def _read_document(
    part: SourceFile, container: ZipContainer, name: str, book: _PackageDocument
) -> Iterator[Article]:
    """The article of a document of the book, unless that holds no words."""
    content = container.read(name)
    if not content.strip():
        return
    decoded = decode(content, path=part.id)
    if _declares_entities(decoded.text):
        reason = "it declares entities, whose words would be lost; save it again without them"
        raise ArticleError(part.id, reason)
    rendered = render_html(_EMPTY.sub(r"<\1\2></\1>", decoded.text))
    if not rendered.pieces:
        return
    properties = book.facts()
    properties.title = believable_title(rendered.title)
    yield compose(
        part,
        with_headline(rendered.pieces),
        properties=properties,
        encoding=decoded.encoding,
        language=book.language(),
    )


def _declares_entities(text: str) -> bool:
    """Whether a document has entities of its own, which a reader of HTML does not know."""
    at = text.find("<!DOCTYPE")
    return at >= 0 and _DECLARES.match(text, at) is not None


class _PackageDocument:
    """What the package document says: the files of the book, their order, and whose it is."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self._files: dict[str, str] = {}
        self._spine: list[str] = []
        self._words: dict[str, list[list[str]]] = {}
        """The pieces of words of the elements of each name."""
        self._open = ""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._open = local_name(tag)
        if self._open == "item":
            is_contents = "nav" in attribute(attributes, "properties").split()
            if attribute(attributes, "media-type") in _DOCUMENTS and not is_contents:
                href = unquote(attribute(attributes, "href"))
                self._files[attribute(attributes, "id")] = href
        elif self._open == "itemref":
            self._spine.append(attribute(attributes, "idref"))
        else:
            self._words.setdefault(self._open, []).append([])

    def end(self, tag: str) -> None:
        self._open = ""

    def data(self, words: str) -> None:
        if self._open in self._words:
            self._words[self._open][-1].append(words)

    def hrefs(self) -> list[str]:
        """The documents in reading order, each once, relative to the package document."""
        return list(dict.fromkeys(self._files[id] for id in self._spine if id in self._files))

    def facts(self) -> ArticleMetadata:
        """Whose the book is; its title is where each of its articles was published."""
        facts = property_facts(authors=self._all("creator"), published=moment(self._first("date")))
        facts.source = believable_title(self._first("title"))
        return facts

    def language(self) -> str | None:
        """Its language, as "en"."""
        language = well_said(self._first("language")).partition("-")[0].lower()
        return language if language.isalpha() and len(language) in (2, 3) else None

    def _first(self, name: str) -> str:
        return next(iter(self._all(name)), "")

    def _all(self, name: str) -> list[str]:
        return ["".join(words) for words in self._words.get(name, ())]


def _read_book(container: ZipContainer, *, path: str) -> _PackageDocument:
    """The package document of the book."""
    if _CONTAINER not in container:
        raise ArticleError(path, "it is not what its name says: it is no EPUB")
    root = _AttributeCollector("rootfile", "full-path")
    parse_xml_stream(container.read(_CONTAINER), root, path=path, name=_CONTAINER)
    if not root.values:
        raise ArticleError(path, f"it is damaged: {_CONTAINER!r} names no book")
    book = _PackageDocument(posixpath.dirname(root.values[0]))
    parse_xml_stream(container.read(root.values[0]), book, path=path, name=root.values[0])
    return book


def _locked(container: ZipContainer, *, path: str) -> frozenset[str]:
    """The files that are encrypted; those are often only fonts."""
    found = _AttributeCollector("CipherReference", "URI")
    if _ENCRYPTION in container:
        parse_xml_stream(container.read(_ENCRYPTION), found, path=path, name=_ENCRYPTION)
    return frozenset(unquote(value) for value in found.values)


class _AttributeCollector:
    """Gathers an attribute of all elements of one name."""

    def __init__(self, element: str, name: str) -> None:
        self.values: list[str] = []
        self._element, self._name = element, name

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if local_name(tag) == self._element:
            self.values.append(attribute(attributes, self._name))

    def end(self, tag: str) -> None:
        """Only attributes count."""

    def data(self, words: str) -> None:
        """Only attributes count."""
