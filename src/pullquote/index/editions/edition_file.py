"""A file of earlier editions, which is written once.

editions/NAME.db   a database with one table. Most rows are an earlier edition of an article, as
                   compressed JSON. The others, without an article, are a version that a file no
                   longer has, although it still had articles with the same text afterwards
editions/NAME.i32  the rows that a later generation has dropped

Each row has a checksum, since a file may be damaged after its digest was checked.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import astuple, dataclass, replace
from pathlib import Path

from pullquote.index.sqlite import DatabaseWriter, ReadOnlyDatabase
from pullquote.schema import Article
from pullquote.schema.errors import IndexDamaged


@dataclass(frozen=True, slots=True)
class EarlierEdition:
    """An article as it was in the index, until a rebuild replaced or removed it.

    `since` and `until` are the moments of the rebuilds that put it in and took it out, in
    microseconds since 1970. `since` is None if an older version of pullquote put it in.
    """

    article: Article
    since: int | None
    until: int


FOLDER = "editions"
SUFFIX, DROPPED_SUFFIX = ".db", ".i32"

SCHEMA = """
CREATE TABLE editions (
  row INTEGER PRIMARY KEY, article TEXT, file TEXT NOT NULL, version TEXT NOT NULL,
  since INTEGER, until INTEGER NOT NULL, content BLOB NOT NULL, crc INTEGER NOT NULL
);
CREATE INDEX editions_by_article ON editions (article, until);
CREATE INDEX editions_by_version ON editions (version);
"""

_ALL = "SELECT row, article, file, version, since, until, content, crc FROM editions"


@dataclass(frozen=True, slots=True)
class EditionRow:
    """A row: an edition of `article` in `file`, or a former version of `file` if that is None."""

    row: int
    article: str | None
    file: str
    version: str
    since: int | None
    until: int
    content: bytes

    @classmethod
    def of(cls, edition: EarlierEdition, *, file: str) -> EditionRow:
        """The row of an edition."""
        content = zlib.compress(edition.article.model_dump_json(exclude_defaults=True).encode(), 9)
        id, version = edition.article.id, edition.article.version
        return cls(0, id, file, version, edition.since, edition.until, content)

    @property
    def edition(self) -> EarlierEdition:
        """The edition, uncompressed."""
        article = Article.model_validate_json(zlib.decompress(self.content))
        return EarlierEdition(article, self.since, self.until)

    @property
    def crc(self) -> int:
        """The checksum of everything but the number of the row."""
        facts = (self.article, self.file, self.version, self.since, self.until)
        return zlib.crc32(self.content, zlib.crc32(repr(facts).encode()))


@dataclass(frozen=True, slots=True)
class RowEnd:
    """When a row ended, and what it is about; see `EditionRow`."""

    article: str | None
    file: str
    until: int
    row: int


class EditionFile(ReadOnlyDatabase):
    """Reads the rows of a file that were not dropped. Threads may share it.

    `rows` counts all rows. `bound` is the number of editions of an article that were kept when the
    file was written.
    """

    def __init__(self, path: Path, *, dropped: Collection[int] = ()) -> None:
        self.dropped = frozenset(dropped)
        super().__init__(path)

    def prepare(self) -> None:
        """Read the counts."""
        [(rows,)] = self.connection.execute("SELECT count(*) FROM editions")
        [(bound,)] = self.connection.execute("PRAGMA user_version")
        self.rows, self.bound = int(rows), int(bound)

    def __len__(self) -> int:
        """The number of rows that were not dropped."""
        return self.rows - len(self.dropped)

    def of(self, article: str) -> list[EditionRow]:
        """The editions of an article, the oldest first."""
        return list(self._rows(f"{_ALL} WHERE article = ? ORDER BY until, row", article))

    def of_version(self, version: str) -> list[EditionRow]:
        """The editions whose version begins with these characters."""
        return self._of_version(version, "article IS NOT NULL")

    def former_versions(self, version: str) -> list[EditionRow]:
        """The former versions of files that begin with these characters."""
        return self._of_version(version, "article IS NULL")

    def _of_version(self, version: str, condition: str) -> list[EditionRow]:
        where = f"version >= ? AND version < ? AND {condition}"
        return list(self._rows(f"{_ALL} WHERE {where} ORDER BY row", version, f"{version}~"))

    def all_rows(self) -> Iterator[EditionRow]:
        """Every row in order, one in memory at a time."""
        for row in range(self.rows):
            yield from self._rows(f"{_ALL} WHERE row = ?", row)

    def sound_rows(self) -> Iterator[EditionRow]:
        """Every row that can be read, although the file is damaged."""
        for row in range(self.rows):
            with suppress(IndexDamaged):
                yield from self._rows(f"{_ALL} WHERE row = ?", row)

    def moments(self) -> set[int]:
        """When rows ended, dropped or not."""
        return {int(until) for (until,) in self.query("SELECT DISTINCT until FROM editions")}

    def ended_before(self, moment: int) -> set[int]:
        """The numbers of the rows that ended before a moment, in microseconds since 1970."""
        found = self.query("SELECT row FROM editions WHERE until < ?", moment)
        return {int(row) for (row,) in found} - self.dropped

    def ends(self) -> Iterator[RowEnd]:
        """When each row ended, without reading the texts."""
        for row, article, file, until in self.query(
            "SELECT row, article, file, until FROM editions"
        ):
            if row not in self.dropped:
                yield RowEnd(article, file, until, row)

    def ends_of(self, keys: Collection[tuple[str | None, str]]) -> Iterator[RowEnd]:
        """When the editions of some articles ended, or the former versions of some files.

        A key is an article and its file; if there is no article, it is the file that counts.
        """
        for article, file in keys:
            where = "article = ?" if article is not None else "article IS NULL AND file = ?"
            statement = f"SELECT until, row FROM editions WHERE {where}"  # noqa: S608
            for until, row in self.query(statement, file if article is None else article):
                if row not in self.dropped:
                    yield RowEnd(article, file, until, row)

    def _rows(self, statement: str, *values: object) -> Iterator[EditionRow]:
        for *facts, crc in self.query(statement, *values):
            if facts[0] in self.dropped:
                continue
            row = EditionRow(*facts)
            if row.crc != crc:
                expected = f"a row with CRC {crc}"
                raise IndexDamaged(self.path, expected=expected, found=f"{row.crc}")
            yield row


_PAGE = 8192
"""Bytes of a page. With 4,096, two editions of usual length would leave a third of a page empty."""


class EditionWriter(DatabaseWriter):
    """Writes the rows of one file; nothing can be read before `close`.

    `bound` is the number of editions of an article that are kept.
    """

    def __init__(self, path: Path, *, bound: int) -> None:
        path.parent.mkdir(exist_ok=True)
        schema = f"PRAGMA page_size={_PAGE}; PRAGMA user_version={bound:d}; {SCHEMA}"
        super().__init__(path, schema, stored_rows=_stored_rows)
        self._rows = 0

    def __len__(self) -> int:
        return self._rows

    def add(self, row: EditionRow) -> int:
        """Add a row, and return its number here."""
        number = self._rows
        values = (*astuple(replace(row, row=number)), row.crc)
        insert = "INSERT INTO editions VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        self.connection.execute(insert, values)
        self.written(repr(values).encode())
        self._rows += 1
        return number


def _stored_rows(connection: sqlite3.Connection) -> Iterator[bytes]:
    for values in connection.execute("SELECT * FROM editions ORDER BY row"):
        yield repr(values).encode()
