"""Articles and the places of their passages, in SQLite: the truth of a segment."""

from __future__ import annotations

import json
import sqlite3
import threading
import weakref
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pullquote.errors import IndexDamaged
from pullquote.index.duplicates.revisions import EDITION_KEY, Edition
from pullquote.index.metadata import Days, Fact, Facts
from pullquote.index.sqlite import SQLITE_FAILURES, read_only
from pullquote.schema import Article, Passage, Role

NAME = "articles.db"

CACHED_ARTICLES = 256


_ALIVE = """
CREATE TEMP TABLE gone (row INTEGER PRIMARY KEY);
CREATE TEMP VIEW alive AS SELECT * FROM articles WHERE row NOT IN gone;
CREATE TEMP VIEW spoken AS SELECT * FROM passages WHERE article NOT IN gone;
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """An article, its row, the file that it came from, and its passages by their ids."""

    row: int
    article: Article
    file: str
    passages: list[Passage]


def _opened(path: Path, gone: Sequence[int]) -> sqlite3.Connection:
    """A segment's file, with views of what is not gone."""
    connection = read_only(path)
    try:
        connection.executescript(_ALIVE)
        connection.executemany("INSERT INTO gone VALUES (?)", [(row,) for row in gone])
        connection.commit()
    except SQLITE_FAILURES:
        connection.close()
        raise
    return connection


class Store:
    """Reads the articles of one segment but for those of the rows that are `gone`.

    What it gives is compared with its checksum once more, since the file may be damaged after its
    digest was checked. Safe to share between threads.
    """

    def __init__(self, folder: Path, *, gone: Sequence[int] = ()) -> None:
        self._path = folder / NAME
        try:
            self._connection = _opened(self._path, gone)
        except SQLITE_FAILURES as error:
            raise IndexDamaged(self._path, expected="a database", found=str(error)) from error
        self._one_at_a_time = threading.Lock()
        # A cache that held the store would keep it, and its file, until the collector comes.
        here = weakref.ref(self)

        @lru_cache(CACHED_ARTICLES)
        def cached(row: int) -> Article:
            store = here()
            if store is None:
                raise ReferenceError("the store is closed")
            return store._load(row)

        self._cached = cached
        # A reader drops a generation when a newer one is current; this closes its file then.
        weakref.finalize(self, self._connection.close)

    def article(self, article: str) -> Article | None:
        """The article of that id, or None."""
        row = self.row(article)
        found = None if row is None else self._cached(row)
        if found is not None and found.id != article:
            raise IndexDamaged(self._path, expected=f"article {article!r}", found=repr(found.id))
        return found

    def row(self, article: str) -> int | None:
        """The row of the article of that id, or None."""
        rows = self._query("SELECT row FROM alive WHERE id = ?", article)
        return rows[0][0] if rows else None

    def articles(self) -> list[str]:
        """The ids of all articles, sorted: as they stand in the table, not in its index of ids."""
        statement = "SELECT id FROM articles NOT INDEXED WHERE row NOT IN gone ORDER BY id"
        return [r[0] for r in self._query(statement)]

    def all_articles(self) -> Iterator[Stored]:
        """Every article with its file and passages, by its row, one in memory at a time."""
        for row, file in self._query("SELECT row, file FROM alive ORDER BY row"):
            found = self._load(row)
            places = self._query("SELECT * FROM passages WHERE article = ? ORDER BY id", row)
            yield Stored(row, found, file, [self._passage(found, place) for place in places])

    def versions(self) -> dict[str, str]:
        """The SHA-256 of every file that gave articles, by its path relative to the corpus."""
        return {r[0]: r[1] for r in self._query("SELECT DISTINCT file, version FROM alive")}

    def article_versions(self) -> dict[str, str]:
        """The SHA-256 of the file that each article came from, by the article's id."""
        return {r[0]: r[1] for r in self._query("SELECT id, version FROM alive")}

    def passages_by_role(self) -> dict[str, int]:
        """How many passages there are of each role, most first."""
        return self._counted("SELECT role, count(*) FROM spoken GROUP BY role")

    def articles_by(self, fact: Fact) -> dict[str, int]:
        """How many articles there are of each source, section and so on, as written, most first.

        Names that differ in case or space alone are counted together.
        """
        return self._counted(
            f"SELECT coalesce(min(json_extract(facts, '$.{fact}')), ''), count(*) "  # noqa: S608
            f"FROM alive GROUP BY {fact}"
        )

    def days(self) -> Days:
        """The first and the last day of publication, and how many articles have none."""
        first, last, undated = self._query(
            "SELECT min(day), max(day), count(*) - count(day) FROM alive"
        )[0]
        return Days(
            None if first is None else date.fromordinal(first),
            None if last is None else date.fromordinal(last),
            undated,
        )

    def _counted(self, statement: str) -> dict[str, int]:
        rows = sorted(self._query(statement), key=lambda row: (-row[1], row[0]))
        return {name: count for name, count in rows}  # noqa: C416 - rows are sqlite3's

    def rows_of(self, files: Iterable[str]) -> dict[int, str]:
        """The rows of the articles that those files gave, each with its file."""
        return {
            row[0]: file
            for file in files
            for row in self._query("SELECT row FROM alive WHERE file = ?", file)
        }

    def articles_of(self, files: frozenset[str]) -> dict[str, str]:
        """The articles that those files gave, by their ids, each with its file."""
        rows = self._query("SELECT id, file FROM alive")
        return {row[0]: row[1] for row in rows if row[1] in files}

    def facts(self) -> list[Facts]:
        """What filters ask of every article, those that are gone too, in order of its row."""
        facts = "day, source, section, language, kind, released"
        return [Facts(*r) for r in self._query(f"SELECT {facts} FROM articles ORDER BY row")]  # noqa: S608

    def edition_keys(self) -> npt.NDArray[np.void]:
        """The row of every article that can have another edition, with its `item` and `url`."""
        rows = self._query("SELECT row, item, url FROM alive WHERE item OR url ORDER BY row")
        return np.array([tuple(row) for row in rows], EDITION_KEY)

    def edition(self, row: int) -> Edition:
        """What tells the editions of an article apart."""
        facts = "id, item, url, moment, revision, released"
        return Edition(*self._query(f"SELECT {facts} FROM articles WHERE row = ?", row)[0])  # noqa: S608

    def __len__(self) -> int:
        """How many articles there are."""
        return int(self._query("SELECT count(*) FROM alive")[0][0])

    def passage(self, passage_id: int) -> Passage | None:
        """The passage of that id, its text cut from its article, or None."""
        rows = self._query("SELECT * FROM spoken WHERE id = ?", passage_id)
        return self._passage(self._cached(rows[0][1]), rows[0]) if rows else None

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _load(self, row: int) -> Article:
        rows = self._query("SELECT text, facts, crc FROM articles WHERE row = ?", row)
        text, facts, crc = rows[0] if rows else ("", "", None)
        self._check(crc, row, text, facts)
        return Article.model_validate({**json.loads(facts), "text": text})

    def _passage(self, article: Article, row: sqlite3.Row) -> Passage:
        *place, crc = row
        self._check(crc, *place)
        id, _, role, start, end, context = place
        return Passage(
            id=id,
            article=article.id,
            role=Role(role),
            start=start,
            end=end,
            text=article.text[start:end],
            context=context,
        )

    def _check(self, crc: int | None, *values: object) -> None:
        """Whether values are those that were written."""
        if (found := checksum(*values)) != crc:
            raise IndexDamaged(self._path, expected=f"a row of CRC {crc}", found=str(found))

    def _query(self, statement: str, *values: object) -> list[sqlite3.Row]:
        # Threads that execute one cached statement at a time get each other's rows (Python 3.13).
        try:
            with self._one_at_a_time:
                return self._connection.execute(statement, values).fetchall()
        except sqlite3.ProgrammingError:
            raise  # it was closed
        except SQLITE_FAILURES as error:
            raise IndexDamaged(self._path, expected="a sound database", found=str(error)) from error


def checksum(*values: object) -> int:
    """The CRC of values as text: those of a row, which is kept in it."""
    return zlib.crc32("\x1f".join(map(str, values)).encode())
