"""What an uploaded file became: its articles and failures, in a few lines.

This module decides what is shown; `outcome.html` makes the HTML.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from pullquote.base.plurals import counted
from pullquote.index.catalog.catalog import Catalog
from pullquote.index.catalog.catalog_rows import CatalogQuery, Entry, State
from pullquote.index.interfaces import OpenGeneration
from pullquote.schema.errors import PullquoteError
from pullquote.web.corpus.listing import ListingRow, listing_row
from pullquote.web.corpus.query import list_href
from pullquote.web.pages import render
from pullquote.web.requests import CitedSpan
from pullquote.web.views.permalinks import Link, permanent_link

ENTRIES_SHOWN = 5

COPIES_SHOWN = 2


@dataclass(frozen=True, slots=True)
class CopyLink:
    """An article of another file with nearly the same text; `identical` if the files are equal."""

    id: str
    href: str
    identical: bool


@dataclass(frozen=True, slots=True)
class OutcomeEntry:
    """An article of the file, or a record that failed, and the copies of the article."""

    row: ListingRow
    passages: int | None
    copies: Sequence[CopyLink]


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """The first few entries of a file, and a link to all if there are `more`.

    `state` is "pending" if the index has nothing from the file. `summary` is the outcome in words,
    such as "3 articles".
    """

    state: str
    name: str
    summary: str
    entries: Sequence[OutcomeEntry]
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
        OutcomeEntry(listing_row(entry), entry.passages, _copies(entry, generation))
        for entry in found.entries
    ]
    return FileOutcome(
        state=_state(found.count, failures),
        name=file.rpartition("/")[2],
        summary=_summary(found.count, failures),
        entries=entries,
        more=found.count - len(entries),
        href=list_href(CatalogQuery(file=file)),
    )


def _copies(entry: Entry, generation: OpenGeneration) -> list[CopyLink]:
    """The copies of an article in other files; none if it may not be shown."""
    if entry.title is None:
        return []
    try:
        mine = generation.article(entry.id).version
        others = [
            (id, generation.article(id).version) for id in generation.near_duplicates_of(entry.id)
        ]
    except PullquoteError:  # it was withheld or removed in the meantime
        return []
    copies = [
        CopyLink(id, f"./{permanent_link(Link(CitedSpan(article=id)))}", version == mine)
        for id, version in others
        if not id.startswith(f"{entry.file}#")
    ]
    return sorted(copies, key=lambda copy: not copy.identical)[:COPIES_SHOWN]


def _state(count: int, failures: int) -> str:
    if not count:
        return "pending"
    return "failed" if failures == count else "read"


def _summary(count: int, failures: int) -> str:
    """The outcome in a few words."""
    if not count:
        return "stored, but not in the index yet"
    if failures == count:
        return "could not be read"
    failed = f", and {failures:,} could not be read" if failures else ""
    return f"{counted(count - failures, 'article')}{failed}"
