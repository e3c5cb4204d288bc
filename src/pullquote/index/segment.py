"""One part of a generation: some articles with their passages, vectors and postings.

segments/NAME/
  articles.db    the articles and the places of their passages
  passages.bin   number, article (its row in articles.db) and role of each passage, and the CRC of
                 its vector
  vectors.f32    the vector of each, in the same order
  codes.faiss    the vectors quantised, where they are many
  postings/      in the same order

A segment is written once. What is withdrawn later is named beside it, in the generation's gone/.
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Sequence
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pullquote.durable import NewFile, write_synced
from pullquote.encoder import Vectors
from pullquote.errors import IndexDamaged
from pullquote.index.arrays import Mask, Rows, StoredArray, read_array
from pullquote.index.columns import ROLES, Columns
from pullquote.index.postings import Postings, PostingsWriter
from pullquote.index.store import Store
from pullquote.index.store_writer import StoreWriter
from pullquote.schema import Article, Passage
from pullquote.settings import DenseType

if TYPE_CHECKING:
    from pullquote.index.codes import Codes, Flat

PASSAGES, VECTORS, CODES = "passages.bin", "vectors.f32", "codes.faiss"

MANY = 50_000
"""So many vectors of a segment are quantised where the settings leave the type open: searching
them exactly takes some 8 ms, and from there on as much longer as they are more."""

_PASSAGE = np.dtype([("number", "<i8"), ("article", "<i4"), ("crc", "<u4"), ("role", "i1")])


def quantised(dense: DenseType, vectors: int) -> bool:
    """Whether a segment of so many vectors is searched by their codes."""
    return bool(vectors) and (dense == "rabitq" or (dense == "auto" and vectors >= MANY))


class SegmentWriter:
    """Gathers articles and writes a segment once; its folder is made with the first."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        self._store = StoreWriter(folder)
        self._postings = PostingsWriter()
        self._numbers, self._articles = array("q"), array("i")
        self._crcs, self._roles = array("I"), array("b")
        self._vectors = NewFile(folder / VECTORS)

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def articles(self) -> int:
        """How many articles it has."""
        return self._store.articles

    def add(
        self, article: Article, passages: Sequence[Passage], vectors: Vectors, *, file: str
    ) -> None:
        """Put an article in with its passages and their vectors, shape (len(passages), dim)."""
        row = self._store.add(article, passages, file=file)
        vectors = np.ascontiguousarray(vectors, dtype="<f4")
        for passage, vector in zip(passages, vectors, strict=True):
            self._numbers.append(passage.id)
            self._articles.append(row)
            self._crcs.append(zlib.crc32(vector.data))
            self._roles.append(ROLES.index(passage.role))
            self._postings.add(text=passage.text, context=passage.context)
        self._vectors.write(vectors.data)

    def finish(self, *, dimension: int, dense: DenseType) -> None:
        """Write the files and wait until the device has them."""
        self._store.close()
        self._vectors.close()
        passages = np.empty(len(self), dtype=_PASSAGE)
        passages["number"], passages["article"] = self._numbers, self._articles
        passages["crc"], passages["role"] = self._crcs, self._roles
        write_synced(self._folder / PASSAGES, passages.tobytes())
        if quantised(dense, len(self)):
            from pullquote.index.codes import write_codes  # noqa: PLC0415 - loads FAISS

            path = self._folder / VECTORS
            with closing(StoredArray(path, "<f4", width=dimension)) as vectors:
                write_codes(self._folder / CODES, vectors, dimension=dimension)
        self._postings.write(self._folder)

    def abandon(self) -> None:
        """Stop writing, so that the folder can be removed; without effect once finished."""
        self._store.abandon()
        self._vectors.abandon()


_SHARED = (
    *("_passages", "_in_order", "_crcs", "numbers", "articles", "roles", "columns"),
    *("vectors", "search", "postings"),
)
"""The parts that do not depend on what is gone of a segment."""


class Segment:
    """Reads a segment whose digests the caller has checked, without the articles that are `gone`.

    `gone` are their rows in articles.db. The arrays have rows for their passages too. What a
    `known` segment of the same files has read, for another generation, is not read again.
    """

    def __init__(
        self,
        folder: Path,
        gone: npt.NDArray[np.int32],
        *,
        dimension: int,
        known: Segment | None = None,
    ) -> None:
        if known is not None:
            self.__dict__.update({n: p for n, p in known.__dict__.items() if n in _SHARED})
        self.folder = folder
        self.gone = gone
        self.dimension = dimension
        self.store = Store(folder, gone=gone.tolist())

    def load(self) -> None:
        """Read all arrays now, which are else read when they are first needed.

        Raises:
            IndexDamaged: they are not those of one segment.
        """
        for part in (self.vectors, self.postings, self._in_order, self._crcs):
            if len(part) != len(self._passages):
                expected = f"{len(self._passages)} passages"
                raise IndexDamaged(self.folder, expected=expected, found=f"{len(part)}")

    def close(self) -> None:
        """Let go of the files."""
        self.store.close()
        for part in ("vectors", "postings"):
            if part in self.__dict__:  # it was read
                getattr(self, part).close()

    @cached_property
    def _passages(self) -> npt.NDArray[np.void]:
        return read_array(self.folder / PASSAGES, _PASSAGE)

    @cached_property
    def vectors(self) -> StoredArray:
        """Unit vectors, float32 (passages, dimension)."""
        return StoredArray(self.folder / VECTORS, "<f4", width=self.dimension)

    def vectors_of(self, rows: Rows) -> Vectors:
        """The vectors of some rows.

        Raises:
            IndexDamaged: one is not as it was written; the file was changed after it was opened.
        """
        found: Vectors = self.vectors.take(rows)
        for vector, crc in zip(found, self._crcs[rows].tolist(), strict=True):
            if (other := zlib.crc32(vector.data)) != crc:
                path, expected = self.folder / VECTORS, f"a vector of CRC {crc}"
                raise IndexDamaged(path, expected=expected, found=f"{other}")
        return found

    @cached_property
    def search(self) -> Codes | Flat:
        """What finds the vectors nearest to another one."""
        from pullquote.index.codes import Codes, Flat  # noqa: PLC0415 - loads FAISS

        path = self.folder / CODES
        return Codes(path) if path.exists() else Flat(self.vectors, self.dimension)

    @cached_property
    def postings(self) -> Postings:
        """Which terms stand in which passages."""
        return Postings(self.folder)

    @cached_property
    def numbers(self) -> npt.NDArray[np.int64]:
        """The passage of each row."""
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
        """The role of each row, as its place in `ROLES`."""
        return np.ascontiguousarray(self._passages["role"])

    @cached_property
    def columns(self) -> Columns:
        """What filters ask of each row."""
        return Columns(self.store.facts(), self.articles, self.roles)

    @cached_property
    def alive(self) -> Mask | None:
        """Which rows are of articles that are not gone; None where all are."""
        return ~np.isin(self.articles, self.gone) if len(self.gone) else None

    @cached_property
    def _in_order(self) -> npt.NDArray[np.int64]:
        """The rows in order of their numbers."""
        return np.argsort(self.numbers)

    def __len__(self) -> int:
        """How many passages are alive."""
        return len(self._passages) if self.alive is None else int(self.alive.sum())

    def alive_numbers(self) -> list[int]:
        """The passages that are alive."""
        found: list[int] = self.numbers[... if self.alive is None else self.alive].tolist()
        return found

    def rows(self, numbers: Sequence[int]) -> npt.NDArray[np.int64]:
        """The rows of passages that are in this segment."""
        return self._in_order[np.searchsorted(self.numbers, numbers, sorter=self._in_order)]

    def holds(self, number: int) -> bool:
        """Whether a passage is in this segment and alive."""
        place = int(np.searchsorted(self.numbers, number, sorter=self._in_order))
        if place == len(self._in_order) or self.numbers[row := self._in_order[place]] != number:
            return False
        return self.alive is None or bool(self.alive[row])
