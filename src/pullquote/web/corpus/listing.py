"""The list of articles: a table with links that sort, search, narrow and page. Pure.

This module decides what the list shows; `listing.html` makes the HTML.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from typing import Literal

from babel import Locale

from pullquote.base.dates.day_text import moment_text
from pullquote.base.plurals import counted
from pullquote.index.catalog.catalog import CatalogPage
from pullquote.index.catalog.catalog_rows import CatalogQuery, Entry, Sort, State
from pullquote.web.corpus.query import (
    FACTS,
    LIST_ANCHOR,
    PAGE,
    ListRequest,
    hidden_fields,
    list_href,
    order_of,
    with_filter,
)
from pullquote.web.requests import CitedSpan
from pullquote.web.views.permalinks import Link, permanent_link


def language_name(code: str) -> str:
    """The English name of a language; the code itself if it is unknown."""
    return _names().get(code.casefold(), code)


@cache
def _names() -> dict[str, str]:
    return {code.casefold(): str(name) for code, name in Locale("en").languages.items()}


_ADVICE_IN_REASON = re.compile(r"; ((?:save|run) [^;]*)$")
"""Some reasons end with advice, such as "…; save it as UTF-8"."""

_ADVICE = (
    ("setting fields", "In the setting “fields”, name the field that holds the text."),
    ("front matter", "Correct the lines between the two “---” at the top of the file."),
    ("password|encrypted|drm", "Save a copy without protection, and add the copy."),
    ("file is empty|without a body", "Export the article again: this copy is empty."),
    ("seconds|crashed", "Split the file into smaller files, or save it in another format."),
    (
        "parser failed|invalid article",
        "This is a fault in pullquote, not in your file. Report it to the administrator, with the "
        "reason shown here.",
    ),
    ("a link that|a link to", "Put the file itself into the folder, not a link to it."),
    (
        "permission|cannot be listed",
        "Give pullquote permission to read the file, then update the index.",
    ),
    ("encoding|utf-", "Save the file as UTF-8."),
    ("its name", "Give the file another name."),
    ("larger than|more than|unpacks|too large|bomb|too deep", "Split the file into smaller files."),
    ("extension|not text|no parser|not supported", "Save it in one of the supported formats."),
    (
        "no text|only attachments|contains text|no articles|no json|not a record|two columns",
        "Check that the file contains the text of an article.",
    ),
    (
        "valid|damaged|incomplete|in the middle|well-formed|closed|cells|unpacked",
        "Export or save it again.",
    ),
)
"""Advice for the first pattern that occurs in a reason, ignoring case."""

_OTHERWISE = "Correct the file, and update the index."


@dataclass(frozen=True, slots=True)
class FailureAdvice:
    """Why a file could not be read, and what to do about it."""

    reason: str
    step: str


def failure_advice(reason: str) -> FailureAdvice:
    """The reason as a sentence without its subject, and the next step."""
    if found := _ADVICE_IN_REASON.search(reason):
        step = found[1]
        return FailureAdvice(reason[: found.start()], f"{step[0].upper()}{step[1:]}.")
    text = reason.casefold()
    steps = (step for pattern, step in _ADVICE if re.search(pattern, text))
    return FailureAdvice(reason, next(steps, _OTHERWISE))


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


_COLUMN_NAMES: Mapping[Sort, str] = {
    "section": "Section",
    "title": "Title",
    "source": "Source",
    "published": "Date",
    "length": "Length",
    "added": "Added",
}

_HEADERS: Sequence[Sort] = ("title", "source", "published", "length", "added")
"""The columns of the table. The address may also name the section."""

_LARGEST_FIRST = ("published", "length", "added")
"""Columns that the first press sorts in descending order."""

_ORDER_NAMES = {
    "-published": "Newest first",
    "published": "Oldest first",
    "title": "Title, A to Z",
    "source": "Source, A to Z",
    "-length": "Longest first",
    "-added": "Last added first",
}


@dataclass(frozen=True, slots=True)
class FilterChip:
    """An active filter, and the address of the list without that filter."""

    name: str
    value: str
    href: str


@dataclass(frozen=True, slots=True)
class ColumnHeader:
    """A column header; pressing it asks for the list in the `order` that it names."""

    column: Sort
    name: str
    direction: Literal["none", "ascending", "descending"]
    order: str


@dataclass(frozen=True, slots=True)
class ListingRow:
    """A row of the table; `href` opens the article, and is "" if it may not be shown.

    `path` is the article's id if the title is another text. `note` is what supersedes an article,
    or why it was left out. `advice` is about a failed file. `until` is the end of an embargo.
    """

    state: State
    title: str
    path: str
    href: str
    source: str
    section: str
    language: str
    day: date | None
    length: int | None
    added: date | None
    note: str | None
    advice: FailureAdvice | None
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
    """A page of the list with its forms; `sorting` are the hidden fields of the sorting buttons.

    `summary` says in words what is listed, for screen readers.
    """

    words: str
    state: State | None
    order: str
    hidden: Mapping[str, str]
    sorting: Mapping[str, str]
    chips: Sequence[FilterChip]
    range: str
    summary: str
    headers: Sequence[ColumnHeader]
    rows: Sequence[ListingRow]
    pager: Sequence[PagerLink]
    page: int
    pages: int
    action: str = f"{PAGE}{LIST_ANCHOR}"
    state_names: Mapping[State, str] = field(default_factory=lambda: _STATE_NAMES)
    order_names: Mapping[str, str] = field(default_factory=lambda: _ORDER_NAMES)


@dataclass(frozen=True, slots=True)
class StateCount:
    """The number of articles in a state, with the address of their list."""

    count: int
    label: str
    href: str


def listing(request: ListRequest, listed: CatalogPage) -> Listing:
    """The page of the list for a request."""
    wanted, last = request.wanted, max(1, -(-listed.count // ROWS_PER_PAGE))
    chips, order = _chips(wanted), order_of(wanted)
    names = dict(_ORDER_NAMES)
    names.setdefault(order, f"{_COLUMN_NAMES[wanted.sort]}, reversed")
    return Listing(
        words=wanted.words,
        state=wanted.state,
        order=order,
        hidden=hidden_fields(wanted, without=("q", "state", "sort")),
        sorting=hidden_fields(wanted, without=("sort",)),
        chips=chips,
        range=_range(request, listed),
        summary=_summary(wanted, listed, chips),
        headers=[_header(wanted, column) for column in _HEADERS],
        rows=[listing_row(entry) for entry in listed.entries],
        order_names=names,
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


def _summary(wanted: CatalogQuery, listed: CatalogPage, chips: Sequence[FilterChip]) -> str:
    """The number of entries, the filters and the order in a sentence."""
    filters = [" ".join(filter(None, (chip.name.lower(), chip.value))) for chip in chips]
    if wanted.words:
        filters.append(f"words “{wanted.words}”")
    if wanted.state is not None:
        filters.append(f"state {_STATE_NAMES[wanted.state]}")
    narrowed = f" with {', '.join(filters)}" if filters else ""
    way = "descending" if wanted.descending else "ascending"
    entries = counted(listed.count, "entry")
    return f"{entries}{narrowed}, sorted by {_COLUMN_NAMES[wanted.sort].lower()}, {way}"


def _chips(wanted: CatalogQuery) -> list[FilterChip]:
    """The active filters."""
    chips = [
        FilterChip(
            name.capitalize(),
            language_name(value) if name == "language" else value,
            list_href(with_filter(wanted, name, None)),
        )
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
    """The header of a column; it reverses the order if the list is already sorted by it."""
    sorted_by = wanted.sort == column
    descending = not wanted.descending if sorted_by else column in _LARGEST_FIRST
    direction: Literal["none", "ascending", "descending"] = "none"
    if sorted_by:
        direction = "descending" if wanted.descending else "ascending"
    order = order_of(replace(wanted, sort=column, descending=descending))
    return ColumnHeader(column, _COLUMN_NAMES[column], direction, order)


def listing_row(entry: Entry) -> ListingRow:
    """An entry as a row of the table."""
    shown, day = entry.title is not None, entry.published
    failed, until = entry.state is State.FAILED, None
    if entry.state is State.EMBARGOED and entry.note is not None:
        until = datetime.fromisoformat(entry.note)
    return ListingRow(
        state=entry.state,
        title=entry.title or entry.id,
        path=entry.id if shown else "",
        href="./" + permanent_link(Link(CitedSpan(article=entry.id))) if shown else "",
        source=entry.source or "",
        section=entry.section or "",
        language=language_name(entry.language or ""),
        day=day.date() if isinstance(day, datetime) else day,
        length=entry.length,
        added=None if entry.added is None else entry.added.date(),
        note=None if until is not None or failed else entry.note,
        advice=failure_advice(entry.note or "") if failed else None,
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
