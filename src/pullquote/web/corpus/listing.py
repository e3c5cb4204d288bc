"""The list of articles: a table with links that sort, search, narrow and page. Pure.

This module decides what the list shows, and what it says about an uploaded file; `listing.html` and
`outcome.html` make the HTML.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from babel import Locale
from markupsafe import Markup

from pullquote.base.dates.day_text import moment_text
from pullquote.base.plurals import counted
from pullquote.index.catalog.catalog import Catalog, CatalogPage
from pullquote.index.catalog.catalog_rows import CatalogQuery, Entry, Sort, State
from pullquote.index.interfaces import OpenGeneration
from pullquote.schema.errors import PullquoteError
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
from pullquote.web.lists import last_page, order_text, page_links, page_range, sort_header
from pullquote.web.pages import render
from pullquote.web.views.permalinks import article_href


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

_Chip = Mapping[str, str]

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


def listing(request: ListRequest, listed: CatalogPage) -> Mapping[str, object]:
    """The page of the list for a request, for its template.

    `sorting` are the hidden fields of the sorting buttons. `summary` says in words what is listed,
    for screen readers.
    """
    wanted, last = request.wanted, last_page(listed.count)
    chips, order = _chips(wanted), order_of(wanted)
    names = dict(_ORDER_NAMES)
    names.setdefault(order, f"{_COLUMN_NAMES[wanted.sort]}, reversed")
    return {
        "words": wanted.words,
        "state": wanted.state,
        "order": order,
        "hidden": hidden_fields(wanted, without=("q", "state", "sort")),
        "sorting": hidden_fields(wanted, without=("sort",)),
        "chips": chips,
        "range": page_range(request.page, listed.count)
        if listed.entries
        else "No article matches. Try other words or remove a filter.",
        "summary": _summary(wanted, listed, chips),
        "headers": [_header(wanted, column) for column in _HEADERS],
        "rows": [listing_row(entry) for entry in listed.entries],
        "pager": page_links(request.page, last, lambda page: list_href(wanted, page=page)),
        "page": min(request.page, last),
        "pages": last,
        "action": f"{PAGE}{LIST_ANCHOR}",
        "state_names": _STATE_NAMES,
        "order_names": names,
    }


def counts(states: Mapping[State, int]) -> Sequence[Mapping[str, object]]:
    """The number of articles in each state that has any, with the address of their list."""
    return [
        {
            "count": number,
            "label": _state_label(state, number),
            "href": list_href(CatalogQuery(state=state)),
        }
        for state in State
        if (number := states.get(state))
    ]


def _summary(wanted: CatalogQuery, listed: CatalogPage, chips: Sequence[_Chip]) -> str:
    """The number of entries, the filters and the order in a sentence."""
    filters = [" ".join(filter(None, (chip["name"].lower(), chip["value"]))) for chip in chips]
    if wanted.words:
        filters.append(f"words “{wanted.words}”")
    if wanted.state is not None:
        filters.append(f"state {_STATE_NAMES[wanted.state]}")
    narrowed = f" with {', '.join(filters)}" if filters else ""
    way = "descending" if wanted.descending else "ascending"
    entries = counted(listed.count, "entry")
    return f"{entries}{narrowed}, sorted by {_COLUMN_NAMES[wanted.sort].lower()}, {way}"


def _chips(wanted: CatalogQuery) -> list[_Chip]:
    chips = [
        _chip(
            with_filter(wanted, name, None),
            language_name(value) if name == "language" else value,
            name.capitalize(),
        )
        for name in FACTS
        if (value := getattr(wanted, name)) is not None
    ]
    for name in sorted(wanted.without):
        missing = f"No {'date' if name == 'published' else name}"
        chips.append(_chip(with_filter(wanted, name, None), missing))
    if wanted.since is not None or wanted.until is not None:
        days = [moment_text(day) for day in (wanted.since, wanted.until) if day is not None]
        chips.append(_chip(replace(wanted, since=None, until=None), " to ".join(days)))
    return chips


def _chip(without: CatalogQuery, value: str, name: str = "") -> _Chip:
    """An active filter, and the address of the list without that filter."""
    return {"name": name, "value": value, "href": list_href(without)}


def _header(wanted: CatalogQuery, column: Sort) -> Mapping[str, str]:
    """A column header; pressing it asks for the list in the `order` that it names."""
    header, descending = sort_header(
        column,
        _COLUMN_NAMES[column],
        sort=wanted.sort,
        descending=wanted.descending,
        largest_first=column in _LARGEST_FIRST,
    )
    return {**header, "order": order_text(column, descending=descending)}


def listing_row(entry: Entry) -> Mapping[str, object]:
    """An entry as a row of the table; `href` opens the article, and is "" if it may not be shown.

    `path` is the article's id if the title is another text. `note` is what supersedes an article,
    or why it was left out. `advice` is about a failed file. `until` is the end of an embargo.
    """
    shown, day = entry.title is not None, entry.published
    failed, until = entry.state is State.FAILED, None
    if entry.state is State.EMBARGOED and entry.note is not None:
        until = datetime.fromisoformat(entry.note)
    return {
        "state": entry.state,
        "superseded": entry.state is State.SUPERSEDED,
        "title": entry.title or entry.id,
        "path": entry.id if shown else "",
        "href": article_href(entry.id) if shown else "",
        "source": entry.source or "",
        "section": entry.section or "",
        "language": language_name(entry.language or ""),
        "day": day.date() if isinstance(day, datetime) else day,
        "length": entry.length,
        "added": None if entry.added is None else entry.added.date(),
        "note": None if until is not None or failed else entry.note,
        "advice": failure_advice(entry.note or "") if failed else None,
        "until": until,
    }


def _state_label(state: State, number: int) -> str:
    if state is State.INDEXED:
        return "article indexed" if number == 1 else "articles indexed"
    return _STATE_NAMES[state]


ENTRIES_SHOWN = 5

COPIES_SHOWN = 2


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """The first few entries of a file, and a link to all if there are `more`.

    `state` is "pending" if the index has nothing from the file. `summary` is the outcome in words,
    such as "3 articles".
    """

    state: str
    name: str
    summary: str
    entries: Sequence[Mapping[str, object]]
    more: int
    href: str


def outcome_html(outcome: FileOutcome) -> Markup:
    """The outcome as HTML."""
    return render("corpus/outcome.html", "outcome", outcome)


def file_outcome(file: str, catalog: Catalog, generation: OpenGeneration) -> FileOutcome:
    """The outcome of a file. The catalog must be up to date with the generation.

    Raises:
        IndexDamaged: the generation cannot be read.
    """
    wanted = CatalogQuery(file=file, sort="title", descending=False)
    found = catalog.page(wanted, start=0, count=ENTRIES_SHOWN)
    failures = catalog.page(replace(wanted, state=State.FAILED), start=0, count=0).count
    entries = [
        {
            "row": listing_row(entry),
            "passages": entry.passages,
            "copies": _copies(entry, generation),
        }
        for entry in found.entries
    ]
    return FileOutcome(
        state="pending" if not found.count else "failed" if failures == found.count else "read",
        name=file.rpartition("/")[2],
        summary=_outcome_summary(found.count, failures),
        entries=entries,
        more=found.count - len(entries),
        href=list_href(CatalogQuery(file=file)),
    )


def _copies(entry: Entry, generation: OpenGeneration) -> list[Mapping[str, object]]:
    """The articles of other files with nearly the same text; none if it may not be shown.

    They are `identical` if the files are equal, and then come first.
    """
    if entry.title is None:
        return []
    try:
        mine = generation.article(entry.id).version
        others = [
            (id, generation.article(id).version) for id in generation.near_duplicates_of(entry.id)
        ]
    except PullquoteError:  # it was withheld or removed in the meantime
        return []
    copies: list[Mapping[str, object]] = [
        {"id": id, "href": article_href(id), "identical": version == mine}
        for id, version in others
        if not id.startswith(f"{entry.file}#")
    ]
    return sorted(copies, key=lambda copy: not copy["identical"])[:COPIES_SHOWN]


def _outcome_summary(count: int, failures: int) -> str:
    if not count:
        return "stored, but not in the index yet"
    if failures == count:
        return "could not be read"
    failed = f", and {failures:,} could not be read" if failures else ""
    return f"{counted(count - failures, 'article')}{failed}"
