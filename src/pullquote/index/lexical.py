"""BM25 search over postings, among the passages that filters leave.

The postings are ours and not a search library's because of what an index that is changed for years
must do: score like one that was built anew (a library's statistics count what was removed until it
merges), lie in files that never change, and search under any filter at the same cost.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pullquote.index.postings import Counts, Field
from pullquote.index.segment import Mask, Segment

HEADLINE_WEIGHT = 0.5
"""What a term in the headline counts beside one in the text; `pullquote evaluate` shows the
recall of others."""

K1, B = 1.2, 0.75
"""How soon repetition stops counting, and how much a long passage is held to its length. Source:
Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009; the usual values."""

_WEIGHTS = {Field.TEXT: 1.0, Field.CONTEXT: HEADLINE_WEIGHT}


class LexicalIndex:
    """The postings of some segments. Only passages that are alive count in its statistics."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = segments
        self._passages = sum(map(len, segments))
        lengths = np.zeros(len(Field), dtype=np.int64)
        for segment in segments:
            alive = slice(None) if segment.alive is None else segment.alive
            lengths += segment.postings.lengths[:, alive].sum(axis=1, dtype=np.int64)
        self._mean_lengths = lengths / max(self._passages, 1)

    def search(
        self, terms: Sequence[str], *, k: int, allowed: Sequence[Mask | None]
    ) -> dict[int, float]:
        """The BM25 score of the `k` best passages that hold a term, by number, best first.

        `allowed` says for each segment which of its rows may be found; None allows all. Equal
        scores stand in order of their numbers.
        """
        idfs = {
            (field, term): _idf(self._frequency(field, term), self._passages)
            for term in terms
            for field in Field
        }
        found: list[tuple[float, int]] = []
        for segment, mask in zip(self._segments, allowed, strict=True):
            scores = self._scores(segment, idfs)
            if mask is not None:
                scores[~mask] = 0.0
            best = _best(scores, k)
            numbers = segment.numbers[best].tolist()
            found += zip((-scores[best]).tolist(), numbers, strict=True)
        return {number: -score for score, number in sorted(found)[:k]}

    def rarity(self, terms: Sequence[str]) -> dict[str, float]:
        """BM25's inverse document frequency of each term: near 0 for a word of every passage."""
        return {term: _idf(self._frequency(Field.TEXT, term), self._passages) for term in terms}

    def _frequency(self, field: Field, term: str) -> int:
        """How many passages hold a term."""
        total = 0
        for segment in self._segments:
            rows = segment.postings.listed(field, term).rows
            total += len(rows) if segment.alive is None else int(segment.alive[rows].sum())
        return total

    def _scores(
        self, segment: Segment, idfs: dict[tuple[Field, str], float]
    ) -> npt.NDArray[np.float64]:
        """The score of every passage of a segment."""
        scores = np.zeros(len(segment.numbers), dtype=np.float64)
        for (field, term), idf in idfs.items():
            listed = segment.postings.listed(field, term)
            if len(listed.rows):
                relative = segment.postings.lengths[field][listed.rows] / self._mean_lengths[field]
                gains = _saturated(listed.counts, relative)
                scores[listed.rows] += _WEIGHTS[field] * idf * gains
        return scores


def _saturated(counts: Counts, relative: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """What repetition is worth in passages of those lengths, relative to the mean: up to K1 + 1."""
    repeated = counts.astype(np.float64)
    return repeated * (K1 + 1) / (repeated + K1 * (1 - B + B * relative))


def _best(scores: npt.NDArray[np.float64], k: int) -> npt.NDArray[np.int64]:
    """The rows of the `k` highest scores over 0, highest first; of equal ones the first rows."""
    found = np.flatnonzero(scores)
    if len(found) > k:
        least = np.partition(scores[found], len(found) - k)[len(found) - k]
        over = found[scores[found] > least]
        level = found[scores[found] == least][: k - len(over)]
        found = np.concatenate([over, level])
    return found[np.lexsort((found, -scores[found]))]


def _idf(with_term: int, passages: int) -> float:
    """Source: Robertson and Zaragoza, 2009, section 3, kept over 0 by the 1."""
    return math.log1p((passages - with_term + 0.5) / (with_term + 0.5))
