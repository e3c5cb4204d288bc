"""The reported changes as an RSS feed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from email.utils import format_datetime
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from pullquote.newsroom.watchlist.models import WatchChange
from pullquote.newsroom.watchlist.wording import change_lines, heading

MOST_ITEMS = 100

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 does not allow; articles may have them."""


def rss(changes: Sequence[WatchChange], links: Sequence[str], *, home: str) -> bytes:
    """An RSS 2.0 feed of changes, newest first. `home` is the address of the watchlist.

    `links` has a link for each change; "" for none.
    """
    feed = Element("rss", version="2.0")
    channel = SubElement(feed, "channel")
    _add(channel, "title", "pullquote: standing questions")
    _add(channel, "link", home)
    _add(channel, "description", "Changes in the answers to standing questions")
    if changes:
        _add(channel, "lastBuildDate", format_datetime(changes[0].at))
    for change, link in list(zip(changes, links, strict=True))[:MOST_ITEMS]:
        item = SubElement(channel, "item")
        _add(item, "title", heading(change))
        if link:
            _add(item, "link", link)
        _add(item, "description", "\n".join(change_lines(change)))
        _add(item, "pubDate", format_datetime(change.at))
        _add(item, "guid", _guid(change)).set("isPermaLink", "false")
    indent(feed)
    content: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return content


def _add(parent: Element, name: str, text: str) -> Element:
    element = SubElement(parent, name)
    element.text = _NOT_XML.sub("\ufffd", text)
    return element


def _guid(change: WatchChange) -> str:
    """A name of the change that no other has."""
    return hashlib.sha256(change.model_dump_json().encode()).hexdigest()[:32]
