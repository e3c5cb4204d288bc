"""Writes articles and the offsets of their passages into SQLite; `store` reads them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple
from pathlib import Path

from pullquote.index.database_writer import DatabaseWriter
from pullquote.index.duplicates.revisions import revision_of
from pullquote.index.folder.segments.store import NAME, checksum
from pullquote.index.metadata import filter_fields_of
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
        self._database = DatabaseWriter(folder / NAME, _SCHEMA, stored_rows=_stored_rows)
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
        connection = self._database.connection
        connection.execute(f"INSERT INTO articles VALUES ({marks})", values)  # noqa: S608
        connection.executemany("INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        if since is not None:
            connection.execute("INSERT INTO arrivals VALUES (?, ?)", (row, since))
        self._database.written(_bytes((*values, since), rows))
        return row

    def close(self) -> None:
        """See `DatabaseWriter.close`."""
        self._database.close()

    def abandon(self) -> None:
        """See `DatabaseWriter.abandon`."""
        self._database.abandon()


def _stored_rows(connection: sqlite3.Connection) -> Iterator[bytes]:
    for values in connection.execute(_EVERY_ARTICLE):
        places = connection.execute("SELECT * FROM passages WHERE article = ?", values[:1])
        yield _bytes(values, places)


def _bytes(article: tuple[object, ...], passages: Iterable[tuple[object, ...]]) -> bytes:
    """The rows of an article and its passages, whatever the order of the passages."""
    return repr([article, *sorted(passages)]).encode()
