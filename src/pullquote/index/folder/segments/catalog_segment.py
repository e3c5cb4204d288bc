"""The articles of a segment as rows of the catalog."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pullquote.index.catalog.catalog_rows import entry_row
from pullquote.index.folder.segments.segment import Segment
from pullquote.index.folder.segments.store import NAME
from pullquote.index.sqlite import SQLITE_FAILURES, read_only
from pullquote.schema.errors import IndexDamaged

_READ_AT_ONCE = 1000


_FACTS = ", ".join(
    f"json_extract(facts, '$.{name}')"
    for name in ("title", "authors", "source", "section", "language", "published", "status")
)


_COUNTS = "file, length(text), (SELECT count(*) FROM passages WHERE article = articles.row)"

_READ = (
    f"SELECT row, id, day, released, {_FACTS}, {_COUNTS} FROM articles "  # noqa: S608
    "WHERE row > ? ORDER BY row LIMIT ?"
)


def rows_of(
    digest: str, path: Path, *, deleted: Collection[int], now: int
) -> Iterator[tuple[object, ...]]:
    """The catalog's rows for the live articles in a segment's database.

    Raises:
        IndexDamaged: the database cannot be read.
    """
    at = -1
    try:
        with closing(read_only(path)) as store:
            while rows := store.execute(_READ, (at, _READ_AT_ONCE)).fetchall():
                at = rows[-1][0]
                yield from (entry_row(digest, row, now) for row in rows if row[0] not in deleted)
    except SQLITE_FAILURES as error:
        raise IndexDamaged(path, expected="a sound database", found=str(error)) from error


@dataclass(frozen=True, slots=True)
class FolderCatalogSegment:
    """The articles of a segment; `key` is the SHA-256 of their file."""

    segment: Segment
    key: str

    @property
    def deleted(self) -> frozenset[int]:
        """The rows of the deleted articles."""
        return frozenset(self.segment.deleted.tolist())

    def entries(self, *, now: int) -> Iterator[tuple[object, ...]]:
        """The rows of `index.catalog.catalog` for the live articles.

        Raises the same errors as `rows_of`.
        """
        return rows_of(self.key, self.segment.folder / NAME, deleted=self.deleted, now=now)
