"""The entries of the catalog, and queries for them."""

from __future__ import annotations

import re
import sqlite3
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from typing import Literal

from pullquote.schema import NEVER, Status
from pullquote.schema.api_results import ArticleState

Sort = Literal["title", "source", "section", "published", "length", "added"]

COLUMNS = {
    "title": "by_title",
    "source": "by_source",
    "section": "by_section",
    "published": "day",
    "length": "length",
    "added": "added",
}
"""The columns by which entries are sorted."""


State = ArticleState
"""The state of an entry."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the catalog. If the article may not be shown, only its file and state are set.

    `note` says why a file failed, which revision supersedes an article, or when an embargo ends.
    `length` is in characters. `added` is when the file came into the corpus or last changed.
    """

    id: str
    state: State
    note: str | None
    title: str | None
    source: str | None
    section: str | None
    language: str | None
    published: datetime | date | None
    file: str = ""
    length: int | None = None
    passages: int | None = None
    added: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogQuery:
    """The entries to list, and their order. A field that is None does not filter.

    Every word of `words` must occur in the title, id, source, section or authors; case and accents
    do not matter. `without` names fields that must be unknown. The first and the last day are
    included.
    """

    words: str = ""
    state: State | None = None
    source: str | None = None
    section: str | None = None
    language: str | None = None
    file: str | None = None
    since: date | None = None
    until: date | None = None
    without: frozenset[str] = frozenset()
    sort: Sort = "published"
    descending: bool = True

    def condition(self) -> tuple[str, list[object]]:
        """The SQL condition, and its values."""
        parts: list[str] = ["true"]
        values: list[object] = []
        for word in plain(self.words).split():
            parts.append("instr(sought, ?)")
            values.append(word)
        for column, value in (
            ("state", self.state),
            ("by_source", None if self.source is None else plain(self.source)),
            ("by_section", None if self.section is None else plain(self.section)),
            ("language", None if self.language is None else self.language.casefold()),
            ("file", self.file),
        ):
            if value is not None:
                parts.append(f"{column} = ?")
                values.append(str(value))
        for sign, moment in ((">=", self.since), ("<=", self.until)):
            if moment is not None:
                parts.append(f"day {sign} ?")
                values.append(moment.toordinal())
        unknown = [COLUMNS.get(name, name) for name in sorted(self.without)]
        parts += [f"{column} IS NULL AND title IS NOT NULL" for column in unknown]
        return " AND ".join(parts), values

    def order(self) -> str:
        """The SQL order. Unknown values come last in both directions, and ids decide ties."""
        return f"{COLUMNS[self.sort]} {'DESC' if self.descending else 'ASC'} NULLS LAST, id"


def plain(text: str) -> str:
    """The text in the form that is compared: no capitals, no accents, single spaces."""
    if not text.isascii():  # most text is ASCII and needs only the last line
        text = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    if not text.isascii():
        text = text.translate(_marks())
    return " ".join(text.casefold().split())


_ACCENTS = re.compile("[\u0300-\u036f]+")
"""The combining marks of Latin, Greek and Cyrillic letters."""


@cache
def _marks() -> dict[int, None]:
    """All combining marks, for `str.translate`, which removes them."""
    letters = range(sys.maxunicode + 1)
    return {one: None for one in letters if unicodedata.category(chr(one)) == "Mn"}


ENTRY_COLUMNS = (
    "id, state, note, title, source, section, language, published, file, length, passages, added"
)


def read_entry(row: sqlite3.Row) -> Entry:
    """The entry for a row with `ENTRY_COLUMNS`."""
    id, state, note, title, source, section, language, published, file, *counts, added = row
    return Entry(
        *(id, State(state), note, title, source, section, language, _moment(published)),
        *(file, *counts, None if added is None else datetime.fromtimestamp(added, UTC)),
    )


def hidden_row(
    digest: str,
    row: object,
    id: str,
    *,
    state: State,
    note: str | None,
    file: str,
    released: int = 0,
    added: float | None = None,
) -> tuple[object, ...]:
    """A row with only an id, a file and a state: nothing else is known or may be shown."""
    unknown = (None,) * 7
    keys = (plain(id), None, None, plain(id))
    return (digest, row, id, state, note, *unknown, released, *keys, file, None, None, added)


def entry_row(digest: str, read: Sequence[object], now: int) -> tuple[object, ...]:
    """The catalog's row for an article; `read` is the article's row in a segment.

    The catalog fills in the last column, since the index does not record when a file was added.
    """
    row, id, day, released, title, authors, source, section, language, published, *others = read
    status, file, length, passages = others
    if (until := int(str(released))) > now:
        state, note = _withheld_state(until, status)
        return hidden_row(
            digest, row, str(id), state=state, note=note, file=str(file), released=until
        )
    words = " ".join(str(fact) for fact in (title, id, source, section, authors) if fact)
    month = None if day is None else date.fromordinal(int(str(day))).isoformat()[:7]
    shown = (title, source, section, str(language).casefold(), published, month, day)
    keys = (plain(str(title)), _key(source), _key(section), plain(words))
    facts = (file, length, passages, None)
    return (digest, row, id, State.INDEXED, None, *shown, until, *keys, *facts)


@lru_cache(maxsize=1024)
def _key(name: object) -> str | None:
    """The name in the form that is compared; cached, since many articles share a name."""
    return None if name is None else plain(str(name))


def _withheld_state(released: int, status: object) -> tuple[State, str | None]:
    """Why an article may not be shown, and until when, if that is known."""
    if released >= NEVER:
        return (State.CANCELED if status == Status.CANCELED else State.WITHHELD), None
    try:
        until = datetime.fromtimestamp(released, UTC)
    except (ValueError, OverflowError, OSError):  # too late to be a date
        return State.EMBARGOED, None
    return State.EMBARGOED, until.isoformat() if until.year < 9999 else None


def _moment(published: str | None) -> datetime | date | None:
    if published is None:
        return None
    dated = len(published) <= 10
    return date.fromisoformat(published) if dated else datetime.fromisoformat(published)
