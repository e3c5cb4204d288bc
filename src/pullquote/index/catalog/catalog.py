"""The catalog: a list of the articles of a generation, to sort, search and count.

`articles.db` stores the metadata of an article after its text, so listing articles from there would
read every article for every page. The catalog copies the metadata into a temporary database, one
segment at a time. A rebuild does not change most segments, and unchanged segments are not read
again.
"""

from __future__ import annotations

import os
import re
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pullquote.index.catalog.catalog_rows import (
    ENTRY_COLUMNS,
    CatalogQuery,
    Entry,
    State,
    hidden_row,
    read_entry,
)
from pullquote.index.interfaces import OpenGeneration
from pullquote.schema import NEVER

_SCHEMA = """
CREATE TABLE entries (
  segment TEXT, row INTEGER, id TEXT NOT NULL, state TEXT NOT NULL, note TEXT, title TEXT,
  source TEXT, section TEXT, language TEXT, published TEXT, month TEXT, day INTEGER,
  released INTEGER NOT NULL, by_title TEXT NOT NULL, by_source TEXT, by_section TEXT,
  sought TEXT NOT NULL, file TEXT NOT NULL, length INTEGER, passages INTEGER, added REAL
);
"""

_INDEXES = """
CREATE INDEX entries_by_row ON entries (segment, row);
CREATE INDEX entries_by_id ON entries (id);
CREATE INDEX entries_by_state ON entries (state);
CREATE INDEX entries_by_day ON entries (day, id);
CREATE INDEX entries_by_title ON entries (by_title, id);
CREATE INDEX entries_by_source ON entries (by_source, id);
CREATE INDEX entries_by_section ON entries (by_section, id);
CREATE INDEX entries_by_length ON entries (length, id);
CREATE INDEX entries_by_added ON entries (added, id);
CREATE INDEX entries_by_file ON entries (file);
"""

_DROP = "".join(f"DROP INDEX IF EXISTS {name};" for name in re.findall(r"INDEX (\w+)", _INDEXES))

_INSERT = f"INSERT INTO entries VALUES ({', '.join('?' * 21)})"  # noqa: S608

_TITLE, _FILE = 5, 17
"""The positions of two columns."""


@dataclass(frozen=True, slots=True)
class Overview:
    """Counts of entries. All except `states` count only the articles that may be shown.

    Entries without a value are counted under "". Months are written like 2023-05.
    """

    states: dict[State, int] = field(default_factory=dict)
    months: dict[str, int] = field(default_factory=dict)
    sources: dict[str, int] = field(default_factory=dict)
    sections: dict[str, int] = field(default_factory=dict)
    languages: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CatalogPage:
    """Some of the matching entries, and the number of all matching entries."""

    entries: tuple[Entry, ...]
    count: int


class Catalog:
    """Lists the articles of the generation whose name is `generation`. Threads may share it."""

    def __init__(self) -> None:
        # Without a name, the database is temporary: in memory while small, and deleted at the end.
        self._connection = sqlite3.connect("", check_same_thread=False, isolation_level=None)
        self._connection.executescript(_SCHEMA + _INDEXES)
        self._one_at_a_time = threading.Lock()
        self._segments: dict[str, frozenset[int]] = {}
        self.generation = ""
        self._next_release = 0
        self.overview = Overview()

    def holds(self, generation: OpenGeneration, *, now: float) -> bool:
        """Whether the catalog is up to date for that generation."""
        return self.generation == generation.name and now < self._next_release

    def update(self, generation: OpenGeneration, *, now: float) -> None:
        """Bring the catalog up to date with a generation, reading only what has changed.

        Raises:
            IndexDamaged: a segment cannot be read; the catalog stays as it was.
        """
        with self._one_at_a_time:
            segments = dict(self._segments)
            self._connection.execute("BEGIN")
            try:
                if not segments:  # inserting into existing indexes is ten times slower
                    self._each(_DROP)
                self._read_segments(generation, segments, int(now))
                if not self._segments:
                    self._each(_INDEXES)
                self._note_superseded(generation, int(now))
                self._note_failed(generation)
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._segments, self.generation = segments, generation.name
            self._next_release = self._query(
                "SELECT coalesce(min(released), ?) FROM entries WHERE released > ?", NEVER, int(now)
            )[0][0]
            self.overview = self._overview()

    def page(self, wanted: CatalogQuery, *, start: int, count: int) -> CatalogPage:
        """At most `count` of the matching entries, from number `start` on, counted from 0."""
        where, values = wanted.condition()
        matching = f"FROM entries WHERE {where}"
        page = f"SELECT {ENTRY_COLUMNS} {matching} ORDER BY {wanted.order()} LIMIT ? OFFSET ?"
        with self._one_at_a_time:
            rows = self._query(page, *values, count, start)
            total = self._query(f"SELECT count(*) {matching}", *values)[0][0]
        return CatalogPage(tuple(map(read_entry, rows)), total)

    def close(self) -> None:
        """Close the database, which discards it."""
        with self._one_at_a_time:
            self._connection.close()

    def _read_segments(
        self, generation: OpenGeneration, segments: dict[str, frozenset[int]], now: int
    ) -> None:
        """Bring the rows up to date, and note the deleted rows of each segment in `segments`."""
        current = {part.key: part for part in generation.catalog_segments()}
        for digest in segments.keys() - current.keys():
            self._connection.execute("DELETE FROM entries WHERE segment = ?", (digest,))
            del segments[digest]
        for digest, part in current.items():
            deleted = part.deleted
            known = segments.get(digest)
            if known is None or known - deleted or self._is_due(digest, now):
                if known is not None:
                    self._connection.execute("DELETE FROM entries WHERE segment = ?", (digest,))
                self._insert(_with_added(part.entries(now=now), generation.manifest.corpus))
            else:
                self._connection.executemany(
                    "DELETE FROM entries WHERE segment = ? AND row = ?",
                    [(digest, row) for row in deleted - known],
                )
            segments[digest] = deleted

    def _is_due(self, digest: str, now: int) -> bool:
        """Whether an embargo in a segment has ended since the segment was read."""
        statement = (
            "SELECT 1 FROM entries WHERE segment = ? AND state = ? AND released <= ? LIMIT 1"
        )
        return bool(self._query(statement, digest, State.EMBARGOED, now))

    def _note_superseded(self, generation: OpenGeneration, now: int) -> None:
        self._connection.execute(
            "UPDATE entries SET state = ?, note = NULL WHERE state = ?",
            (State.INDEXED, State.SUPERSEDED),
        )
        self._connection.executemany(
            "UPDATE entries SET state = ?, note = ? WHERE id = ? AND state = ?",
            [
                (State.SUPERSEDED, new, old, State.INDEXED)
                for old, new in generation.superseded(at=now).items()
            ],
        )

    def _note_failed(self, generation: OpenGeneration) -> None:
        """Add the files and records that yielded no article; they belong to no segment."""
        self._connection.execute("DELETE FROM entries WHERE segment = ''")
        self._insert(
            hidden_row(
                "",
                at,
                failed.path,
                state=State.LEFT_OUT if failed.left_out else State.FAILED,
                note=failed.reason,
                file=failed.corpus_file,
                added=_changed_at(generation.manifest.corpus, failed.corpus_file),
            )
            for at, failed in enumerate(generation.manifest.failed)
        )

    def _each(self, statements: str) -> None:
        """Execute statements one by one: `executescript` would end the transaction."""
        for statement in filter(None, map(str.strip, statements.split(";"))):
            self._connection.execute(statement)

    def _insert(self, rows: Iterable[tuple[object, ...]]) -> None:
        self._connection.executemany(_INSERT, rows)

    def _overview(self) -> Overview:
        states = self._query("SELECT state, count(*) FROM entries GROUP BY state")
        # One pass counts all four; four GROUP BY clauses would each sort a million rows.
        months, sources, sections, languages = (
            Counter[tuple[str | None, str | None]]() for _ in range(4)
        )
        rows = self._connection.execute(
            "SELECT month, by_source, source, by_section, section, language FROM entries "
            "WHERE title IS NOT NULL"
        )
        for month, by_source, source, by_section, section, language in rows:
            months[month, month] += 1
            sources[by_source, source] += 1
            sections[by_section, section] += 1
            languages[language, language] += 1
        return Overview(
            {State(state): count for state, count in states},
            *map(_by_name, (months, sources, sections, languages)),
        )

    def _query(self, statement: str, *values: object) -> list[sqlite3.Row]:
        return self._connection.execute(statement, values).fetchall()


def _with_added(rows: Iterable[tuple[object, ...]], corpus: str) -> Iterator[tuple[object, ...]]:
    """The rows of shown articles with the time at which their file was added."""
    for row in rows:
        *facts, _ = row
        shown, file = facts[_TITLE] is not None, str(facts[_FILE])
        yield (*facts, _changed_at(corpus, file) if shown else None)


def _changed_at(corpus: str, file: str) -> float | None:
    """When a file of the corpus was created or last changed; None if it cannot be found.

    Copying preserves a file's time of modification, but not this time, which the system sets.
    """
    try:
        return os.lstat(f"{corpus}/{file}").st_ctime
    except (OSError, ValueError):  # another machine has the corpus
        return None


def _by_name(counted: Counter[tuple[str | None, str | None]]) -> dict[str, int]:
    """The number of articles for each name, largest first.

    If several spellings have the same key, the first in alphabetical order is used. Articles
    without a name are counted under "".
    """
    names: dict[str | None, str] = {}
    counts: Counter[str | None] = Counter()
    for (key, name), count in counted.items():
        counts[key] += count
        if name is not None:
            names[key] = min(name, names.get(key, name))
    found = [(names.get(key, ""), count) for key, count in counts.items()]
    return dict(sorted(found, key=lambda pair: (-pair[1], pair[0])))
