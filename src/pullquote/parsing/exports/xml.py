"""XML files of news: feeds and NewsML-G2, told apart by their elements; an item at a time.

No entity is expanded, no file or address opened: a document that declares entities is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from lxml import etree

from pullquote.errors import ArticleError
from pullquote.parsing.exports import feeds, newsml
from pullquote.parsing.exports.records import parse_record
from pullquote.parsing.exports.xml_elements import Element
from pullquote.parsing.exports.xml_repair import RepairedXml
from pullquote.parsing.formats import Format
from pullquote.parsing.source import ParsedItem, SourceFile

FORMAT = Format(
    name="xml",
    suffixes=(".rss", ".atom", ".xml"),
    summary="feeds and NewsML-G2: an entry or item an article",
    streamed=True,
)

_ITEMS: Mapping[str, Callable[[Element, Element], dict[str, object]]] = {
    "item": feeds.values_of_item,
    "entry": feeds.values_of_entry,
    "newsItem": newsml.values_of,
}
MOST_ELEMENTS = 100_000
"""Tags up to the end of an item; libxml2 takes 120 bytes for each that is open or has been."""
_FEEDS = frozenset(("rss", "feed", "RDF"))
"""Roots under which there may be no item."""


def parse_xml(file: SourceFile) -> Iterator[ParsedItem]:
    """The articles of a feed or a NewsML-G2 document, by their own id or their place.

    Raises ArticleError where it is another kind of XML, and from where on it is not well-formed.
    """
    given = replace(file, fields={})  # of tables and JSON; here the names are standards
    for number, item in enumerate(_items(file), start=1):
        name = etree.QName(item).localname
        alone = name == "newsItem" and item.getparent() is None
        try:
            values = _ITEMS[name](item, item.getroottree().getroot())
            yield parse_record(values, given, place=None if alone else str(number))
        except ArticleError as error:
            yield error


def _items(file: SourceFile) -> Iterator[Element]:
    """The elements that hold an article, each gone from the tree when the next is asked for."""
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
                raise ArticleError(file.id, f"an item has over {MOST_ELEMENTS:,} tags")
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
        told = " ".join(str(error.msg).split())[:200]
        raise ArticleError(file.id, f"it is not well-formed XML: {told}") from error
    kind = etree.QName(events.root).localname
    if last is None and kind not in _FEEDS:
        raise ArticleError(file.id, f"no reader knows XML of the kind {kind!r}")


def _refuse_entities(element: Element, file: SourceFile) -> None:
    """Raise ArticleError for a document that declares entities."""
    declared = element.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        raise ArticleError(
            file.id, "it declares entities, which no news needs and bombs are made of"
        )
