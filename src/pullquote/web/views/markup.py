"""Text from an article -> HTML that can only be text: escaping, marks, dates, links."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pullquote.conversation.citation_format import is_web, moment_text
from pullquote.web.templating import render

_UNENCODABLE = re.compile("[\x00\ud800-\udfff]")
"""What no HTML page can hold; shown as U+FFFD, as browsers do, one for one."""


def escape(text: str) -> str:
    """The text as HTML, quotes escaped too, so that it may stand in an attribute."""
    return html.escape(_UNENCODABLE.sub("\ufffd", text), quote=True)


def isolate(text: str) -> str:
    """The text as HTML whose direction and bidi controls end where it ends."""
    return f"<bdi>{escape(text)}</bdi>"


def moment_html(moment: datetime | date) -> str:
    """A moment as people write it, with what a machine reads beside it."""
    return f'<time datetime="{moment.isoformat()}">{moment_text(moment)}</time>'


def link_html(url: str | None, label: str) -> str:
    """A link that tells the other site nothing, or nothing where the URL is not http or https."""
    if url is None or not is_web(url):
        return ""
    return (
        f'<a href="{escape(url)}" rel="noopener noreferrer nofollow" target="_blank">'
        f"{escape(label)}</a>"
    )


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text, marked or not; `id` names a mark that can be scrolled to."""

    text: str
    marked: bool = False
    id: str = ""


def pieces(text: str, ranges: Sequence[range], *, first: str = "") -> list[Piece]:
    """The text cut at the ends of those ranges, which are marked; `first` is the first mark's id.

    The ranges are in characters of `text`, may overlap and may stand in any order. They are cut
    from the `str` here, so a browser's UTF-16 has no say in where a mark begins.
    """
    found: list[Piece] = []
    at = 0
    for cut in _merged(ranges, len(text)):
        found += (
            Piece(text[at : cut.start]),
            Piece(text[cut.start : cut.stop], marked=True, id=first),
        )
        at, first = cut.stop, ""
    return [piece for piece in (*found, Piece(text[at:])) if piece.text]


def marked(text: str, ranges: Sequence[range], *, first: str = "") -> str:
    """The `pieces` of a text as HTML."""
    return str(render("macros.html", "marked", pieces(text, ranges, first=first)))


def joined(parts: Sequence[str]) -> str:
    """Facts in one line, without those that say nothing."""
    kept = [part for part in parts if part not in ("", "<bdi></bdi>")]
    return ' <span aria-hidden="true">·</span> '.join(kept)


def _merged(ranges: Sequence[range], length: int) -> Iterator[range]:
    """The ranges inside a text of that length in order, overlapping ones as one, none empty."""
    held: range | None = None
    for cut in sorted(ranges, key=lambda cut: cut.start):
        start, stop = max(cut.start, 0), min(cut.stop, length)
        if start >= stop:
            continue
        if held is not None and start <= held.stop:
            held = range(held.start, max(held.stop, stop))
            continue
        if held is not None:
            yield held
        held = range(start, stop)
    if held is not None:
        yield held
