"""Dense search: FAISS finds the nearest passages of each segment, and NumPy scores them exactly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import faiss
import numpy as np
import numpy.typing as npt

from pullquote.index.encoder import Vectors
from pullquote.index.folder.segments.arrays import Mask
from pullquote.index.folder.segments.segment import Segment

if TYPE_CHECKING:
    from pullquote.index.folder.segments.codes import Codes, Flat

EXTRA_SCORED = 8
"""How many extra passages are scored exactly, since FAISS's sums may differ in the last bits."""


class DenseIndex:
    """Searches the vectors of some segments."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = segments
        self._searches = [segment.search for segment in segments]

    def search(
        self, vector: Vectors, *, k: int, allowed: Sequence[Mask | None]
    ) -> dict[int, float]:
        """The cosine of the `k` nearest passages, by passage id, nearest first. Ids decide ties.

        `vector` has shape (dimension,). `allowed` contains, for each segment, a mask of the rows
        that may be found. None allows all rows.
        """
        found: list[tuple[float, int]] = []
        for segment, search, mask in zip(self._segments, self._searches, allowed, strict=True):
            found += _nearest(segment, search, vector, k, mask)
        return {passage_id: -cosine for cosine, passage_id in sorted(found)[:k]}

    def cosines(self, vector: Vectors, passage_ids: Sequence[int]) -> list[float]:
        """The cosine of each passage with a vector of shape (dimension,)."""
        found: dict[int, float] = {}
        for segment in self._segments:
            here = [passage_id for passage_id in passage_ids if segment.holds(passage_id)]
            cosines = _cosines(segment.vectors_of(segment.rows(here)), vector)
            found.update(zip(here, cosines.tolist(), strict=True))
        return [found[passage_id] for passage_id in passage_ids]


def _nearest(
    segment: Segment, search: Codes | Flat, vector: Vectors, k: int, allowed: Mask | None
) -> list[tuple[float, int]]:
    """At least the `k` nearest passages of a segment, each as (negated cosine, passage id).

    Many passages may have equal cosines, as for a story that a hundred papers printed. FAISS
    returns only some of them, so the search is repeated with a larger limit until none of the best
    can be missing.
    """
    selector, wanted = _selector(allowed), k + EXTRA_SCORED
    while True:
        rows = search.nearest(vector, wanted, selector)
        found = np.sort(rows[rows >= 0])  # FAISS pads with -1; reading in order is faster
        cosines = _cosines(segment.vectors_of(found), vector)
        if len(found) < len(rows) or wanted >= len(segment.passage_ids) or _decided(cosines, k):
            passage_ids: list[int] = segment.passage_ids[found].tolist()
            return list(zip((-cosines).tolist(), passage_ids, strict=True))
        wanted *= 2


def _decided(cosines: npt.NDArray[np.float32], k: int) -> bool:
    """Whether some cosine is lower than the `k`th highest."""
    return len(cosines) > k and bool(cosines.min() < np.partition(cosines, -k)[-k])


def _selector(allowed: Mask | None) -> faiss.IDSelector | None:
    """The rows that FAISS may find; None for all."""
    if allowed is None:
        return None
    return faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))


def _cosines(vectors: Vectors, vector: Vectors) -> npt.NDArray[np.float32]:
    """Dot products, each summed separately, so that no sum depends on the other rows."""
    cosines: npt.NDArray[np.float32] = (vectors * vector).sum(axis=1, dtype="f8").astype("f4")
    return cosines
