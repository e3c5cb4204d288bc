"""What pages with long lists share: addresses, links to other pages, headers that sort. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple
from urllib.parse import urlencode

from pullquote.web.request_limits import MAX_PAGE

ROWS_PER_PAGE = 50


class PageLink(NamedTuple):
    """A link to another page of a list, or to a speaker; `href` is "" if there is no such page."""

    label: str
    href: str


def list_query(page: str, given: Mapping[str, str]) -> str:
    """The address of a page with those fields; fields that are "" are left out."""
    fields = {name: value for name, value in given.items() if value}
    return f"{page}?{urlencode(fields, errors='replace')}" if fields else page


def page_field(number: int) -> str:
    """The field of an address that asks for a page of a list; "" for the first."""
    return str(number) if number > 1 else ""


def parse_number(text: str, *, most: int) -> int:
    """The number in a field of an address, at most `most`; 0 if it is not a number."""
    if not (text.isascii() and text.isdecimal()):
        return 0
    digits = text.lstrip("0")[: len(str(most)) + 1]  # int() refuses thousands of digits
    return min(int(digits or "0"), most)


def parse_page(given: Mapping[str, str]) -> int:
    """A page number from 1 to `MAX_PAGE`; 1 if the field is not a number."""
    return max(1, parse_number(given.get("page", ""), most=MAX_PAGE))


def parse_day(text: str) -> date | None:
    """The day in a field of an address; None if it is not written as YYYY-MM-DD."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def last_page(total: int) -> int:
    """The number of the last page of a list."""
    return max(1, -(-total // ROWS_PER_PAGE))


def page_range(number: int, total: int) -> str:
    """Which of all rows a page shows, in words."""
    first = (number - 1) * ROWS_PER_PAGE + 1
    return f"{first:,}–{min(total, first + ROWS_PER_PAGE - 1):,} of {total:,}"


def page_links(number: int, last: int, href: Callable[[int], str]) -> list[PageLink]:
    """Links to other pages; none if there is only one page."""
    targets = (("First", 1), ("Previous", number - 1), ("Next", number + 1), ("Last", last))
    return [
        PageLink(label, href(to) if 1 <= to <= last and to != number else "")
        for label, to in targets
        if last > 1
    ]


def order_text(sort: str, *, descending: bool) -> str:
    """The order as it is written in an address: the column, after "-" if descending."""
    return f"-{sort}" if descending else sort


def sort_header(
    column: str, name: str, *, sort: str, descending: bool, largest_first: bool
) -> tuple[dict[str, str], bool]:
    """The header of a column, and whether it sorts in descending order when it is pressed.

    It reverses the order if the list is already sorted by it.
    """
    direction = "none"
    if sort == column:
        direction = "descending" if descending else "ascending"
    header = {"column": column, "name": name, "direction": direction}
    return header, not descending if sort == column else largest_first
