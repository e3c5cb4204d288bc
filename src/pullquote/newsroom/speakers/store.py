"""Stores the attributions of all articles in a file beside the index.

The file is a cache: losing it only costs time. Each claim has a checksum, which is checked before
the claim is shown. If the file is damaged, it is replaced by an empty one. If it cannot be written,
a temporary database is used, which is lost when the process ends.
"""

from __future__ import annotations

import contextlib
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pullquote.base.atomic_io import remove_folder_at
from pullquote.english.attribution import attribute
from pullquote.index.metadata import fold
from pullquote.newsroom.speakers.names import naming_of, speaker_key, words_in
from pullquote.schema import Article, Attribution, day_of

FORMAT = 2
"""Increased whenever the tables or their meaning change."""

STORE_FAILURES = (sqlite3.Error, UnicodeDecodeError, OSError)
"""The errors after which a store can `recover`."""

_BUSY_SECONDS = 30.0
"""How long to wait for another process that writes to the file."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS articles (
  row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, version TEXT NOT NULL, source TEXT,
  by_source TEXT NOT NULL, day INTEGER, released INTEGER NOT NULL, read INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS claims (
  article INTEGER NOT NULL, number INTEGER NOT NULL, key TEXT, speaker TEXT, naming TEXT NOT NULL,
  manner TEXT NOT NULL, direct INTEGER NOT NULL, words INTEGER NOT NULL, attribution TEXT NOT NULL,
  crc INTEGER NOT NULL, PRIMARY KEY (article, number)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS claims_by_key ON claims (key, speaker, article, manner, direct, words);
"""

_DAMAGED = frozenset((sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR))
"""SQLite's result codes that point to the file, and not to the device or another process."""


@dataclass(frozen=True, slots=True)
class AttributedArticle:
    """The rows that are stored for an article."""

    facts: tuple[object, ...]
    claims: Sequence[tuple[object, ...]]


class AttributionStore:
    """The stored attributions; not safe to share between threads without a lock."""

    def __init__(self, path: Path) -> None:
        self._path: Path | None = path
        try:
            self.connection = _opened(path)
        except STORE_FAILURES as error:
            self.connection = self._replaced(error)

    @property
    def is_shared(self) -> bool:
        """Whether other processes use the same file."""
        return self._path is not None

    def fact(self, name: str) -> str:
        """A fact about the whole store; "" if it is not recorded."""
        found = self.query("SELECT value FROM facts WHERE name = ?", name)
        return str(found[0][0]) if found else ""

    def set_fact(self, name: str, value: str) -> None:
        """Record a fact about the whole store."""
        self.connection.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))

    def versions(self) -> dict[str, str]:
        """The version of each stored article, by its id."""
        return dict(self.query("SELECT id, version FROM articles"))  # type: ignore[arg-type]

    def add(self, articles: Iterable[AttributedArticle]) -> None:
        """Store articles with their claims. None of their ids may be stored; see `transaction`."""
        for one in articles:
            row = self.connection.execute(
                "INSERT INTO articles VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)", one.facts
            ).lastrowid
            self.connection.executemany(
                "INSERT INTO claims VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [(row, number, *claim) for number, claim in enumerate(one.claims)],
            )

    def remove(self, articles: Iterable[str]) -> None:
        """Remove the articles with these ids and their claims."""
        for article in articles:
            self.connection.execute(
                "DELETE FROM claims WHERE article = (SELECT row FROM articles WHERE id = ?)",
                (article,),
            )
            self.connection.execute("DELETE FROM articles WHERE id = ?", (article,))

    def clear(self) -> None:
        """Remove everything."""
        for table in ("facts", "articles", "claims"):
            self.connection.execute(f"DELETE FROM {table}")  # noqa: S608

    @contextlib.contextmanager
    def transaction(self, *, writes: bool = False) -> Iterator[None]:
        """Do everything in one transaction: what is read is of one state of the file."""
        self.connection.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
        try:
            yield
            self.connection.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                self.connection.execute("ROLLBACK")
            raise

    def query(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        """All rows of a query."""
        return self.connection.execute(statement, values).fetchall()

    def recover(self, error: Exception) -> None:
        """Go on after an error: with an empty file if it is damaged, else without the file."""
        self.connection.close()
        self.connection = self._replaced(error)

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    def _replaced(self, error: Exception) -> sqlite3.Connection:
        """An empty file in place of a damaged one; a temporary database without permission."""
        if self._path is not None and is_damage(error):
            with contextlib.suppress(sqlite3.Error, OSError):
                self._path.unlink()
                return _opened(self._path)
        self._path = None
        return _temporary()


def is_damage(error: Exception) -> bool:
    """Whether an error means that the file is damaged, and not in use or on a faulty device."""
    if isinstance(error, UnicodeDecodeError):
        return True
    code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    return isinstance(error, sqlite3.DatabaseError) and code in _DAMAGED


def attributed(article: Article) -> AttributedArticle:
    """The rows of an article: its facts and its claims."""
    day = day_of(article.published)
    return AttributedArticle(
        facts=(
            article.id,
            article.version,
            article.source,
            fold(article.source) or "",
            None if day is None else day.toordinal(),
            article.released,
            is_read(article),
        ),
        claims=[_claim(article, one) for one in attribute(article)],
    )


def _claim(article: Article, one: Attribution) -> tuple[object, ...]:
    key = None if one.speaker is None else speaker_key(one.speaker)
    naming, words = naming_of(article.text, one), words_in(article.text, one)
    stored = one.model_dump_json(exclude={"speaker", "manner", "direct"})
    values = (key, one.speaker, naming, one.manner, int(one.direct), words, stored)
    return (*values, checksum(article.id, values))


def is_read(article: Article) -> bool:
    """Whether attribution reads the article's language."""
    return article.language.partition("-")[0].lower() == "en"


def checksum(article: str, values: Sequence[object]) -> int:
    """The CRC of a claim's values with its article's id."""
    return zlib.crc32("\x1f".join(map(str, (article, *values))).encode(errors="replace"))


def _opened(path: Path) -> sqlite3.Connection:
    remove_folder_at(path)
    with path.open("ab"):  # without write permission, SQLite opens read-only and fails later
        pass
    connection = _connected(str(path))
    try:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("PRAGMA synchronous=FULL")
        [(format,)] = connection.execute("PRAGMA user_version")
        if format not in (0, FORMAT):
            raise sqlite3.DatabaseError("another version of pullquote wrote the file")
        connection.executescript(_SCHEMA)
        connection.execute(f"PRAGMA user_version={FORMAT}")
    except (sqlite3.Error, UnicodeDecodeError):
        connection.close()
        raise
    return connection


def _temporary() -> sqlite3.Connection:
    """A database in memory while small, deleted when it is closed."""
    connection = _connected("")
    connection.executescript(_SCHEMA)
    return connection


def _connected(path: str) -> sqlite3.Connection:
    return sqlite3.connect(
        path, timeout=_BUSY_SECONDS, check_same_thread=False, isolation_level=None
    )
