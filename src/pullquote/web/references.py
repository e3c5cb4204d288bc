"""Permanent links: the address of the chat that opens an article at its words, or asks a question.

Pure functions; what they return is plain text and still has to be escaped for a page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from pullquote.web.requests import Place, parse_place

VERSION_SHOWN = 12
"""Characters of a version in a link: enough to tell two versions of one article apart."""


@dataclass(frozen=True, slots=True)
class Link:
    """What a permanent link opens: a place, a question, both or neither."""

    place: Place | None = None
    question: str = ""


def permanent_link(link: Link) -> str:
    """The query of the chat's own address that opens what the link says; "" for nothing."""
    given: dict[str, str | int] = {}
    if (place := link.place) is not None:
        given = {"article": place.article, "start": place.start, "end": place.end}
        if place.version is not None:
            given["version"] = place.version[:VERSION_SHOWN]
    if link.question:
        given["question"] = link.question
    # A lone surrogate has no UTF-8; what cannot be asked or stored need not be linked to.
    return f"?{urlencode(given, errors='replace')}" if given else ""


def parse_link(query: Mapping[str, str]) -> Link:
    """What the query of an address opens.

    Raises:
        SettingsError: it names an article, but not a place in it.
    """
    named = {name: query[name] for name in ("article", "start", "end", "version") if name in query}
    place = parse_place(named) if "article" in named else None
    return Link(place, query.get("question", "").strip())
