"""A new DOCX file with the paragraphs of drafts that are in another format."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from zipfile import ZipFile, ZipInfo

from lxml import etree

from pullquote.newsroom.checking.reports.word.names import SPACE, child, serialised
from pullquote.newsroom.checking.reports.word.xml_text import xml_text
from pullquote.schema import Article, Role

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_STYLES = {Role.HEADLINE: "Title", Role.QUOTATION: "Quote"}
_EARLIEST = (1980, 1, 1, 0, 0, 0)


def new_document(drafts: Iterable[Article]) -> bytes:
    """A DOCX file with each block of the drafts as a paragraph."""
    parts = {
        "[Content_Types].xml": _types(),
        "_rels/.rels": _links({"officeDocument": "word/document.xml"}),
        "word/document.xml": _document(drafts),
        "word/_rels/document.xml.rels": _links({"styles": "styles.xml"}),
        "word/styles.xml": _styles(),
    }
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        for name, root in parts.items():
            archive.writestr(ZipInfo(name, _EARLIEST), serialised(root))
    return file.getvalue()


def _document(drafts: Iterable[Article]) -> etree._Element:
    root = etree.Element(f"{{{_WORD}}}document", nsmap={"w": _WORD})
    body = child(root, "body")
    for draft in drafts:
        for block in draft.blocks:
            paragraph = child(body, "p")
            if block.role in _STYLES:
                child(child(paragraph, "pPr"), "pStyle", val=_STYLES[block.role])
            run = child(paragraph, "r")
            for number, line in enumerate(draft.text[block.start : block.end].split("\n")):
                if number:
                    child(run, "br")
                text = child(run, "t")
                text.set(SPACE, "preserve")
                text.text = xml_text(line)
    child(body, "sectPr")
    return root


def _styles() -> etree._Element:
    root = etree.Element(f"{{{_WORD}}}styles", nsmap={"w": _WORD})
    normal = child(root, "style", type="paragraph", styleId="Normal", default="1")
    child(normal, "name", val="Normal")
    for id, emphasis in (("Title", "b"), ("Quote", "i")):
        style = child(root, "style", type="paragraph", styleId=id)
        child(style, "name", val=id)
        child(style, "basedOn", val="Normal")
        if id == "Quote":
            child(child(style, "pPr"), "ind", left="720", right="720")
        child(child(style, "rPr"), emphasis)
    return root


def _types() -> etree._Element:
    root = etree.Element(f"{{{_TYPES}}}Types", nsmap={None: _TYPES})
    for extension, kind in (
        ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
        ("xml", "application/xml"),
    ):
        etree.SubElement(
            root, f"{{{_TYPES}}}Default", {"Extension": extension, "ContentType": kind}
        )
    for name, kind in (("document", "document.main+xml"), ("styles", "styles+xml")):
        etree.SubElement(
            root,
            f"{{{_TYPES}}}Override",
            {"PartName": f"/word/{name}.xml", "ContentType": _MIME + kind},
        )
    return root


def _links(targets: dict[str, str]) -> etree._Element:
    root = etree.Element(f"{{{_LINKS}}}Relationships", nsmap={None: _LINKS})
    for number, (kind, target) in enumerate(targets.items(), start=1):
        etree.SubElement(
            root,
            f"{{{_LINKS}}}Relationship",
            {"Id": f"rId{number}", "Type": _KIND + kind, "Target": target},
        )
    return root
