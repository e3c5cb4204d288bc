"""One part of a generation: some articles with their passages, vectors and postings.

segments/NAME/
  articles.db    the articles and the places of their passages
  passages.bin   id, article (its row in articles.db) and role of each passage, and the CRC of
                 its vector
  vectors.f32    the vector of each, in the same order
  codes.faiss    the vectors quantised, where they are many
  signatures.bin what tells near-copies of each article, and its CRC, in the order of articles.db
  postings/      in the same order

A segment is written once. What is withdrawn later is named beside it, in the generation's gone/.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pullquote.encoder import Vectors
from pullquote.errors import IndexDamaged
from pullquote.index.duplicates.signatures import SIGNATURE, Signatures
from pullquote.index.folder.segments.arrays import Mask, Rows, StoredArray, read_array
from pullquote.index.folder.segments.columns import Columns
from pullquote.index.folder.segments.postings import Postings
from pullquote.index.folder.segments.store import Store

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
        if (found := len(self._signed)) != (articles := len(self.store) + len(self.gone)):
            raise IndexDamaged(self.folder, expected=f"{articles} signatures", found=f"{found}")

    def close(self) -> None:
        """Let go of the files."""
        self.store.close()
        for part in ("vectors", "postings", "_signed"):
            if part in self.__dict__:  # it was read
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
            IndexDamaged: one is not as it was written; the file was changed after it was opened.
        """
        found: Vectors = self.vectors.take(rows)
        for vector, crc in zip(found, self._crcs[rows].tolist(), strict=True):
            if (other := zlib.crc32(vector.data)) != crc:
                path, expected = self.folder / VECTORS, f"a vector of CRC {crc}"
                raise IndexDamaged(path, expected=expected, found=f"{other}")
        return found

    @cached_property
    def _signed(self) -> StoredArray:
        return StoredArray(self.folder / SIGNATURES, SIGNED)

    def signatures(self) -> Signatures:
        """The signature of each article, by its row; an empty one of those that are gone.

        Raises:
            IndexDamaged: one is not as it was written.
        """
        signed = self._signed.read()
        content, size = signed.view(np.uint8).data, SIGNATURE.itemsize
        for row, crc in enumerate(signed["crc"].tolist()):
            start = row * SIGNED.itemsize
            if (other := zlib.crc32(content[start : start + size])) != crc:
                path, expected = self.folder / SIGNATURES, f"a signature of CRC {crc}"
                raise IndexDamaged(path, expected=expected, found=f"{other}")
        found: Signatures = signed["signature"]
        found[self.gone] = np.zeros((), SIGNATURE)
        return found

    @cached_property
    def search(self) -> Codes | Flat:
        """What finds the vectors nearest to another one."""
        from pullquote.index.folder.segments.codes import Codes, Flat  # noqa: PLC0415 - loads FAISS

        path = self.folder / CODES
        return Codes(path) if path.exists() else Flat(self.vectors, self.dimension)

    @cached_property
    def postings(self) -> Postings:
        """Which terms stand in which passages."""
        return Postings(self.folder)

    @cached_property
    def passage_ids(self) -> npt.NDArray[np.int64]:
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
        """The rows in order of their passage ids."""
        return np.argsort(self.passage_ids)

    def __len__(self) -> int:
        """How many passages are alive."""
        return len(self._passages) if self.alive is None else int(self.alive.sum())

    def live_passage_ids(self) -> list[int]:
        """The passages that are alive."""
        found: list[int] = self.passage_ids[... if self.alive is None else self.alive].tolist()
        return found

    def rows(self, passage_ids: Sequence[int]) -> npt.NDArray[np.int64]:
        """The rows of passages that are in this segment."""
        return self._in_order[np.searchsorted(self.passage_ids, passage_ids, sorter=self._in_order)]

    def holds(self, passage_id: int) -> bool:
        """Whether a passage is in this segment and alive."""
        place = int(np.searchsorted(self.passage_ids, passage_id, sorter=self._in_order))
        if (
            place == len(self._in_order)
            or self.passage_ids[row := self._in_order[place]] != passage_id
        ):
            return False
        return self.alive is None or bool(self.alive[row])
