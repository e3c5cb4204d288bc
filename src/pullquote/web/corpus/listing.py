"""The list of articles: a table with links that sort, search, narrow and page.

Pure functions, which say what stands where; `listing.html` makes the HTML.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final, Literal, get_args

from markupsafe import Markup

from pullquote.conversation.citation_format import moment_text
from pullquote.index.catalog.catalog import CatalogPage
from pullquote.index.catalog.catalog_rows import CatalogQuery, Entry, Sort, State
from pullquote.web.corpus.query import FACTS, PAGE, Asked, address, hidden_fields, narrowed
from pullquote.web.requests import CitedSpan
from pullquote.web.templating import render
from pullquote.web.views.permalinks import Link, permanent_link

ROWS = 50
"""Articles on a page of the list."""

LIST = "#articles"
"""Where the list begins."""

TEMPLATE: Final = "corpus/listing.html"

_STATES = {
    State.INDEXED: "indexed",
    State.SUPERSEDED: "superseded",
    State.EMBARGOED: "embargoed",
    State.WITHHELD: "withheld",
    State.CANCELED: "canceled",
    State.FAILED: "could not be read",
    State.LEFT_OUT: "left out",
}


@dataclass(frozen=True, slots=True)
class Chip:
    """What narrows the list, and the address of the list without it."""

    name: str
    value: str
    href: str


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column, which sorts by it."""

    name: str
    direction: Literal["none", "ascending", "descending"]
    href: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table; `href` opens the article, and is "" for what may not be shown.

    `note` is why a file failed, or what supersedes an article; `until` ends an embargo.
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
        """Whether the note names a newer edition."""
        return self.state is State.SUPERSEDED


@dataclass(frozen=True, slots=True)
class Step:
    """A way to another page of the list; `href` is "" where there is none."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the list with its form."""

    words: str
    state: State | None
    hidden: Mapping[str, str]
    chips: Sequence[Chip]
    range: str
    heads: Sequence[Head]
    entries: Sequence[Line]
    steps: Sequence[Step]
    page: int
    pages: int
    action: str = f"{PAGE}{LIST}"
    words_of_states: Mapping[State, str] = field(default_factory=lambda: _STATES)


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many articles are in a state, and where those are listed."""

    count: int
    said: str
    href: str


def state_word(state: State) -> str:
    """What a state is called on the page."""
    return _STATES[state]


def listing(asked: Asked, listed: CatalogPage) -> Listing:
    """The form, what narrows the list, the table, and the way to its other pages."""
    wanted, last = asked.wanted, pages_of(listed)
    return Listing(
        words=wanted.words,
        state=wanted.state,
        hidden=hidden_fields(wanted),
        chips=_chips(wanted),
        range=_range(asked, listed),
        heads=[_head(wanted, column) for column in get_args(Sort)],
        entries=[_line(entry) for entry in listed.entries],
        steps=_steps(asked, last),
        page=min(asked.page, last),
        pages=last,
    )


def listing_html(asked: Asked, listed: CatalogPage) -> Markup:
    """What `listing` says, as HTML."""
    return render(TEMPLATE, "listing", listing(asked, listed))


def pages_of(listed: CatalogPage) -> int:
    """How many pages a list has."""
    return max(1, -(-listed.count // ROWS))


def counts(states: Mapping[State, int]) -> Sequence[StateCount]:
    """How many articles there are in each state that has any."""
    return [
        StateCount(states[state], _said(state, states[state]), _href(CatalogQuery(state=state)))
        for state in State
        if states.get(state)
    ]


def _href(wanted: CatalogQuery, *, page: int = 1) -> str:
    return address(wanted, page=page) + LIST


def _range(asked: Asked, listed: CatalogPage) -> str:
    if not listed.entries:
        return "Nothing in the corpus is like that. Try other words, or take a filter away."
    first = (asked.page - 1) * ROWS + 1
    last = first + len(listed.entries) - 1
    return f"{first:,}–{last:,} of {listed.count:,}"


def _chips(wanted: CatalogQuery) -> list[Chip]:
    """What narrows the list, each with a way to take it away."""
    chips = [
        Chip(name.capitalize(), value, _href(narrowed(wanted, name, None)))
        for name in FACTS
        if (value := getattr(wanted, name)) is not None
    ]
    chips += [
        Chip(
            "", f"No {'date' if name == 'published' else name}", _href(narrowed(wanted, name, None))
        )
        for name in sorted(wanted.without)
    ]
    if wanted.since is not None or wanted.until is not None:
        days = [moment_text(day) for day in (wanted.since, wanted.until) if day is not None]
        chips.append(Chip("", " to ".join(days), _href(replace(wanted, since=None, until=None))))
    return chips


def _head(wanted: CatalogQuery, column: Sort) -> Head:
    """The head of a column, which sorts by it or, if it does already, the other way round."""
    here = wanted.sort == column
    descending = not wanted.descending if here else column == "published"
    direction: Literal["none", "ascending", "descending"] = "none"
    if here:
        direction = "descending" if wanted.descending else "ascending"
    href = _href(replace(wanted, sort=column, descending=descending))
    return Head(column.capitalize(), direction, href)


def _line(entry: Entry) -> Line:
    shown, day = entry.title is not None, entry.published
    until = None
    if entry.state is State.EMBARGOED and entry.note is not None:
        until = datetime.fromisoformat(entry.note)
    return Line(
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


def _steps(asked: Asked, last: int) -> list[Step]:
    """The ways to other pages; none where there is only one page."""
    if last == 1:
        return []
    steps = (("First", 1), ("Previous", asked.page - 1), ("Next", asked.page + 1), ("Last", last))
    return [
        Step(
            label,
            _href(asked.wanted, page=to) if 1 <= to <= last and to != asked.page else "",
        )
        for label, to in steps
    ]


def _said(state: State, number: int) -> str:
    if state is State.INDEXED:
        return "article indexed" if number == 1 else "articles indexed"
    return state_word(state)
