"""Writes articles and the offsets of their passages into SQLite; `store` reads them."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import astuple
from pathlib import Path

from pullquote.atomic_io import drop_cached_pages, write_mismatch
from pullquote.index.duplicates.revisions import revision_of
from pullquote.index.folder.segments.store import NAME, checksum
from pullquote.index.metadata import filter_fields_of
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
CREATE TABLE arrivals (article INTEGER PRIMARY KEY, since INTEGER NOT NULL);
"""

_EVERY_ARTICLE = (
    "SELECT articles.*, since FROM articles LEFT JOIN arrivals ON article = row ORDER BY row"
)


class StoreWriter:
    """Writes the articles of one segment; nothing can be read before `close`."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._given = hashlib.sha256()
        self._connection = sqlite3.connect(self._path)
        try:
            self._connection.execute(
                "PRAGMA journal_mode=OFF"
            )  # after a failure the file is discarded
            self._connection.execute("PRAGMA synchronous=FULL")
            self._connection.executescript(_SCHEMA)
        except sqlite3.Error:
            self.abandon()
            raise
        self.articles = 0

    def add(
        self, article: Article, passages: Sequence[Passage], *, file: str, since: int | None = None
    ) -> int:
        """Add an article with its passages, and return its row.

        `file` is its path in the corpus; `since` is when its text came into the index, if known.

        Raises:
            sqlite3.IntegrityError: the id of the article or of a passage is stored already.
        """
        row, facts = self.articles, filter_fields_of(article)
        revision = revision_of(article, file=file)
        metadata = article.model_dump_json(exclude={"text"})
        self.articles += 1
        values = (
            row,
            article.id,
            file,
            article.version,
            article.text,
            metadata,
            *astuple(facts),
            revision.item,
            revision.url,
            revision.moment,
            revision.sequence,
            checksum(row, article.text, metadata),
        )
        places = [(p.id, row, str(p.role), p.start, p.end, p.context) for p in passages]
        rows = [(*place, checksum(*place)) for place in places]
        marks = ", ".join("?" * len(values))
        self._connection.execute(f"INSERT INTO articles VALUES ({marks})", values)  # noqa: S608
        self._connection.executemany("INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        if since is not None:
            self._connection.execute("INSERT INTO arrivals VALUES (?, ?)", (row, since))
        self._given.update(_bytes((*values, since), rows))
        return row

    def close(self) -> None:
        """Commit, wait until the device has the data, and read it back.

        Raises:
            sqlite3.Error, OSError: the device failed, or did not return what was written.
        """
        self._connection.commit()
        self._connection.close()
        drop_cached_pages(self._path)
        if _read_back(self._path) != self._given.hexdigest():
            raise write_mismatch(self._path)

    def abandon(self) -> None:
        """Stop writing, so that the folder can be removed; no effect once closed."""
        self._connection.close()


def _read_back(path: Path) -> str | None:
    """The SHA-256 of all rows in the form of `_bytes`; None if SQLite finds damage."""
    found = hashlib.sha256()
    with closing(read_only(path)) as connection:
        if connection.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
            return None
        for values in connection.execute(_EVERY_ARTICLE):
            places = connection.execute("SELECT * FROM passages WHERE article = ?", values[:1])
            found.update(_bytes(values, places))
    return found.hexdigest()


def _bytes(article: tuple[object, ...], passages: Iterable[tuple[object, ...]]) -> bytes:
    """The rows of an article and its passages, whatever the order of the passages."""
    return repr([article, *sorted(passages)]).encode()
