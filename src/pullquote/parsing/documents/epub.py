"""Parses EPUB files. Each document with text becomes an article, in reading order."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import unquote

from pullquote.parsing.blocks import article_from_blocks, clean_text, with_headline
from pullquote.parsing.decode import decode
from pullquote.parsing.documents.properties import (
    believable_title,
    metadata_from_properties,
    parse_property_date,
)
from pullquote.parsing.documents.xml_stream import (
    XmlHandler,
    attribute,
    local_name,
    parse_xml_stream,
)
from pullquote.parsing.documents.zip_container import ZipContainer, open_zip
from pullquote.parsing.html_blocks import html_to_blocks
from pullquote.parsing.news.metadata import ArticleMetadata
from pullquote.parsing.source import Format, SourceFile
from pullquote.schema import Article
from pullquote.schema.errors import ArticleError

FORMAT = Format(
    name="epub",
    suffixes=(".epub",),
    summary="each document of the book is an article, with an id such as `book.epub#chapter.xhtml`",
)

_CONTAINER, _ENCRYPTION = "META-INF/container.xml", "META-INF/encryption.xml"
_DOCUMENTS = frozenset(("application/xhtml+xml", "text/html", "application/x-dtbook+xml"))
_VOID = "area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr"
_SELF_CLOSING = re.compile(rf"<(?!(?:{_VOID})\b)([A-Za-z][\w:-]*)([^<>]*)/>")
"""A self-closing XML element, which an HTML parser would take for an open element."""

_DECLARES_ENTITIES = re.compile(r"<!DOCTYPE[^<>\[]*\[[^\]]*<!ENTITY")
"""A document type that declares entities."""


def parse_epub(file: SourceFile) -> tuple[Article, ...]:
    """Parse an EPUB file. The article ids are like "book.epub#chapter.xhtml".

    Raises:
        ArticleError: the file is not an EPUB, is protected or damaged, or has no text.
    """
    container = open_zip(file.content, path=file.id, limits=file.limits)
    book = _parse_package(container, path=file.id)
    encrypted = _encrypted_files(container, path=file.id)
    articles: list[Article] = []
    for href in book.hrefs():
        name = posixpath.normpath(posixpath.join(book.folder, href))
        if name in encrypted:
            raise ArticleError(file.id, f"it is protected against copying (DRM): {href!r}")
        articles += _parse_document(replace(file, id=f"{file.id}#{href}"), container, name, book)
    if not articles:
        raise ArticleError(file.id, "none of its documents contains text")
    return tuple(articles)


def _parse_document(
    part: SourceFile, container: ZipContainer, name: str, book: _PackageDocument
) -> Iterator[Article]:
    """Parse a document of the book. A document without text yields no article."""
    content = container.read(name)
    if not content.strip():
        return
    decoded = decode(content, path=part.id)
    if _declares_entities(decoded.text):
        reason = "it declares entities, and their text would be lost; save it again without them"
        raise ArticleError(part.id, reason)
    rendered = html_to_blocks(_SELF_CLOSING.sub(r"<\1\2></\1>", decoded.text))
    if not rendered.blocks:
        return
    properties = book.metadata()
    properties.title = believable_title(rendered.title)
    yield article_from_blocks(
        part,
        with_headline(rendered.blocks),
        properties=properties,
        encoding=decoded.encoding,
        language=book.language(),
    )


def _declares_entities(text: str) -> bool:
    """Whether a document declares entities, which the HTML parser would not know."""
    at = text.find("<!DOCTYPE")
    return at >= 0 and _DECLARES_ENTITIES.match(text, at) is not None


class _PackageDocument(XmlHandler):
    """The package document: the files of the book, their order, and the metadata of the book."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self._files: dict[str, str] = {}
        self._spine: list[str] = []
        self._words: dict[str, list[list[str]]] = {}
        """The words of the elements, by the local name of the element."""
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
        """The documents in reading order, each once, as paths relative to the package document."""
        return list(dict.fromkeys(self._files[id] for id in self._spine if id in self._files))

    def metadata(self) -> ArticleMetadata:
        """The metadata that all articles share. The title of the book becomes their source."""
        metadata = metadata_from_properties(
            authors=self._all("creator"), published=parse_property_date(self._first("date"))
        )
        metadata.source = believable_title(self._first("title"))
        return metadata

    def language(self) -> str | None:
        """The language code of the book, such as "en"."""
        language = clean_text(self._first("language")).partition("-")[0].lower()
        return language if language.isalpha() and len(language) in (2, 3) else None

    def _first(self, name: str) -> str:
        return next(iter(self._all(name)), "")

    def _all(self, name: str) -> list[str]:
        return ["".join(words) for words in self._words.get(name, ())]


def _parse_package(container: ZipContainer, *, path: str) -> _PackageDocument:
    if _CONTAINER not in container:
        raise ArticleError(path, "its content does not match its extension: it is not an EPUB file")
    rootfiles = _AttributeCollector("rootfile", "full-path")
    parse_xml_stream(container.read(_CONTAINER), rootfiles, path=path, name=_CONTAINER)
    if not rootfiles.values:
        raise ArticleError(path, f"it is damaged: {_CONTAINER!r} does not name a book")
    book = _PackageDocument(posixpath.dirname(rootfiles.values[0]))
    parse_xml_stream(container.read(rootfiles.values[0]), book, path=path, name=rootfiles.values[0])
    return book


def _encrypted_files(container: ZipContainer, *, path: str) -> frozenset[str]:
    """The encrypted files. Often, only fonts are encrypted."""
    references = _AttributeCollector("CipherReference", "URI")
    if _ENCRYPTION in container:
        parse_xml_stream(container.read(_ENCRYPTION), references, path=path, name=_ENCRYPTION)
    return frozenset(unquote(value) for value in references.values)


class _AttributeCollector(XmlHandler):
    """Collects the values of an attribute from all elements with the same name."""

    def __init__(self, element: str, name: str) -> None:
        self.values: list[str] = []
        self._element, self._name = element, name

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if local_name(tag) == self._element:
            self.values.append(attribute(attributes, self._name))
