"""Parses ODT files (LibreOffice and others).

The styles of paragraphs determine their roles. Tables are read row by row.
"""

from __future__ import annotations

from collections.abc import Mapping

from pullquote.parsing.blocks import article_from_blocks, with_headline
from pullquote.parsing.documents.office import (
    OfficeCollector,
    OfficeVocabulary,
    StyleSheet,
    apply_style,
)
from pullquote.parsing.documents.properties import metadata_from_properties, parse_property_date
from pullquote.parsing.documents.xml_stream import attribute, element_texts, parse_xml_stream
from pullquote.parsing.documents.zip_container import ZipContainer, open_zip
from pullquote.parsing.news.metadata import ArticleMetadata
from pullquote.parsing.source import Format, SourceFile
from pullquote.schema import Article, Role
from pullquote.schema.errors import ArticleError

FORMAT = Format(
    name="odt",
    suffixes=(".odt",),
    summary=(
        "headings, captions and quotations are recognised by their styles, tables are read row by "
        "row; tracked deletions and footnotes are not read"
    ),
)

_CONTENT, _META, _MANIFEST = "content.xml", "meta.xml", "META-INF/manifest.xml"
_ENCRYPTED = b"encryption-data"
_WRITER = OfficeVocabulary(
    text_elements=frozenset(["p", "h"]),
    paragraphs=frozenset(["p", "h"]),
    # `tracked-changes` contains tracked deletions. `title` and `desc` describe a picture for people
    # who cannot see it.
    hidden=frozenset(
        "tracked-changes annotation note title desc forms table-of-content sequence-decls".split()
    ),
    characters={"s": " ", "tab": " ", "line-break": "\n"},
    frame="text-box",
    table="table",
    row="table-row",
    cell="table-cell",
)


def parse_odt(file: SourceFile) -> tuple[Article, ...]:
    """Parse an ODT file into one article.

    Raises:
        ArticleError: the file is not an ODT, is protected or damaged, is a zip bomb, or has no
            text.
    """
    container = open_zip(file.content, path=file.id, limits=file.limits)
    if _CONTENT not in container:
        raise ArticleError(
            file.id, "its content does not match its extension: it contains no text document"
        )
    if _MANIFEST in container and _ENCRYPTED in container.read(_MANIFEST):
        raise ArticleError(file.id, "it is protected by a password; save it without a password")
    collector = _OdtCollector()
    parse_xml_stream(container.read(_CONTENT), collector, path=file.id, name=_CONTENT)
    pieces = with_headline(collector.finish())
    return (
        article_from_blocks(file, pieces, properties=_property_metadata(container, path=file.id)),
    )


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
                self.builder.set_role(Role.BODY, heading=True)
            ancestry = self._styles.ancestry(attribute(attributes, "style-name"))
            apply_style(self.builder, (style.replace("_20_", " ") for style in ancestry))


def _property_metadata(container: ZipContainer, *, path: str) -> ArticleMetadata:
    if _META not in container:
        return ArticleMetadata()
    properties = element_texts(container.read(_META), path=path, name=_META)
    authors = properties.get("initial-creator", properties.get("creator", ""))
    return metadata_from_properties(
        title=properties.get("title"),
        authors=(authors,),
        published=parse_property_date(properties.get("creation-date")),
        modified=parse_property_date(properties.get("date")),
        tags=(properties.get("keyword", ""),),
    )
