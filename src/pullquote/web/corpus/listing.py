"""The list of articles: a table with links that sort, seek, narrow and page. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal, get_args

from pullquote.conversation.citation_format import moment_text
from pullquote.index.catalog.catalog import Listed
from pullquote.index.catalog.catalog_rows import Entry, Sort, State, Wanted
from pullquote.web.corpus.query import FACTS, PAGE, Asked, address, hidden_fields, narrowed
from pullquote.web.requests import Place
from pullquote.web.views.markup import escape, isolate, joined, moment_html
from pullquote.web.views.permalinks import Link, permanent_link

ROWS = 50
"""Articles on a page of the list."""

LIST = "#articles"
"""Where the list begins."""

_STATES = {
    State.INDEXED: "indexed",
    State.SUPERSEDED: "superseded",
    State.EMBARGOED: "embargoed",
    State.WITHHELD: "withheld",
    State.CANCELED: "canceled",
    State.FAILED: "could not be read",
    State.LEFT_OUT: "left out",
}


def state_word(state: State) -> str:
    """What a state is called on the page."""
    return _STATES[state]


def listing_html(asked: Asked, listed: Listed) -> str:
    """The form, what narrows the list, the table, and the way to its other pages."""
    return (
        '<section id="articles" aria-labelledby="pq-list"><h2 id="pq-list">Articles</h2>'
        f"{_form_html(asked.wanted)}{_chips_html(asked.wanted)}"
        f'<p class="pq-range" role="status">{_range(asked, listed)}</p>'
        f"{_table_html(asked.wanted, listed.entries)}{_pager_html(asked, listed)}</section>"
    )


def pages_of(listed: Listed) -> int:
    """How many pages a list has."""
    return max(1, -(-listed.count // ROWS))


def _range(asked: Asked, listed: Listed) -> str:
    if not listed.entries:
        return "Nothing in the corpus is like that. Try other words, or take a filter away."
    first = (asked.page - 1) * ROWS + 1
    last = first + len(listed.entries) - 1
    return f"{first:,}–{last:,} of {listed.count:,}"


def _form_html(wanted: Wanted) -> str:
    kept = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in hidden_fields(wanted).items()
    )
    options = "".join(
        f'<option value="{state}"{" selected" if wanted.state is state else ""}>'
        f"{state_word(state).capitalize()}</option>"
        for state in State
    )
    return (
        f'<form class="pq-seek" action="{PAGE}{LIST}" method="get" role="search">{kept}'
        '<label class="pq-field pq-words"><span>Title, file, author, source or section</span>'
        f'<input type="search" name="q" maxlength="200" value="{escape(wanted.words)}"></label>'
        '<label class="pq-field"><span>State</span><select name="state">'
        f'<option value="">Any</option>{options}</select></label>'
        '<button type="submit" class="pq-main">Search</button></form>'
    )


def _chips_html(wanted: Wanted) -> str:
    """What narrows the list, each with a way to take it away."""
    chips = [
        (f"{name.capitalize()}: {isolate(value)}", narrowed(wanted, name, None))
        for name in FACTS
        if (value := getattr(wanted, name)) is not None
    ]
    chips += [
        (f"No {'date' if name == 'published' else name}", narrowed(wanted, name, None))
        for name in sorted(wanted.without)
    ]
    if wanted.since is not None or wanted.until is not None:
        days = [moment_text(day) for day in (wanted.since, wanted.until) if day is not None]
        chips.append((" to ".join(days), replace(wanted, since=None, until=None)))
    items = "".join(
        f'<li><a href="{escape(address(without))}{LIST}"><span class="pq-hidden">Take away: </span>'
        f'{label} <span aria-hidden="true">×</span></a></li>'
        for label, without in chips
    )
    return f'<ul class="pq-chips" aria-label="Narrowed by">{items}</ul>' if items else ""


def _table_html(wanted: Wanted, entries: Sequence[Entry]) -> str:
    if not entries:
        return ""
    heads = "".join(_head_html(wanted, column) for column in get_args(Sort))
    rows = "".join(map(_row_html, entries))
    return (
        '<table class="pq-table"><caption class="pq-hidden">Articles with their state; the heads '
        f"of columns sort</caption><thead><tr>{heads}"
        '<th scope="col" class="pq-wider">Language</th><th scope="col">State</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _head_html(wanted: Wanted, column: Sort) -> str:
    """The head of a column, which sorts by it or, if it does already, the other way round."""
    here = wanted.sort == column
    descending = not wanted.descending if here else column == "published"
    direction: Literal["none", "ascending", "descending"] = "none"
    if here:
        direction = "descending" if wanted.descending else "ascending"
    arrow = {"none": "", "ascending": " ↑", "descending": " ↓"}[direction]
    href = address(replace(wanted, sort=column, descending=descending))
    wide = "" if column == "title" else ' class="pq-wide-only"'
    return (
        f'<th scope="col" aria-sort="{direction}"{wide}><a href="{escape(href)}{LIST}">'
        f'{column.capitalize()}<span aria-hidden="true">{arrow}</span></a></th>'
    )


def _row_html(entry: Entry) -> str:
    facts = (isolate(entry.source or ""), isolate(entry.section or ""), _day(entry))
    below = f'<span class="pq-narrow">{joined(facts)}</span>' if entry.title is not None else ""
    cells = "".join(f'<td class="pq-wide-only">{fact}</td>' for fact in facts)
    note = f'<span class="pq-why" dir="auto">{_note(entry)}</span>' if _note(entry) else ""
    return (
        f'<tr><th scope="row">{_title_html(entry)}{below}</th>{cells}'
        f'<td class="pq-wider">{escape(entry.language or "")}</td>'
        f'<td><span class="pq-state pq-{entry.state.replace(" ", "-")}">'
        f"{state_word(entry.state)}</span>{note}</td></tr>"
    )


def _title_html(entry: Entry) -> str:
    """The title as a link that opens the article in the chat; of what has none shown, its id."""
    if entry.title is None:
        return f'<span class="pq-file">{isolate(entry.id)}</span>'
    href = "./" + permanent_link(Link(Place(article=entry.id)))
    return f'<a class="pq-open" href="{escape(href)}">{isolate(entry.title or entry.id)}</a>'


def _day(entry: Entry) -> str:
    if entry.published is None:
        return ""
    moment = entry.published
    return moment_html(moment.date() if isinstance(moment, datetime) else moment)


def _note(entry: Entry) -> str:
    """Why, by what or until when, as HTML."""
    if entry.note is None:
        return ""
    if entry.state is State.EMBARGOED:
        return f"until {moment_html(datetime.fromisoformat(entry.note))} UTC"
    if entry.state is State.SUPERSEDED:
        return f"by {isolate(entry.note)}"
    return isolate(entry.note)


def _pager_html(asked: Asked, listed: Listed) -> str:
    last = pages_of(listed)
    if last == 1:
        return ""
    steps = (("First", 1), ("Previous", asked.page - 1), ("Next", asked.page + 1), ("Last", last))
    items = "".join(
        f'<li><a href="{escape(address(asked.wanted, page=to))}{LIST}">{label}</a></li>'
        if 1 <= to <= last and to != asked.page
        else f'<li><span aria-hidden="true">{label}</span></li>'
        for label, to in steps
    )
    return (
        f'<nav class="pq-pager" aria-label="Pages of the list"><ul>{items}</ul>'
        f"<p>Page {min(asked.page, last):,} of {last:,}</p></nav>"
    )


def counts_html(states: dict[State, int]) -> str:
    """How many articles there are of each state, each leading to their list."""
    parts = [
        f'<a href="{escape(address(Wanted(state=state)))}{LIST}"><b>{states[state]:,}</b> '
        f"{_said(state, states[state])}</a>"
        for state in State
        if states.get(state)
    ]
    return f'<ul class="pq-counts">{"".join(f"<li>{part}</li>" for part in parts)}</ul>'


def _said(state: State, number: int) -> str:
    if state is State.INDEXED:
        return "article indexed" if number == 1 else "articles indexed"
    return state_word(state)
