"""The parts that all speaker pages have: the frame, the filters, and links to other pages. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pullquote.schema.speakers import MANNERS, ClaimFilters
from pullquote.web.speakers.query import filter_fields
from pullquote.web.templating import render

ROWS_PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class PageFrame:
    """What every page has: its title, the page in the navigation, and a message, if any.

    While articles are read, the page `waits`: it loads itself again and shows `done` of `total`.
    """

    title: str
    current: str
    notice: str = ""
    waits: bool = False
    done: int = 0
    total: int = 0


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


def message_html(frame: PageFrame) -> Markup:
    """A page that has only a message, or the progress of reading the articles."""
    return render("speakers/frame.html", "message", frame)


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
