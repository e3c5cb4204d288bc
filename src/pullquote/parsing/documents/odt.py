"""The ODT reader (LibreOffice and others): paragraphs by their styles, tables row by row."""

from __future__ import annotations

from collections.abc import Mapping

from pullquote.errors import ArticleError
from pullquote.parsing.blocks import compose, with_headline
from pullquote.parsing.documents.office import OfficeCollector, StyleSheet, Vocabulary, apply_style
from pullquote.parsing.documents.properties import moment, property_facts
from pullquote.parsing.documents.xml_stream import attribute, element_texts, parse_xml_stream
from pullquote.parsing.documents.zip_container import ZipContainer, open_zip
from pullquote.parsing.formats import Format
from pullquote.parsing.news.metadata import ArticleMetadata
from pullquote.parsing.source import SourceFile
from pullquote.schema import Article, Role

FORMAT = Format(
    name="odt",
    suffixes=(".odt",),
    summary=(
        "headings, captions and quotations by their styles, tables row by row; what was "
        "deleted under tracked changes is not read, nor are footnotes"
    ),
)

_CONTENT, _META, _MANIFEST = "content.xml", "meta.xml", "META-INF/manifest.xml"
_ENCRYPTED = b"encryption-data"
_WRITER = Vocabulary(
    spoken=frozenset(["p", "h"]),
    paragraphs=frozenset(["p", "h"]),
    # What was deleted under tracked changes is kept in `tracked-changes`; `title` and `desc` say
    # what a picture shows to those who do not see it.
    hidden=frozenset(
        "tracked-changes annotation note title desc forms table-of-content sequence-decls".split()
    ),
    signs={"s": " ", "tab": " ", "line-break": "\n"},
    frame="text-box",
    table="table",
    row="table-row",
    cell="table-cell",
)


def parse_odt(file: SourceFile) -> tuple[Article, ...]:
    """The one article of an ODT file.

    Raises ArticleError where it is none, is protected, damaged or a bomb, or holds no words.
    """
    container = open_zip(file.content, path=file.id, limits=file.limits)
    if _CONTENT not in container:
        raise ArticleError(file.id, "it is not what its name says: it holds no text document")
    if _MANIFEST in container and _ENCRYPTED in container.read(_MANIFEST):
        raise ArticleError(file.id, "it is protected by a password; save it without")
    words = _OdtCollector()
    parse_xml_stream(container.read(_CONTENT), words, path=file.id, name=_CONTENT)
    pieces = with_headline(words.finish())
    return (compose(file, pieces, properties=_properties(container, path=file.id)),)


class _OdtCollector(OfficeCollector):
    def __init__(self) -> None:
        super().__init__(_WRITER)
        self._styles = StyleSheet()

    def style(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "style":
            id = attribute(attributes, "name")
            self._styles.parents[id] = attribute(attributes, "parent-style-name")
        elif name in _WRITER.paragraphs:
            if name == "h":
                self.page.style(Role.BODY, heading=True)
            lineage = self._styles.lineage(attribute(attributes, "style-name"))
            apply_style(self.page, (style.replace("_20_", " ") for style in lineage))


def _properties(container: ZipContainer, *, path: str) -> ArticleMetadata:
    if _META not in container:
        return ArticleMetadata()
    told = element_texts(container.read(_META), path=path, name=_META)
    authors = told.get("initial-creator", told.get("creator", ""))
    return property_facts(
        title=told.get("title"),
        authors=(authors,),
        published=moment(told.get("creation-date")),
        modified=moment(told.get("date")),
        tags=(told.get("keyword", ""),),
    )
