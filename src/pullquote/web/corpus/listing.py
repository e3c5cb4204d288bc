"""The list of articles: a table with links that sort, search, narrow and page. Pure.

This module decides what the list shows; `listing.html` makes the HTML.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal, get_args

from pullquote.conversation.citation_format import moment_text
from pullquote.index.catalog.catalog import CatalogPage
from pullquote.index.catalog.catalog_rows import CatalogQuery, Entry, Sort, State
from pullquote.web.corpus.query import (
    FACTS,
    LIST_ANCHOR,
    PAGE,
    ListRequest,
    hidden_fields,
    list_href,
    with_filter,
)
from pullquote.web.requests import CitedSpan
from pullquote.web.views.permalinks import Link, permanent_link

ROWS_PER_PAGE = 50

_STATE_NAMES = {
    State.INDEXED: "indexed",
    State.SUPERSEDED: "superseded",
    State.EMBARGOED: "embargoed",
    State.WITHHELD: "withheld",
    State.CANCELED: "cancelled",
    State.FAILED: "could not be read",
    State.LEFT_OUT: "left out",
}


@dataclass(frozen=True, slots=True)
class FilterChip:
    """An active filter, and the address of the list without that filter."""

    name: str
    value: str
    href: str


@dataclass(frozen=True, slots=True)
class ColumnHeader:
    """A column header, with a link that sorts by the column."""

    name: str
    direction: Literal["none", "ascending", "descending"]
    href: str


@dataclass(frozen=True, slots=True)
class ListingRow:
    """A row of the table; `href` opens the article, and is "" if it may not be shown.

    `note` is why a file failed, or what supersedes an article. `until` is the end of an embargo.
    """

    state: State
    title: str
    href: str
    source: str
    section: str
    language: str
    day: date | None
    note: str | None
    until: datetime | None

    @property
    def superseded(self) -> bool:
        """Whether the note names a newer revision."""
        return self.state is State.SUPERSEDED


@dataclass(frozen=True, slots=True)
class PagerLink:
    """A link to another page of the list; `href` is "" if there is no such page."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the list with its search form."""

    words: str
    state: State | None
    hidden: Mapping[str, str]
    chips: Sequence[FilterChip]
    range: str
    headers: Sequence[ColumnHeader]
    rows: Sequence[ListingRow]
    pager: Sequence[PagerLink]
    page: int
    pages: int
    action: str = f"{PAGE}{LIST_ANCHOR}"
    state_names: Mapping[State, str] = field(default_factory=lambda: _STATE_NAMES)


@dataclass(frozen=True, slots=True)
class StateCount:
    """The number of articles in a state, with the address of their list."""

    count: int
    label: str
    href: str


def listing(request: ListRequest, listed: CatalogPage) -> Listing:
    """The page of the list for a request."""
    wanted, last = request.wanted, max(1, -(-listed.count // ROWS_PER_PAGE))
    return Listing(
        words=wanted.words,
        state=wanted.state,
        hidden=hidden_fields(wanted),
        chips=_chips(wanted),
        range=_range(request, listed),
        headers=[_header(wanted, column) for column in get_args(Sort)],
        rows=[_row(entry) for entry in listed.entries],
        pager=_pager(request, last),
        page=min(request.page, last),
        pages=last,
    )


def counts(states: Mapping[State, int]) -> Sequence[StateCount]:
    """The number of articles in each state that has any."""
    return [
        StateCount(number, _state_label(state, number), list_href(CatalogQuery(state=state)))
        for state in State
        if (number := states.get(state))
    ]


def _range(request: ListRequest, listed: CatalogPage) -> str:
    if not listed.entries:
        return "No article matches. Try other words or remove a filter."
    first = (request.page - 1) * ROWS_PER_PAGE + 1
    last = first + len(listed.entries) - 1
    return f"{first:,}–{last:,} of {listed.count:,}"


def _chips(wanted: CatalogQuery) -> list[FilterChip]:
    """The active filters."""
    chips = [
        FilterChip(name.capitalize(), value, list_href(with_filter(wanted, name, None)))
        for name in FACTS
        if (value := getattr(wanted, name)) is not None
    ]
    for name in sorted(wanted.without):
        missing = f"No {'date' if name == 'published' else name}"
        chips.append(FilterChip("", missing, list_href(with_filter(wanted, name, None))))
    if wanted.since is not None or wanted.until is not None:
        days = [moment_text(day) for day in (wanted.since, wanted.until) if day is not None]
        href = list_href(replace(wanted, since=None, until=None))
        chips.append(FilterChip("", " to ".join(days), href))
    return chips


def _header(wanted: CatalogQuery, column: Sort) -> ColumnHeader:
    """The header of a column; its link reverses the order if the list is already sorted by it."""
    sorted_by = wanted.sort == column
    descending = not wanted.descending if sorted_by else column == "published"
    direction: Literal["none", "ascending", "descending"] = "none"
    if sorted_by:
        direction = "descending" if wanted.descending else "ascending"
    href = list_href(replace(wanted, sort=column, descending=descending))
    return ColumnHeader(column.capitalize(), direction, href)


def _row(entry: Entry) -> ListingRow:
    shown, day = entry.title is not None, entry.published
    until = None
    if entry.state is State.EMBARGOED and entry.note is not None:
        until = datetime.fromisoformat(entry.note)
    return ListingRow(
        state=entry.state,
        title=entry.title or entry.id,
        href="./" + permanent_link(Link(CitedSpan(article=entry.id))) if shown else "",
        source=entry.source or "",
        section=entry.section or "",
        language=entry.language or "",
        day=day.date() if isinstance(day, datetime) else day,
        note=None if until is not None else entry.note,
        until=until,
    )


def _pager(request: ListRequest, last: int) -> list[PagerLink]:
    """Links to other pages; none if there is only one page."""
    if last == 1:
        return []
    page = request.page
    targets = (("First", 1), ("Previous", page - 1), ("Next", page + 1), ("Last", last))
    return [
        PagerLink(
            label,
            list_href(request.wanted, page=to) if 1 <= to <= last and to != page else "",
        )
        for label, to in targets
    ]


def _state_label(state: State, number: int) -> str:
    if state is State.INDEXED:
        return "article indexed" if number == 1 else "articles indexed"
    return _STATE_NAMES[state]
