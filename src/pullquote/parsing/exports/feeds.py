"""Extracts the field values of entries in RSS (0.9 to 2.0) and Atom feeds."""

from __future__ import annotations

import re
from base64 import b64decode

from pullquote.parsing.decode import decode
from pullquote.parsing.exports.newsml import Element, children, html_in, text_at, text_in, texts_at
from pullquote.parsing.exports.values import first_line
from pullquote.schema.errors import ArticleError

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
    """The URL of an entry's page."""
    pages = (one for one in children(entry, "link") if one.get("rel", "alternate") == "alternate")
    return next((page.get("href") for page in pages), None)
