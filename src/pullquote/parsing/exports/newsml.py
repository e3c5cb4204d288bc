"""Extracts the field values of items in NewsML-G2, IPTC's XML format for news."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import TypeAlias

from lxml import etree

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
    return {
        "id": item.get("guid"),
        "revision": item.get("version"),
        "title": text_at(item, "contentMeta/headline", "itemMeta/title"),
        "standfirst": text_at(item, "contentMeta/description"),
        "body": _body(item),
        "authors": _authors(item),
        "source": _name_at(item, "itemMeta/provider", "contentMeta/infoSource"),
        "section": text_at(item, "contentMeta/subject/name"),
        "place": _name_at(item, "contentMeta/located"),
        "tags": texts_at(item, "contentMeta/subject/name"),
        "published": text_at(
            item, "itemMeta/firstCreated", "contentMeta/contentCreated", "itemMeta/versionCreated"
        ),
        "modified": text_at(item, "itemMeta/versionCreated"),
        "language": next((o.get("tag") for o in children(item, "contentMeta/language")), None),
        "status": _status(item),
        "embargoed": _embargo(item),
    }


def _authors(item: Element) -> object:
    """The byline, or else the names of the creators."""
    byline = text_at(item, "contentMeta/by")
    return texts_at(item, "contentMeta/creator/name") if byline is None else byline


def _name_at(item: Element, *paths: str) -> str | None:
    """The name of a party or place, or else its literal value."""
    for found in (found for path in paths for found in children(item, path)):
        name = text_at(found, "name")
        name = found.get("literal") if name is None else name
        if name is not None:
            return str(name)
    return None


def _status(item: Element) -> str | None:
    """The code of the publishing status. An item without a status is usable."""
    found = children(item, "itemMeta/pubStatus")
    return next((status.get("qcode", status.get("uri")) for status in found), None)


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
