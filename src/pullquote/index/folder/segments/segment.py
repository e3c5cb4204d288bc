"""A segment: some articles of a generation with their passages, vectors and postings.

segments/NAME/
  articles.db     the articles and the offsets of their passages
  passages.bin    for each passage: its id, its article (the row in articles.db), its role, and the
                  CRC of its vector
  vectors.f32     the vector of each passage, in the order of passages.bin
  codes.faiss     the quantised vectors, if there are many
  signatures.bin  the signature of each article and its CRC, in the order of articles.db
  postings/       the postings of the passages, in the order of passages.bin

A segment is written once. Articles that are deleted later are listed in the gone/ folder of the
generation that deletes them.
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pullquote.base.atomic_io import NewFile, write_synced
from pullquote.base.plurals import counted
from pullquote.index.catalog.catalog_rows import entry_row
from pullquote.index.duplicates.signatures import SIGNATURE, Signatures, signature_of
from pullquote.index.encoder import Vectors
from pullquote.index.folder.segments.arrays import Mask, Rows, StoredArray, read_array
from pullquote.index.folder.segments.columns import ROLES, Columns
from pullquote.index.folder.segments.postings import Postings, PostingsWriter
from pullquote.index.folder.segments.store import NAME, Store, StoreWriter
from pullquote.index.sqlite import SQLITE_FAILURES, read_only
from pullquote.schema import Article, Filters, Passage
from pullquote.schema.errors import IndexDamaged
from pullquote.schema.setting_types import DenseType

if TYPE_CHECKING:
    from pullquote.index.folder.segments.codes import Codes, Flat


PASSAGES, VECTORS, CODES = "passages.bin", "vectors.f32", "codes.faiss"
SIGNATURES = "signatures.bin"

PASSAGE = np.dtype([("number", "<i8"), ("article", "<i4"), ("crc", "<u4"), ("role", "i1")])
SIGNED = np.dtype([("signature", SIGNATURE), ("crc", "<u4")])

_SHARED = (
    *("_passages", "_in_order", "_crcs", "passage_ids", "articles", "roles", "columns"),
    *("vectors", "search", "postings", "_signed"),
)
"""The attributes that do not depend on deletions."""


class Segment:
    """Reads a segment, without its deleted articles. The caller has checked the digests.

    `deleted` lists the rows of the deleted articles in articles.db. The arrays still contain rows
    for the passages of deleted articles. Files that were already read for `known`, a segment of
    another generation, are not read again.
    """

    def __init__(
        self,
        folder: Path,
        deleted: npt.NDArray[np.int32],
        *,
        dimension: int,
        known: Segment | None = None,
    ) -> None:
        if known is not None:
            self.__dict__.update({n: p for n, p in known.__dict__.items() if n in _SHARED})
        self.folder = folder
        self.deleted = deleted
        self.dimension = dimension
        self.store = Store(folder, deleted=deleted.tolist())

    def load(self) -> None:
        """Read all arrays now; otherwise each is read when it is first needed.

        Raises:
            IndexDamaged: the arrays do not belong together.
        """
        for part in (self.vectors, self.postings, self._in_order, self._crcs):
            if len(part) != len(self._passages):
                expected = counted(len(self._passages), "passage")
                raise IndexDamaged(self.folder, expected=expected, found=f"{len(part)}")
        if (found := len(self._signed)) != (articles := len(self.store) + len(self.deleted)):
            raise IndexDamaged(self.folder, expected=f"{articles} signatures", found=f"{found}")

    def close(self) -> None:
        """Close the files."""
        self.store.close()
        for part in ("vectors", "postings", "_signed"):
            if part in self.__dict__:  # only parts that were read are open
                getattr(self, part).close()

    @cached_property
    def _passages(self) -> npt.NDArray[np.void]:
        return read_array(self.folder / PASSAGES, PASSAGE)

    @cached_property
    def vectors(self) -> StoredArray:
        """Unit vectors, float32 (passages, dimension)."""
        return StoredArray(self.folder / VECTORS, "<f4", width=self.dimension)

    def vectors_of(self, rows: Rows) -> Vectors:
        """The vectors of some rows.

        Raises:
            IndexDamaged: a vector is not as it was written; the file changed after it was opened.
        """
        found: Vectors = self.vectors.take(rows)
        for vector, crc in zip(found, self._crcs[rows].tolist(), strict=True):
            if (other := zlib.crc32(vector.data)) != crc:
                path, expected = self.folder / VECTORS, f"a vector with CRC {crc}"
                raise IndexDamaged(path, expected=expected, found=f"{other}")
        return found

    @cached_property
    def _signed(self) -> StoredArray:
        return StoredArray(self.folder / SIGNATURES, SIGNED)

    def signatures(self) -> Signatures:
        """The signature of each article, by its row; an empty one for deleted articles.

        Raises:
            IndexDamaged: a signature is not as it was written.
        """
        signed = self._signed.read()
        content, size = signed.view(np.uint8).data, SIGNATURE.itemsize
        for row, crc in enumerate(signed["crc"].tolist()):
            start = row * SIGNED.itemsize
            if (other := zlib.crc32(content[start : start + size])) != crc:
                path, expected = self.folder / SIGNATURES, f"a signature with CRC {crc}"
                raise IndexDamaged(path, expected=expected, found=f"{other}")
        found: Signatures = signed["signature"]
        found[self.deleted] = np.zeros((), SIGNATURE)
        return found

    @cached_property
    def search(self) -> Codes | Flat:
        """The search for the nearest vectors."""
        from pullquote.index.folder.segments.codes import Codes, Flat  # noqa: PLC0415 - loads FAISS

        path = self.folder / CODES
        return Codes(path) if path.exists() else Flat(self.vectors, self.dimension)

    @cached_property
    def postings(self) -> Postings:
        """The terms of the passages."""
        return Postings(self.folder)

    @cached_property
    def passage_ids(self) -> npt.NDArray[np.int64]:
        """The passage id of each row."""
        return np.ascontiguousarray(self._passages["number"])

    @cached_property
    def articles(self) -> npt.NDArray[np.int32]:
        """The article of each row, as its row in articles.db."""
        return np.ascontiguousarray(self._passages["article"])

    @cached_property
    def _crcs(self) -> npt.NDArray[np.uint32]:
        return np.ascontiguousarray(self._passages["crc"])

    @cached_property
    def roles(self) -> npt.NDArray[np.int8]:
        """The role of each row, as its index in `ROLES`."""
        return np.ascontiguousarray(self._passages["role"])

    @cached_property
    def columns(self) -> Columns:
        """The fields of each row that filters use."""
        return Columns(self.store.filter_fields(), self.articles, self.roles)

    def allowed(
        self, filters: Filters, *, at: int, superseded: npt.NDArray[np.int32]
    ) -> Mask | None:
        """The live passages that the filters allow; see `Columns.allowed`."""
        chosen = self.store.rows(filters.articles) if filters.articles else None
        return self.columns.allowed(filters, self.live, at=at, superseded=superseded, chosen=chosen)

    @cached_property
    def live(self) -> Mask | None:
        """A mask of the rows of live articles; None if all are live."""
        return ~np.isin(self.articles, self.deleted) if len(self.deleted) else None

    @cached_property
    def _in_order(self) -> npt.NDArray[np.int64]:
        """The rows in order of their passage ids."""
        return np.argsort(self.passage_ids)

    def __len__(self) -> int:
        """The number of live passages."""
        return len(self._passages) if self.live is None else int(self.live.sum())

    def live_passage_ids(self) -> list[int]:
        """The ids of the live passages."""
        found: list[int] = self.passage_ids[... if self.live is None else self.live].tolist()
        return found

    def rows(self, passage_ids: Sequence[int]) -> npt.NDArray[np.int64]:
        """The rows of passages of this segment."""
        return self._in_order[np.searchsorted(self.passage_ids, passage_ids, sorter=self._in_order)]

    def holds(self, passage_id: int) -> bool:
        """Whether a live passage is in this segment."""
        place = int(np.searchsorted(self.passage_ids, passage_id, sorter=self._in_order))
        if (
            place == len(self._in_order)
            or self.passage_ids[row := self._in_order[place]] != passage_id
        ):
            return False
        return self.live is None or bool(self.live[row])


MANY = 50_000
"""If the settings do not choose the type, a segment with at least this many vectors is quantised.
An exact search of this many takes about 8 ms, and the time grows in proportion."""


def quantised(dense: DenseType, vectors: int) -> bool:
    """Whether a segment with that many vectors is searched by codes."""
    return bool(vectors) and (dense == "rabitq" or (dense == "auto" and vectors >= MANY))


class SegmentWriter:
    """Collects articles and writes a segment once."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        self._store = StoreWriter(folder)
        self._postings = PostingsWriter()
        self._passage_ids, self._articles = array("q"), array("i")
        self._crcs, self._roles = array("I"), array("b")
        self._vectors = NewFile(folder / VECTORS)
        self._signatures = NewFile(folder / SIGNATURES)

    def __len__(self) -> int:
        return len(self._passage_ids)

    @property
    def articles(self) -> int:
        """The number of articles."""
        return self._store.articles

    def add(
        self,
        article: Article,
        passages: Sequence[Passage],
        vectors: Vectors,
        *,
        file: str,
        since: int | None = None,
        signature: Signatures | None = None,
    ) -> None:
        """Add an article; its signature is computed unless it is given. See `Writer.add`.

        `since` is when its text came into the index, in microseconds since 1970, if known.
        """
        row = self._store.add(article, passages, file=file, since=since)
        signed = (signature_of(article) if signature is None else signature).tobytes()
        self._signatures.write(signed + zlib.crc32(signed).to_bytes(4, "little"))
        vectors = np.ascontiguousarray(vectors, dtype="<f4")
        for passage, vector in zip(passages, vectors, strict=True):
            self._passage_ids.append(passage.id)
            self._articles.append(row)
            self._crcs.append(zlib.crc32(vector.data))
            self._roles.append(ROLES.index(passage.role))
            self._postings.add(text=passage.text, context=passage.context)
        self._vectors.write(vectors.data)

    def finish(self, *, dimension: int, dense: DenseType) -> None:
        """Write the files and wait until the device has them."""
        self._store.close()
        self._vectors.close()
        self._signatures.close()
        passages = np.empty(len(self), dtype=PASSAGE)
        passages["number"], passages["article"] = self._passage_ids, self._articles
        passages["crc"], passages["role"] = self._crcs, self._roles
        write_synced(self._folder / PASSAGES, passages.tobytes())
        if quantised(dense, len(self)):
            from pullquote.index.folder.segments.codes import write_codes  # noqa: PLC0415 - loads FAISS

            path = self._folder / VECTORS
            with closing(StoredArray(path, "<f4", width=dimension)) as vectors:
                write_codes(self._folder / CODES, vectors, dimension=dimension)
        self._postings.write(self._folder)

    def abandon(self) -> None:
        """Stop writing, so that the folder can be removed; no effect once finished."""
        self._store.abandon()
        self._vectors.abandon()
        self._signatures.abandon()


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
