"""Parses XML files with news, one item at a time: feeds and NewsML-G2, known by their elements.

No entity is expanded, and no other file or URL is opened. Documents that declare entities are
refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from lxml import etree

from pullquote.parsing.exports import feeds, newsml
from pullquote.parsing.exports.newsml import Element
from pullquote.parsing.exports.records import parse_record
from pullquote.parsing.exports.xml_repair import RepairedXml
from pullquote.parsing.formats import Format
from pullquote.parsing.source import ParsedItem, SourceFile
from pullquote.schema.errors import ArticleError

FORMAT = Format(
    name="xml",
    suffixes=(".rss", ".atom", ".xml"),
    summary="feeds and NewsML-G2: each entry or item is an article",
    streamed=True,
)

_ITEMS: Mapping[str, Callable[[Element, Element], dict[str, object]]] = {
    "item": feeds.rss_values,
    "entry": feeds.atom_values,
    "newsItem": newsml.newsml_values,
}
MOST_ELEMENTS = 100_000
"""Maximum number of tags from the end of one item to the end of the next. libxml2 takes 120 bytes
for each tag."""
_FEEDS = frozenset(("rss", "feed", "RDF"))
"""Root elements of documents that may have no items."""


def parse_xml(file: SourceFile) -> Iterator[ParsedItem]:
    """Parse a feed or a NewsML-G2 document. Each article id contains the item's own id or position.

    Raises:
        ArticleError: the file is a different kind of XML, or stops being well-formed.
    """
    # The setting is only for tables and JSON, because the names in XML follow standards.
    file = replace(file, fields={})
    for number, item in enumerate(_iter_items(file), start=1):
        name = etree.QName(item).localname
        alone = name == "newsItem" and item.getparent() is None
        try:
            values = _ITEMS[name](item, item.getroottree().getroot())
            yield parse_record(values, file, place=None if alone else str(number))
        except ArticleError as error:
            yield error


def _iter_items(file: SourceFile) -> Iterator[Element]:
    """The elements with articles. Each is removed from the tree when the next one is requested."""
    stream = RepairedXml(file.stream(), id=file.id)
    events = etree.iterparse(
        stream,
        events=("start", "end"),
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    depth, elements, last = 0, 0, None
    try:
        for event, element in events:
            if last is None:
                _refuse_entities(element, file)
            elements += 1
            if elements > MOST_ELEMENTS:
                raise ArticleError(file.id, f"an item has more than {MOST_ELEMENTS:,} tags")
            if element.tag.rpartition("}")[2] not in _ITEMS:
                continue
            depth += 1 if event == "start" else -1
            if event == "end" and depth == 0:
                if last is not None and last.getparent() is not None:
                    last.getparent().remove(last)
                yield element
                last, elements = element, 0
                stream.begin_item()
    except etree.XMLSyntaxError as error:
        message = " ".join(str(error.msg).split())[:200]
        raise ArticleError(file.id, f"it is not well-formed XML: {message}") from error
    kind = etree.QName(events.root).localname
    if last is None and kind not in _FEEDS:
        raise ArticleError(file.id, f"XML of the kind {kind!r} is not supported")


def _refuse_entities(element: Element, file: SourceFile) -> None:
    """Raise ArticleError if a document declares entities."""
    declared = element.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        raise ArticleError(
            file.id, "it declares entities, which news does not need but XML bombs use"
        )
