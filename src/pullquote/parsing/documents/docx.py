"""Parses DOCX files (Word).

The styles of paragraphs determine their roles. Tables are read row by row. The text of a text box
follows the paragraph in which the box is anchored. Tracked insertions are read, but tracked
deletions are not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from pullquote.parsing.blocks import article_from_blocks, with_headline
from pullquote.parsing.documents.office import (
    OfficeCollector,
    OfficeVocabulary,
    StyleSheet,
    apply_style,
)
from pullquote.parsing.documents.properties import metadata_from_properties, parse_property_date
from pullquote.parsing.documents.xml_stream import (
    XmlHandler,
    attribute,
    element_texts,
    local_name,
    parse_xml_stream,
)
from pullquote.parsing.documents.zip_container import ZipContainer, open_zip
from pullquote.parsing.news.metadata import ArticleMetadata
from pullquote.parsing.source import Format, SourceFile
from pullquote.schema import Article, Role
from pullquote.schema.errors import ArticleError

FORMAT = Format(
    name="docx",
    suffixes=(".docx",),
    summary=(
        "headings, captions and quotations are recognised by their styles, tables are read row by "
        "row; tracked deletions and footnotes are not read"
    ),
)

_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DOCUMENT = re.compile(r"word/document[0-9]*\.xml")
_STYLES, _CORE = "word/styles.xml", "docProps/core.xml"
_WORD = OfficeVocabulary(
    text_elements=frozenset(["t"]),
    paragraphs=frozenset(["p"]),
    # `instrText` is the code of a field, not its text. `Fallback` repeats a text box for old
    # programs. `tabs` defines tab stops. `rPr` has the properties of a run.
    hidden=frozenset("del moveFrom instrText delText Fallback tabs rPr".split()),
    characters={"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": " "},
    frame="txbxContent",
    table="tbl",
    row="tr",
    cell="tc",
)
_LEVELS = frozenset("012345678")


def parse_docx(file: SourceFile) -> tuple[Article, ...]:
    """Parse a Word file into one article.

    Raises:
        ArticleError: the file is not a DOCX, is protected or damaged, is a zip bomb, or has no
            text.
    """
    if file.content.startswith(_OLD_OFFICE):
        encrypted = _ENCRYPTED in file.content
        reason = "it is protected by a password" if encrypted else "it is from before Word 2007"
        raise ArticleError(file.id, f"{reason}; save it as an unprotected DOCX")
    container = open_zip(file.content, path=file.id, limits=file.limits)
    name = next((name for name in container.names if _DOCUMENT.fullmatch(name)), None)
    if name is None:
        raise ArticleError(
            file.id, "its content does not match its extension: it contains no Word document"
        )
    styles = _StyleSheetHandler()
    if _STYLES in container:
        parse_xml_stream(container.read(_STYLES), styles, path=file.id, name=_STYLES)
    collector = _DocxCollector(styles.styles)
    parse_xml_stream(container.read(name), collector, path=file.id, name=name)
    pieces = with_headline(collector.finish())
    return (
        article_from_blocks(file, pieces, properties=_property_metadata(container, path=file.id)),
    )


class _DocxCollector(OfficeCollector):
    def __init__(self, styles: StyleSheet) -> None:
        super().__init__(_WORD)
        self._styles = styles

    def style(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "pStyle":
            apply_style(self.builder, self._styles.ancestry(attribute(attributes, "val")))
        elif name == "outlineLvl" and attribute(attributes, "val") in _LEVELS:
            self.builder.set_role(Role.BODY, heading=True)


class _StyleSheetHandler(XmlHandler):
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


def _property_metadata(container: ZipContainer, *, path: str) -> ArticleMetadata:
    if _CORE not in container:
        return ArticleMetadata()
    properties = element_texts(container.read(_CORE), path=path, name=_CORE)
    return metadata_from_properties(
        title=properties.get("title"),
        authors=(properties.get("creator", ""),),
        published=parse_property_date(properties.get("created")),
        modified=parse_property_date(properties.get("modified")),
        tags=(properties.get("keywords", ""),),
    )
