"""Extracts the field values of items in NewsML-G2, IPTC's XML format for news."""

from __future__ import annotations

from pullquote.parsing.exports.xml_elements import (
    Element,
    children,
    html_in,
    text_at,
    text_in,
    texts_at,
)


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
