"""NewsML-G2, IPTC's news in XML: what a <newsItem> says, by the name of the fact."""

from __future__ import annotations

from pullquote.parsing.exports.xml_elements import (
    Element,
    children,
    html_in,
    text_at,
    text_in,
    texts_at,
)


def values_of(item: Element, document: Element) -> dict[str, object]:
    """What a <newsItem> says, whether it is the whole of its document or not."""
    return {
        "id": item.get("guid"),
        "revision": item.get("version"),
        "title": text_at(item, "contentMeta/headline", "itemMeta/title"),
        "standfirst": text_at(item, "contentMeta/description"),
        "body": _body(item),
        "authors": _authors(item),
        "source": _named(item, "itemMeta/provider", "contentMeta/infoSource"),
        "section": text_at(item, "contentMeta/subject/name"),
        "place": _named(item, "contentMeta/located"),
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
    """The byline, or the names of those who made it."""
    byline = text_at(item, "contentMeta/by")
    return texts_at(item, "contentMeta/creator/name") if byline is None else byline


def _named(item: Element, *paths: str) -> str | None:
    """A party or place, by its name or else as it is written down."""
    for found in (found for path in paths for found in children(item, path)):
        name = text_at(found, "name")
        name = found.get("literal") if name is None else name
        if name is not None:
            return str(name)
    return None


def _status(item: Element) -> str | None:
    """The code of the publishing status; an item without one is usable."""
    found = children(item, "itemMeta/pubStatus")
    return next((status.get("qcode", status.get("uri")) for status in found), None)


def _embargo(item: Element) -> object:
    """When the embargo ends; one that is written without an end has none."""
    found = next(children(item, "itemMeta/embargoed"), None)
    if found is None:
        return None
    text = text_in(found)
    return True if text is None else text


def _body(item: Element) -> str | None:
    """The text, from the richest form in which it is there."""
    for inline in children(item, "contentSet/inlineXML"):
        # Of NITF the content without its head; of XHTML the body.
        inner = next(inline.iter("{*}body.content"), next(inline.iter("{*}body"), inline))
        if text_in(inner) is not None:
            return html_in(inner)
    return text_at(item, "contentSet/inlineData")
