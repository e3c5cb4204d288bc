"""Writes articles and the places of their passages into SQLite; `store` reads them."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import astuple
from pathlib import Path

from pullquote.atomic_io import forget, not_given_back
from pullquote.index.duplicates.revisions import edition_of
from pullquote.index.folder.segments.store import NAME, checksum
from pullquote.index.metadata import facts_of
from pullquote.index.sqlite import read_only
from pullquote.schema import Article, Passage

_SCHEMA = """
CREATE TABLE articles (
  row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, file TEXT NOT NULL, version TEXT NOT NULL,
  text TEXT NOT NULL, facts TEXT NOT NULL,
  day INTEGER, source TEXT, section TEXT, language TEXT NOT NULL, kind TEXT NOT NULL,
  released INTEGER NOT NULL, item INTEGER NOT NULL, url INTEGER NOT NULL,
  moment INTEGER NOT NULL, revision INTEGER NOT NULL, crc INTEGER NOT NULL
);
CREATE INDEX articles_by_file ON articles (file, version);
CREATE TABLE passages (
  id INTEGER PRIMARY KEY, article INTEGER NOT NULL REFERENCES articles (row),
  role TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, context TEXT NOT NULL,
  crc INTEGER NOT NULL
);
CREATE INDEX passages_by_article ON passages (article);
"""


class StoreWriter:
    """Writes the articles of one segment; nothing is visible before `close`."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._given = hashlib.sha256()
        self._connection = sqlite3.connect(self._path)
        try:
            self._connection.execute("PRAGMA journal_mode=OFF")  # a file that fails is thrown away
            self._connection.execute("PRAGMA synchronous=FULL")
            self._connection.executescript(_SCHEMA)
        except sqlite3.Error:
            self.abandon()
            raise
        self.articles = 0

    def add(self, article: Article, passages: Sequence[Passage], *, file: str) -> int:
        """The row of an article, once it is in with its passages.

        `file` is where it came from, in the corpus.

        Raises:
            sqlite3.IntegrityError: the article, or a passage's id, is there already.
        """
        row, facts = self.articles, facts_of(article)
        edition = edition_of(article, file=file)
        told = article.model_dump_json(exclude={"text"})
        self.articles += 1
        values = (
            row,
            article.id,
            file,
            article.version,
            article.text,
            told,
            *astuple(facts),
            edition.item,
            edition.url,
            edition.moment,
            edition.revision,
            checksum(row, article.text, told),
        )
        places = [(p.id, row, str(p.role), p.start, p.end, p.context) for p in passages]
        rows = [(*place, checksum(*place)) for place in places]
        marks = ", ".join("?" * len(values))
        self._connection.execute(f"INSERT INTO articles VALUES ({marks})", values)  # noqa: S608
        self._connection.executemany("INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        self._given.update(_bytes(values, rows))
        return row

    def close(self) -> None:
        """Commit, wait until the device has it, and read it back.

        Raises:
            sqlite3.Error, OSError: the device failed, or gives back something else.
        """
        self._connection.commit()
        self._connection.close()
        forget(self._path)
        if _read_back(self._path) != self._given.hexdigest():
            raise not_given_back(self._path)

    def abandon(self) -> None:
        """Stop writing, so that the folder can be removed; without effect once closed."""
        self._connection.close()


def _read_back(path: Path) -> str | None:
    """The SHA-256 of all rows as a `StoreWriter` was given them; None where SQLite finds damage."""
    found = hashlib.sha256()
    with closing(read_only(path)) as connection:
        if connection.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
            return None
        for values in connection.execute("SELECT * FROM articles ORDER BY row"):
            places = connection.execute("SELECT * FROM passages WHERE article = ?", values[:1])
            found.update(_bytes(values, places))
    return found.hexdigest()


def _bytes(article: tuple[object, ...], passages: Iterable[tuple[object, ...]]) -> bytes:
    """The rows of an article and its passages, in whatever order they come."""
    return repr([article, *sorted(passages)]).encode()
