"""The parts that all speaker pages have: a message, the filters, and links to other pages. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pullquote.schema.speakers import MANNERS, ClaimFilters
from pullquote.web.pages import PageFrame
from pullquote.web.speakers.query import filter_fields
from pullquote.web.templating import render

ROWS_PER_PAGE = 50

STYLE = "speakers.css"


@dataclass(frozen=True, slots=True)
class ClaimFilterForm:
    """The fields that narrow a page: the chosen values, what to choose from, and hidden fields.

    `clear` is the address of the page without filters; "" if there are none.
    """

    action: str
    chosen: Mapping[str, str]
    hidden: Mapping[str, str]
    sources: Sequence[str]
    clear: str
    manners: Sequence[str] = MANNERS


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link to another page of a list, or to a speaker; `href` is "" if there is no such page."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Pages:
    """Which rows a page shows, in words, and the links to the other pages of the list."""

    range: str
    number: int
    count: int
    links: Sequence[PageLink]


def speaker_frame(title: str, current: str) -> PageFrame:
    """The frame of a speaker page."""
    return PageFrame(title, current, styles=(STYLE,))


def message_html(frame: PageFrame) -> Markup:
    """A page that has only a message, or the progress of reading the articles."""
    return render("speakers/parts.html", "message", frame)


def filter_form(
    action: str,
    filters: ClaimFilters,
    sources: Sequence[str],
    *,
    hidden: Mapping[str, str],
    clear: str,
) -> ClaimFilterForm:
    """The form of a page with these filters; `sources` are the papers to choose from."""
    chosen = filter_fields(filters)
    given = chosen["source"]
    known = [one for one in sources if one]
    if given and given not in known:
        known.insert(0, given)
    return ClaimFilterForm(
        action=action,
        chosen=chosen,
        hidden={name: value for name, value in hidden.items() if value},
        sources=known,
        clear=clear if filters != ClaimFilters() else "",
    )


def pages(number: int, total: int, href: Callable[[int], str], *, empty: str) -> Pages:
    """The pages of a list of `total` rows, seen from one of them; `empty` says that it has none."""
    count = last_page(total)
    if not total:
        return Pages(empty, 1, 1, ())
    first = (number - 1) * ROWS_PER_PAGE + 1
    shown = f"{first:,}–{min(total, first + ROWS_PER_PAGE - 1):,} of {total:,}"
    targets = (("First", 1), ("Previous", number - 1), ("Next", number + 1), ("Last", count))
    links = [
        PageLink(label, href(to) if 1 <= to <= count and to != number else "")
        for label, to in targets
    ]
    return Pages(shown, number, count, links if count > 1 else ())


def last_page(total: int) -> int:
    """The number of the last page of a list."""
    return max(1, -(-total // ROWS_PER_PAGE))
