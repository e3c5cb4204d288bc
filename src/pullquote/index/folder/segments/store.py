"""Articles and the offsets of their passages in SQLite, the primary data of a segment."""

from __future__ import annotations

import json
import sqlite3
import weakref
import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pullquote.index.duplicates.revisions import REVISION_KEY, Revision, revision_of
from pullquote.index.metadata import Facet, FilterFields, PublicationDays, filter_fields_of
from pullquote.index.sqlite import DatabaseWriter, ReadOnlyDatabase
from pullquote.schema import Article, Passage, Role
from pullquote.schema.errors import IndexDamaged

NAME = "articles.db"

CACHED_ARTICLES = 256

FEW_FILES = 1000
"""Up to this many files are looked up one by one; for more, all articles are listed."""

_LIVE_VIEWS = """
CREATE TEMP TABLE deleted (row INTEGER PRIMARY KEY);
CREATE TEMP VIEW live AS SELECT * FROM articles WHERE row NOT IN deleted;
CREATE TEMP VIEW live_passages AS SELECT * FROM passages WHERE article NOT IN deleted;
"""


@dataclass(frozen=True, slots=True)
class StoredText:
    """The row of an article, with what decides whether another text is the same edition.

    `since` is when a rebuild put this text into the index, in microseconds since 1970; None if an
    older version of pullquote did.
    """

    row: int
    version: str
    title: str
    text: str
    since: int | None


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article, its row, its file, and its passages in order of their ids.

    `since` is as in `StoredText`.
    """

    row: int
    article: Article
    file: str
    passages: list[Passage]
    since: int | None


class Store(ReadOnlyDatabase):
    """Reads the live articles of one segment; `deleted` are the rows of the others.

    Everything is checked against its checksum when it is read, since a file may be damaged after
    its digest was checked. Threads may share a store.
    """

    def __init__(self, folder: Path, *, deleted: Sequence[int] = ()) -> None:
        self._deleted = deleted
        super().__init__(folder / NAME)
        # A strong reference in the cache would keep the store alive until garbage collection.
        here = weakref.ref(self)

        @lru_cache(CACHED_ARTICLES)
        def cached(row: int) -> Article:
            store = here()
            if store is None:
                raise ReferenceError("the store is closed")
            return store._load(row)

        self._cached = cached

    def prepare(self) -> None:
        """Make views of the live rows."""
        self.connection.executescript(_LIVE_VIEWS)
        rows = [(row,) for row in self._deleted]
        self.connection.executemany("INSERT INTO deleted VALUES (?)", rows)
        self.connection.commit()

    def article(self, article: str) -> Article | None:
        """The article with this id, or None."""
        row = self.row(article)
        found = None if row is None else self._cached(row)
        if found is not None and found.id != article:
            raise IndexDamaged(self.path, expected=f"article {article!r}", found=repr(found.id))
        return found

    def row(self, article: str) -> int | None:
        """The row of the article with this id, or None."""
        rows = self.query("SELECT row FROM live WHERE id = ?", article)
        return rows[0][0] if rows else None

    def rows(self, articles: Iterable[str]) -> list[int]:
        """The rows of those of the articles that are in this segment."""
        return [row for article in articles if (row := self.row(article)) is not None]

    def articles(self) -> list[str]:
        """The ids of all articles, sorted; read from the table, not from its index of ids."""
        statement = "SELECT id FROM articles NOT INDEXED WHERE row NOT IN deleted ORDER BY id"
        return [r[0] for r in self.query(statement)]

    def all_articles(self) -> Iterator[StoredArticle]:
        """Every article with its file and passages, by row, one in memory at a time."""
        for row in self.all_rows():
            yield self.stored_article(row)

    def all_rows(self) -> list[int]:
        """The rows of all articles."""
        return [row[0] for row in self.query("SELECT row FROM live ORDER BY row")]

    def stored_article(self, row: int) -> StoredArticle:
        """The article in a row, with its file and passages."""
        [(file,)] = self.query("SELECT file FROM articles WHERE row = ?", row)
        found = self._load(row)
        places = self.query("SELECT * FROM passages WHERE article = ? ORDER BY id", row)
        passages = [self._passage(found, place) for place in places]
        return StoredArticle(row, found, file, passages, self.since(row))

    def stored_text(self, article: str) -> StoredText | None:
        """The text of the article with this id, and what goes with it; None if there is none."""
        facts = "row, version, json_extract(facts, '$.title'), text"
        rows = self.query(f"SELECT {facts} FROM live WHERE id = ?", article)  # noqa: S608
        if not rows:
            return None
        row, version, title, text = rows[0]
        return StoredText(row, version, title, text, self.since(row))

    def since(self, row: int) -> int | None:
        """When the text in a row came into the index; see `StoredText`."""
        if not self._has_arrivals:
            return None
        rows = self.query("SELECT since FROM arrivals WHERE article = ?", row)
        return int(rows[0][0]) if rows else None

    def arrivals(self) -> list[int]:
        """The moments at which texts of this segment came into the index."""
        found = self.query("SELECT DISTINCT since FROM arrivals") if self._has_arrivals else ()
        return [int(since) for (since,) in found]

    @cached_property
    def _has_arrivals(self) -> bool:
        """Whether the version of pullquote that wrote the segment noted when articles came in."""
        return bool(self.query("SELECT 1 FROM sqlite_master WHERE name = 'arrivals'"))

    def versions(self) -> dict[str, str]:
        """The SHA-256 of every file with articles, by its path relative to the corpus."""
        return {r[0]: r[1] for r in self.query("SELECT DISTINCT file, version FROM live")}

    def article_versions(self, files: Collection[str] | None = None) -> dict[str, str]:
        """The SHA-256 of the file of each article, by its id; of all files, or of those given."""
        return {id: version for id, _, version in self._articles_in(files)}

    def passages_by_role(self) -> dict[str, int]:
        """The number of passages of each role, largest first."""
        return self._counted("SELECT role, count(*) FROM live_passages GROUP BY role")

    def articles_by(self, facet: Facet) -> dict[str, int]:
        """The number of articles of each source, section and so on, largest first."""
        return self._counted(
            f"SELECT coalesce(min(json_extract(facts, '$.{facet}')), ''), count(*) "  # noqa: S608
            f"FROM live GROUP BY {facet}"
        )

    def days(self) -> PublicationDays:
        """The first and last day of publication, and the number of undated articles."""
        first, last, undated = self.query(
            "SELECT min(day), max(day), count(*) - count(day) FROM live"
        )[0]
        return PublicationDays(
            None if first is None else date.fromordinal(first),
            None if last is None else date.fromordinal(last),
            undated,
        )

    def _counted(self, statement: str) -> dict[str, int]:
        return dict(sorted(self.query(statement), key=lambda row: (-row[1], row[0])))

    def rows_of(self, files: Iterable[str]) -> dict[int, str]:
        """The rows of the articles in those files, each with its file."""
        return {
            row[0]: file
            for file in files
            for row in self.query("SELECT row FROM live WHERE file = ?", file)
        }

    def articles_of(self, files: Collection[str]) -> dict[str, str]:
        """The ids of the articles in those files, each with its file."""
        return {id: file for id, file, _ in self._articles_in(files)}

    def _articles_in(self, files: Collection[str] | None) -> Iterable[tuple[Any, ...]]:
        """The ids, files and versions of the articles in those files, or in all files."""
        select = "SELECT id, file, version FROM live"
        if files is None:
            return self.query(select)
        if len(files) <= FEW_FILES:
            return [row for one in files for row in self.query(f"{select} WHERE file = ?", one)]
        wanted = frozenset(files)
        return [row for row in self.query(select) if row[1] in wanted]

    def filter_fields(self) -> list[FilterFields]:
        """The filtered fields of every article, including deleted ones, in order of rows."""
        facts = "day, source, section, language, kind, released"
        return [FilterFields(*r) for r in self.query(f"SELECT {facts} FROM articles ORDER BY row")]  # noqa: S608

    def revision_keys(self) -> npt.NDArray[np.void]:
        """The row and `Revision.identity` of every article that may have other revisions."""
        rows = self.query("SELECT row, id, item, url, 0, 0, 0 FROM live WHERE item OR url")
        return np.array([(row, *Revision(*facts).identity) for row, *facts in rows], REVISION_KEY)

    def articles_at(self, address: int) -> list[str]:
        """The ids of the articles whose address has this digest."""
        return [row[0] for row in self.query("SELECT id FROM live WHERE url = ?", address)]

    def revision(self, row: int) -> Revision:
        """The revision in a row."""
        facts = "id, item, url, moment, revision, released"
        return Revision(*self.query(f"SELECT {facts} FROM articles WHERE row = ?", row)[0])  # noqa: S608

    def __len__(self) -> int:
        return int(self.query("SELECT count(*) FROM live")[0][0])

    def passage(self, passage_id: int) -> Passage | None:
        """The passage with this id, with its text taken from its article, or None."""
        rows = self.query("SELECT * FROM live_passages WHERE id = ?", passage_id)
        return self._passage(self._cached(rows[0][1]), rows[0]) if rows else None

    def _load(self, row: int) -> Article:
        rows = self.query("SELECT text, facts, crc FROM articles WHERE row = ?", row)
        text, facts, crc = rows[0] if rows else ("", "", None)
        self._check(crc, row, text, facts)
        return Article.model_validate({**json.loads(facts), "text": text})

    def _passage(self, article: Article, row: tuple[Any, ...]) -> Passage:
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
        """Compare values with their checksum."""
        if (found := checksum(*values)) != crc:
            raise IndexDamaged(self.path, expected=f"a row with CRC {crc}", found=str(found))


def checksum(*values: object) -> int:
    """The CRC of a row's values as text, which is stored in the row."""
    return zlib.crc32("\x1f".join(map(str, values)).encode())


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


class StoreWriter(DatabaseWriter):
    """Writes the articles of one segment; nothing can be read before `close`."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / NAME, _SCHEMA, stored_rows=_stored_rows)
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
        connection = self.connection
        connection.execute(f"INSERT INTO articles VALUES ({marks})", values)  # noqa: S608
        connection.executemany("INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        if since is not None:
            connection.execute("INSERT INTO arrivals VALUES (?, ?)", (row, since))
        self.written(_bytes((*values, since), rows))
        return row


def _stored_rows(connection: sqlite3.Connection) -> Iterator[bytes]:
    for values in connection.execute(_EVERY_ARTICLE):
        places = connection.execute("SELECT * FROM passages WHERE article = ?", values[:1])
        yield _bytes(values, places)


def _bytes(article: tuple[object, ...], passages: Iterable[tuple[object, ...]]) -> bytes:
    """The rows of an article and its passages, whatever the order of the passages."""
    return repr([article, *sorted(passages)]).encode()
