"""The DOCX reader (Word): paragraphs by their styles, tables row by row, boxes after their anchor.

What was inserted under tracked changes is read, and what was deleted is not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from pullquote.errors import ArticleError
from pullquote.parsing.blocks import compose, with_headline
from pullquote.parsing.documents.office import OfficeCollector, StyleSheet, Vocabulary, apply_style
from pullquote.parsing.documents.properties import moment, property_facts
from pullquote.parsing.documents.xml_stream import (
    attribute,
    element_texts,
    local_name,
    parse_xml_stream,
)
from pullquote.parsing.documents.zip_container import ZipContainer, open_zip
from pullquote.parsing.formats import Format
from pullquote.parsing.news.metadata import ArticleMetadata
from pullquote.parsing.source import SourceFile
from pullquote.schema import Article, Role

FORMAT = Format(
    name="docx",
    suffixes=(".docx",),
    summary=(
        "headings, captions and quotations by their styles, tables row by row; what was "
        "deleted under tracked changes is not read, nor are footnotes"
    ),
)

_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DOCUMENT = re.compile(r"word/document[0-9]*\.xml")
_STYLES, _CORE = "word/styles.xml", "docProps/core.xml"
_WORD = Vocabulary(
    spoken=frozenset(["t"]),
    paragraphs=frozenset(["p"]),
    # `instrText` is the code of a field and not what it shows, `Fallback` repeats a text box for
    # old programs, and `tabs` are the places of tab stops.
    hidden=frozenset("del moveFrom instrText delText Fallback tabs".split()),
    signs={"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": " "},
    frame="txbxContent",
    table="tbl",
    row="tr",
    cell="tc",
)
_LEVELS = frozenset("012345678")


def parse_docx(file: SourceFile) -> tuple[Article, ...]:
    """The one article of a Word file.

    Raises ArticleError where it is none, is protected, damaged or a bomb, or holds no words.
    """
    if file.content.startswith(_OLD_OFFICE):
        locked = _ENCRYPTED in file.content
        reason = "it is protected by a password" if locked else "it is of Word before 2007"
        raise ArticleError(file.id, f"{reason}; save it as a DOCX without")
    container = open_zip(file.content, path=file.id, limits=file.limits)
    name = next((name for name in container.names if _DOCUMENT.fullmatch(name)), None)
    if name is None:
        raise ArticleError(file.id, "it is not what its name says: it holds no Word document")
    words = _DocxCollector(_read_styles(container, path=file.id))
    parse_xml_stream(container.read(name), words, path=file.id, name=name)
    pieces = with_headline(words.finish())
    return (compose(file, pieces, properties=_properties(container, path=file.id)),)


class _DocxCollector(OfficeCollector):
    def __init__(self, styles: StyleSheet) -> None:
        super().__init__(_WORD)
        self._styles = styles

    def style(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "pStyle":
            apply_style(self.page, self._styles.lineage(attribute(attributes, "val")))
        elif name == "outlineLvl" and attribute(attributes, "val") in _LEVELS:
            self.page.style(Role.BODY, heading=True)


class _StyleSheetHandler:
    """Gathers the styles of a document."""

    def __init__(self) -> None:
        self.styles = StyleSheet()
        self._id = ""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        match local_name(tag):
            case "style":
                self._id = attribute(attributes, "styleId")
            case "name":
                self.styles.names[self._id] = attribute(attributes, "val")
            case "basedOn":
                self.styles.parents[self._id] = attribute(attributes, "val")

    def end(self, tag: str) -> None:
        """Nothing stands between the tags."""

    def data(self, words: str) -> None:
        """Nothing stands between the tags."""


def _read_styles(container: ZipContainer, *, path: str) -> StyleSheet:
    styles = _StyleSheetHandler()
    if _STYLES in container:
        parse_xml_stream(container.read(_STYLES), styles, path=path, name=_STYLES)
    return styles.styles


def _properties(container: ZipContainer, *, path: str) -> ArticleMetadata:
    """Dublin Core, as every office program writes it."""
    if _CORE not in container:
        return ArticleMetadata()
    told = element_texts(container.read(_CORE), path=path, name=_CORE)
    return property_facts(
        title=told.get("title"),
        authors=(told.get("creator", ""),),
        published=moment(told.get("created")),
        modified=moment(told.get("modified")),
        tags=(told.get("keywords", ""),),
    )
