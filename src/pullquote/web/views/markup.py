"""Text from an article -> HTML that can only be text: escaping, marks, dates, links."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from pullquote.conversation.citation_format import is_web, moment_text

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


def marked(text: str, ranges: Sequence[range], *, first: str = "") -> str:
    """The text as HTML with those ranges in `<mark>`; `first` is the id of the first mark.

    The ranges are in characters of `text`, may overlap and may stand in any order. They are cut
    from the `str` here, so a browser's UTF-16 has no say in where a mark begins.
    """
    pieces: list[str] = []
    at = 0
    for cut in _merged(ranges, len(text)):
        name = f' id="{escape(first)}"' if first else ""
        pieces += (
            escape(text[at : cut.start]),
            f"<mark{name}>{escape(text[cut.start : cut.stop])}</mark>",
        )
        at, first = cut.stop, ""
    return "".join(pieces) + escape(text[at:])


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
