"""Parses XML files with news, one item at a time: feeds and NewsML-G2, known by their elements.

No entity is expanded, and no other file or URL is opened. Documents that declare entities are
refused.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from typing import TypeAlias

from lxml import etree

from pullquote.parsing.decode import decode
from pullquote.parsing.exports.records import first_line, parse_record
from pullquote.parsing.exports.xml_repair import RepairedXml
from pullquote.parsing.source import Format, ParsedItem, SourceFile
from pullquote.schema.errors import ArticleError

Element: TypeAlias = etree._Element
"""An element of a tree. lxml has no public name for this class."""


def children(element: Element, path: str) -> Iterator[Element]:
    """The elements, in order, at a path of local names such as "author/name"."""
    name, _, rest = path.partition("/")
    for child in element.iterchildren(f"{{*}}{name}"):
        if rest:
            yield from children(child, rest)
        else:
            yield child


def text_at(element: Element, *paths: str) -> str | None:
    """The first text at the first of these paths that has a text, or None."""
    texts = (text_in(found) for path in paths for found in children(element, path))
    return next((text for text in texts if text is not None), None)


def texts_at(element: Element, *paths: str) -> list[str]:
    """The texts of all elements at these paths."""
    texts = (text_in(found) for path in paths for found in children(element, path))
    return [text for text in texts if text is not None]


def text_in(element: Element) -> str | None:
    """The text of an element and its inner elements, or None."""
    text = "".join(element.itertext()).strip()
    return text if text else None


def html_in(element: Element) -> str:
    """The content of an element, as HTML without namespaces."""
    copy = deepcopy(element)
    for inner in copy.iter(etree.Element):
        inner.tag = etree.QName(inner).localname
    return str(etree.tostring(copy, encoding="unicode", method="html", with_tail=False))


def newsml_values(item: Element, document: Element) -> dict[str, object]:
    """The values of a <newsItem>, by field. The element may be the root of the document."""
    byline = text_at(item, "contentMeta/by")
    statuses = children(item, "itemMeta/pubStatus")
    return {
        "id": item.get("guid"),
        "revision": item.get("version"),
        "title": text_at(item, "contentMeta/headline", "itemMeta/title"),
        "standfirst": text_at(item, "contentMeta/description"),
        "body": _body(item),
        "authors": texts_at(item, "contentMeta/creator/name") if byline is None else byline,
        "source": _name_at(item, "itemMeta/provider", "contentMeta/infoSource"),
        "section": text_at(item, "contentMeta/subject/name"),
        "place": _name_at(item, "contentMeta/located"),
        "tags": texts_at(item, "contentMeta/subject/name"),
        "published": text_at(
            item, "itemMeta/firstCreated", "contentMeta/contentCreated", "itemMeta/versionCreated"
        ),
        "modified": text_at(item, "itemMeta/versionCreated"),
        "language": next((o.get("tag") for o in children(item, "contentMeta/language")), None),
        "status": next((status.get("qcode", status.get("uri")) for status in statuses), None),
        "embargoed": _embargo(item),
    }


def _name_at(item: Element, *paths: str) -> str | None:
    """The name of a party or place, or else its literal value."""
    for found in (found for path in paths for found in children(item, path)):
        name = text_at(found, "name")
        name = found.get("literal") if name is None else name
        if name is not None:
            return str(name)
    return None


def _embargo(item: Element) -> object:
    """The end of the embargo, or True if the embargo has no end."""
    found = next(children(item, "itemMeta/embargoed"), None)
    if found is None:
        return None
    text = text_in(found)
    return True if text is None else text


def _body(item: Element) -> str | None:
    """The text, in the richest form that the item contains."""
    for inline in children(item, "contentSet/inlineXML"):
        # This is the content of NITF without its head, or the body of XHTML.
        inner = next(inline.iter("{*}body.content"), next(inline.iter("{*}body"), inline))
        if text_in(inner) is not None:
            return html_in(inner)
    return text_at(item, "contentSet/inlineData")


_SHARED_BEGINNING = 60
"""A summary that begins with this many characters of the text is an excerpt from the text."""
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_ENCODED_KIND = re.compile(r"(?!text/)[^/]+/(?!xml|html)(?!.*\+xml)[^/]+")
"""Media types whose content Atom encodes in Base64: all but text and XML."""
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def rss_values(item: Element, feed: Element) -> dict[str, object]:
    """The values of an RSS <item>, by field. `feed` is the root of its document."""
    channel = next(children(feed, "channel"), feed)
    guid, source = text_at(item, "guid"), text_at(item, "source")
    language = text_at(item, "language")
    return {
        "id": item.get(_ABOUT) if guid is None else guid,
        "title": text_at(item, "title"),
        "authors": texts_at(item, "creator", "author"),
        "published": text_at(item, "pubDate", "date"),
        "modified": text_at(item, "modified", "updated"),
        "url": text_at(item, "link"),
        "source": text_at(channel, "title") if source is None else source,
        "language": text_at(channel, "language") if language is None else language,
        "tags": texts_at(item, "category"),
        **_text(text_at(item, "encoded"), text_at(item, "description")),
    }


def atom_values(entry: Element, feed: Element) -> dict[str, object]:
    """The values of an Atom <entry>, by field. `feed` is the root of its document."""
    authors, source = texts_at(entry, "author/name"), text_at(entry, "source/title")
    return {
        "id": text_at(entry, "id"),
        "title": _text_construct(entry, "title"),
        "authors": authors if authors else texts_at(feed, "author/name"),
        "published": text_at(entry, "published", "updated"),
        "modified": text_at(entry, "updated"),
        "url": _link(entry),
        "source": _text_construct(feed, "title") if source is None else source,
        "language": entry.get(_LANGUAGE, feed.get(_LANGUAGE)),
        "tags": [one.get("label", one.get("term")) for one in children(entry, "category")],
        **_text(_text_construct(entry, "content"), _text_construct(entry, "summary")),
    }


def _text(full: str | None, summary: str | None) -> dict[str, object]:
    """The body and the standfirst of an entry. If there is only a summary, it is the body."""
    if full is None or summary is None:
        return {"body": summary if full is None else full}
    beginning, lead = first_line(full), first_line(summary)
    if beginning is None:
        return {"body": summary}
    if lead is None or beginning.startswith(lead[:_SHARED_BEGINNING]):
        return {"body": full}
    return {"body": full, "standfirst": summary}


def _text_construct(element: Element, name: str) -> str | None:
    """The text of a "text construct" in Atom, which may be XHTML or encoded in Base64."""
    found = next(children(element, name), None)
    if found is None:
        return None
    kind = str(found.get("type", "text")).casefold()
    if kind in ("xhtml", "application/xhtml+xml"):
        return html_in(found)
    text = text_in(found)
    if text is None or not (found.get("mode") == "base64" or _ENCODED_KIND.fullmatch(kind)):
        return text
    return _decode_base64(text)


def _decode_base64(text: str) -> str | None:
    """The text that is encoded in Base64, or None if what is encoded is not a text.

    A text that is not valid Base64 is returned as it is: its type is stated wrongly.
    """
    try:
        content = b64decode("".join(text.split()), validate=True)
    except ValueError:
        return text
    try:
        return decode(content, path="").text
    except ArticleError:
        return None


def _link(entry: Element) -> str | None:
    pages = (one for one in children(entry, "link") if one.get("rel", "alternate") == "alternate")
    return next((page.get("href") for page in pages), None)


FORMAT = Format(
    name="xml",
    suffixes=(".rss", ".atom", ".xml"),
    summary="feeds and NewsML-G2: each entry or item is an article",
    streamed=True,
)

_ITEMS: Mapping[str, Callable[[Element, Element], dict[str, object]]] = {
    "item": rss_values,
    "entry": atom_values,
    "newsItem": newsml_values,
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
    declared = element.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        raise ArticleError(
            file.id, "it declares entities, which news does not need but XML bombs use"
        )
