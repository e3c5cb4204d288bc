"""One part of a generation: some articles with their passages, vectors and postings.

segments/NAME/
  articles.db    the articles and the places of their passages
  passages.npy   number, article (its row in articles.db) and role of each passage, by number
  vectors.npy    float32 (passages, dimension), in the same order
  postings/      in the same order

A segment is written once. What is withdrawn later is named beside it, in the generation's gone/.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pullquote.durable import write_array
from pullquote.encoder import Vectors
from pullquote.errors import IndexDamaged
from pullquote.index.postings import Postings, PostingsWriter
from pullquote.index.store import Counts, Store, StoreWriter
from pullquote.schema import Article, Passage, Role

PASSAGES, VECTORS = "passages.npy", "vectors.npy"

ROLES = tuple(Role)

_PASSAGE = np.dtype([("number", "<i8"), ("article", "<i4"), ("role", "i1")])

Mask = npt.NDArray[np.bool_]


class SegmentWriter:
    """Gathers articles and writes a segment once; its folder is made with the first."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        self._store = StoreWriter(folder)
        self._postings = PostingsWriter()
        self._numbers, self._articles, self._roles = array("q"), array("i"), array("b")
        self._vectors: list[Vectors] = []

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def counts(self) -> Counts:
        """How many articles and passages it has."""
        return Counts(self._store.articles, len(self))

    def add(
        self, article: Article, passages: Sequence[Passage], vectors: Vectors, *, file: str
    ) -> None:
        """Put an article in with its passages and their vectors, shape (len(passages), dim)."""
        row = self._store.add(article, passages, file=file)
        for passage in passages:
            self._numbers.append(passage.id)
            self._articles.append(row)
            self._roles.append(ROLES.index(passage.role))
            self._postings.add(passage.id, text=passage.text, context=passage.context)
        if len(passages):
            self._vectors.append(vectors)

    def finish(self, *, dimension: int) -> None:
        """Write the files and wait until the device has them."""
        self._store.close()
        order = np.argsort(np.asarray(self._numbers, dtype=np.int64))
        passages = np.empty(len(order), dtype=_PASSAGE)
        passages["number"] = np.asarray(self._numbers, dtype=np.int64)[order]
        passages["article"] = np.asarray(self._articles, dtype=np.int32)[order]
        passages["role"] = np.asarray(self._roles, dtype=np.int8)[order]
        whole = [np.empty((0, dimension), dtype=np.float32), *self._vectors]
        write_array(self._folder / PASSAGES, passages)
        write_array(self._folder / VECTORS, np.concatenate(whole)[order])
        self._postings.write(self._folder)

    def abandon(self) -> None:
        """Stop writing, so that the folder can be removed; without effect once finished."""
        self._store.abandon()


class Segment:
    """Reads a segment whose digests the caller has checked, without the articles that are `gone`.

    `gone` are their rows in articles.db. The arrays have rows for their passages too.
    """

    def __init__(self, folder: Path, gone: npt.NDArray[np.int32]) -> None:
        self.folder = folder
        self.gone = gone
        self.store = Store(folder, gone=gone.tolist())

    def load(self) -> None:
        """Read all arrays now, which are else read when they are first needed.

        Raises:
            IndexDamaged: they are not those of one segment.
        """
        for part in (self.vectors, self.postings):
            if len(part) != len(self._passages):
                expected = f"{len(self._passages)} passages"
                raise IndexDamaged(self.folder, expected=expected, found=f"{len(part)}")

    @cached_property
    def _passages(self) -> npt.NDArray[np.void]:
        found: npt.NDArray[np.void] = _load(self.folder / PASSAGES)
        return found

    @cached_property
    def vectors(self) -> Vectors:
        """Unit vectors, float32 (passages, dimension)."""
        found: Vectors = _load(self.folder / VECTORS)
        return found

    @cached_property
    def postings(self) -> Postings:
        """Which terms stand in which passages."""
        return Postings(self.folder)

    @cached_property
    def numbers(self) -> npt.NDArray[np.int64]:
        """The passage of each row, in order."""
        return np.ascontiguousarray(self._passages["number"])

    @cached_property
    def articles(self) -> npt.NDArray[np.int32]:
        """The article of each row, as its row in articles.db."""
        return np.ascontiguousarray(self._passages["article"])

    @cached_property
    def roles(self) -> npt.NDArray[np.int8]:
        """The role of each row, as its place in `ROLES`."""
        return np.ascontiguousarray(self._passages["role"])

    @cached_property
    def alive(self) -> Mask | None:
        """Which rows are of articles that are not gone; None where all are."""
        return ~np.isin(self.articles, self.gone) if len(self.gone) else None

    def __len__(self) -> int:
        """How many passages are alive."""
        return self.store.counts().passages

    def alive_numbers(self) -> list[int]:
        """The passages that are alive."""
        found: list[int] = self.numbers[... if self.alive is None else self.alive].tolist()
        return found

    def rows(self, numbers: Sequence[int]) -> npt.NDArray[np.int64]:
        """The rows of passages that are in this segment."""
        return np.searchsorted(self.numbers, numbers)

    def holds(self, number: int) -> bool:
        """Whether a passage is in this segment and alive."""
        row = int(np.searchsorted(self.numbers, number))
        if row == len(self.numbers) or self.numbers[row] != number:
            return False
        return self.alive is None or bool(self.alive[row])


def _load(path: Path) -> Any:  # noqa: ANN401 - an array of the type that was written
    try:
        return np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise IndexDamaged(path, expected="an array", found=str(error)) from error
