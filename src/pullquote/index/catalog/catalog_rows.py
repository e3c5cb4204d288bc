"""Lines of the catalog: what is told of an article, and which of them are wanted."""

from __future__ import annotations

import re
import sqlite3
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache, lru_cache
from typing import Literal

from pullquote.schema import NEVER, Status

Sort = Literal["title", "source", "section", "published"]

COLUMNS = {"title": "by_title", "source": "by_source", "section": "by_section", "published": "day"}
"""What the entries are ordered by."""


class State(StrEnum):
    """What has become of an article, or of a file or record that should have given one."""

    INDEXED = "indexed"
    SUPERSEDED = "superseded"
    EMBARGOED = "embargoed"
    WITHHELD = "withheld"
    CANCELED = "canceled"
    FAILED = "failed"
    LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the catalog. Of what may not be shown only `id` and `state` are told.

    `note` is why a file failed, which edition supersedes an article, or until when it is embargoed.
    """

    id: str
    state: State
    note: str | None
    title: str | None
    source: str | None
    section: str | None
    language: str | None
    published: datetime | date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which entries, in which order; None leaves a dimension open.

    Every word of `words` stands in title, id, source, section or authors, whatever its case and
    accents. `without` names facts that are not known. Days are inclusive.
    """

    words: str = ""
    state: State | None = None
    source: str | None = None
    section: str | None = None
    language: str | None = None
    since: date | None = None
    until: date | None = None
    without: frozenset[str] = frozenset()
    sort: Sort = "published"
    descending: bool = True

    def condition(self) -> tuple[str, list[object]]:
        """The SQL that an entry has to fulfil, and the values in it."""
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
        """The SQL of the order: what is not known comes last either way, ids part what is alike."""
        return f"{COLUMNS[self.sort]} {'DESC' if self.descending else 'ASC'} NULLS LAST, id"


def plain(text: str) -> str:
    """The text for comparing: no case, no accents, white space alike."""
    if not text.isascii():  # most is, and needs no more than the line below
        text = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    if not text.isascii():
        text = text.translate(_marks())
    return " ".join(text.casefold().split())


_ACCENTS = re.compile("[\u0300-\u036f]+")
"""The marks that Latin, Greek and Cyrillic letters have."""


@cache
def _marks() -> dict[int, None]:
    """All marks that stand on other letters, for `str.translate`, which takes them away."""
    letters = range(sys.maxunicode + 1)
    return {one: None for one in letters if unicodedata.category(chr(one)) == "Mn"}


def read_entry(row: sqlite3.Row) -> Entry:
    """The entry of a row (id, state, note, title, source, section, language, published)."""
    id, state, note, title, source, section, language, published = row
    return Entry(id, State(state), note, title, source, section, language, _moment(published))


def hidden_row(
    digest: str, row: object, id: str, *, state: State, note: str | None, released: int = 0
) -> tuple[object, ...]:
    """A row of which nothing is known, or may be told, but its id and what has become of it."""
    unknown = (None,) * 7
    return (digest, row, id, state, note, *unknown, released, plain(id), None, None, plain(id))


def entry_row(digest: str, read: Sequence[object], now: int) -> tuple[object, ...]:
    """An article as the catalog keeps it, by its row and what is read of it."""
    row, id, day, released, title, authors, source, section, language, published, status = read
    if (until := int(str(released))) > now:
        state, note = _kept_back(until, status)
        return hidden_row(digest, row, str(id), state=state, note=note, released=until)
    words = " ".join(str(fact) for fact in (title, id, source, section, authors) if fact)
    month = None if day is None else date.fromordinal(int(str(day))).isoformat()[:7]
    told = (title, source, section, str(language).casefold(), published, month, day)
    keys = (plain(str(title)), _key(source), _key(section), plain(words))
    return (digest, row, id, State.INDEXED, None, *told, until, *keys)


@lru_cache(maxsize=1024)
def _key(name: object) -> str | None:
    """The name for comparing; most articles have one of a few."""
    return None if name is None else plain(str(name))


def _kept_back(released: int, status: object) -> tuple[State, str | None]:
    """Why an article may not be shown, and until when, as far as there is an end."""
    if released >= NEVER:
        return (State.CANCELED if status == Status.CANCELED else State.WITHHELD), None
    try:
        until = datetime.fromtimestamp(released, UTC)
    except (ValueError, OverflowError, OSError):  # the end of time
        return State.EMBARGOED, None
    return State.EMBARGOED, until.isoformat() if until.year < 9999 else None


def _moment(published: str | None) -> datetime | date | None:
    if published is None:
        return None
    dated = len(published) <= 10
    return date.fromisoformat(published) if dated else datetime.fromisoformat(published)
