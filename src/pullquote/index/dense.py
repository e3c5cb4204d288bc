"""Search by cosine: FAISS finds the nearest passages of each segment, NumPy scores them exactly."""

from __future__ import annotations

from collections.abc import Sequence

import faiss
import numpy as np
import numpy.typing as npt

from pullquote.encoder import Vectors
from pullquote.index.segment import Mask, Segment

BESIDE = 8
"""Further passages that are scored: FAISS's sums may differ in their last bits."""


class DenseIndex:
    """The vectors of some segments."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = segments
        self._searches = [segment.search for segment in segments]

    def search(
        self, vector: Vectors, *, k: int, allowed: Sequence[Mask | None]
    ) -> dict[int, float]:
        """The cosine of the `k` nearest passages, by number, nearest first.

        `vector` has shape (dimension,). `allowed` says for each segment which of its rows may be
        found; None allows all. Equal cosines stand in order of their numbers.
        """
        found: list[tuple[float, int]] = []
        for segment, search, mask in zip(self._segments, self._searches, allowed, strict=True):
            rows = search.nearest(vector, k + BESIDE, _selector(mask))
            rows = np.sort(rows[rows >= 0])  # FAISS fills up with -1; the device reads in order
            cosines = _cosines(segment.vectors_of(rows), vector)
            numbers = segment.numbers[rows].tolist()
            found += zip((-cosines).tolist(), numbers, strict=True)
        return {number: -cosine for cosine, number in sorted(found)[:k]}

    def cosines(self, vector: Vectors, numbers: Sequence[int]) -> list[float]:
        """The cosine of each of those passages with a vector of shape (dimension,)."""
        found: dict[int, float] = {}
        for segment in self._segments:
            here = [number for number in numbers if segment.holds(number)]
            cosines = _cosines(segment.vectors_of(segment.rows(here)), vector)
            found.update(zip(here, cosines.tolist(), strict=True))
        return [found[number] for number in numbers]


def _selector(allowed: Mask | None) -> faiss.IDSelector | None:
    """The rows that FAISS may find; None: all."""
    if allowed is None:
        return None
    return faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))


def _cosines(vectors: Vectors, vector: Vectors) -> npt.NDArray[np.float32]:
    """Dot products, each summed by itself, so that it is the same wherever its row stands."""
    cosines: npt.NDArray[np.float32] = (vectors * vector).sum(axis=1, dtype="f8").astype("f4")
    return cosines
