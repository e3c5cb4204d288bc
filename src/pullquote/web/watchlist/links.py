"""Links to the words of changed answers."""

from __future__ import annotations

from pullquote.newsroom.watchlist.models import WatchChange
from pullquote.schema import Citation
from pullquote.web.requests import CitedSpan
from pullquote.web.views.permalinks import Link, permanent_link


def change_link(change: WatchChange, base: str | None) -> str:
    """The address of the words now, or of the words before: in the chat, or on the web.

    `base` is the address of the chat; None if it is not known. "" if there is no address.
    """
    answer = change.new or change.old
    if answer is None:
        return ""
    return answer.citation.url or "" if base is None else f"{base}{cited_link(answer.citation)}"


def cited_link(cited: Citation) -> str:
    """The permanent link that opens an article at its quoted words."""
    place = CitedSpan(
        article=cited.article, start=cited.start, end=cited.end, version=cited.version
    )
    return permanent_link(Link(place))
