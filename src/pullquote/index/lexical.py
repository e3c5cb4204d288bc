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

from pullquote.index.postings import Counts, Field, Rows
from pullquote.index.segment import Mask, Segment

HEADLINE_WEIGHT = 0.5
"""What a term in the headline counts beside one in the text; `pullquote evaluate` shows the
recall of others."""

K1, B = 1.2, 0.75
"""How soon repetition stops counting, and how much a long passage is held to its length. Source:
Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009; the usual values."""

Floats = npt.NDArray[np.float64]

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
        means = (lengths / max(self._passages, 1)).clip(min=1)
        self._norms = [_norms(segment.postings.lengths, means) for segment in segments]

    def search(
        self, terms: Sequence[str], *, k: int, allowed: Sequence[Mask | None]
    ) -> dict[int, float]:
        """The BM25 score of the `k` best passages that hold a term, by number, best first.

        `allowed` says for each segment which of its rows may be found; None allows all. Equal
        scores stand in order of their numbers.
        """
        keys = [(field, term) for term in terms for field in Field]
        listed = [[segment.postings.listed(*key) for key in keys] for segment in self._segments]
        holding = [
            [_alive(segment, one.rows) for one in found]
            for segment, found in zip(self._segments, listed, strict=True)
        ]
        weights = [
            _WEIGHTS[field] * _idf(sum(counts), self._passages)
            for (field, _), *counts in zip(keys, *holding, strict=True)
        ]
        found: list[tuple[float, int]] = []
        for segment, norms, lists, mask in zip(
            self._segments, self._norms, listed, allowed, strict=True
        ):
            scores = np.zeros(len(segment.numbers), dtype=np.float64)
            for (field, _), weight, one in zip(keys, weights, lists, strict=True):
                scores[one.rows] += weight * _saturated(one.counts, norms[field][one.rows])
            if mask is not None:
                scores[~mask] = 0.0
            best = _best(scores, segment.numbers, k)
            found += zip((-scores[best]).tolist(), segment.numbers[best].tolist(), strict=True)
        return {number: -score for score, number in sorted(found)[:k]}

    def rarity(self, terms: Sequence[str]) -> dict[str, float]:
        """BM25's inverse document frequency of each term: near 0 for a word of every passage."""
        return {term: _idf(self._frequency(term), self._passages) for term in terms}

    def _frequency(self, term: str) -> int:
        """How many passages hold a term in their text."""
        return sum(
            segment.postings.count(Field.TEXT, term)
            if segment.alive is None
            else _alive(segment, segment.postings.listed(Field.TEXT, term).rows)
            for segment in self._segments
        )


def _alive(segment: Segment, rows: Rows) -> int:
    """How many of some rows are alive."""
    return len(rows) if segment.alive is None else int(segment.alive[rows].sum())


def _norms(lengths: npt.NDArray[np.int32], means: Floats) -> list[Floats]:
    """By field, what each passage's length adds to a count before it is divided by."""
    return [K1 * (1 - B + B * (lengths[field] / means[field])) for field in Field]


def _saturated(counts: Counts, norms: Floats) -> Floats:
    """What repetition is worth in passages of those norms: up to K1 + 1."""
    repeated = counts.astype(np.float64)
    return repeated * (K1 + 1) / (repeated + norms)


def _best(scores: Floats, numbers: npt.NDArray[np.int64], k: int) -> npt.NDArray[np.int64]:
    """The rows of the `k` highest scores over 0; of equal ones those of the first numbers."""
    found = np.flatnonzero(scores)
    if len(found) > k:
        least = np.partition(scores[found], len(found) - k)[len(found) - k]
        over = found[scores[found] > least]
        level = found[scores[found] == least]
        level = level[np.argsort(numbers[level])][: k - len(over)]
        found = np.concatenate([over, level])
    return found


def _idf(with_term: int, passages: int) -> float:
    """Source: Robertson and Zaragoza, 2009, section 3, kept over 0 by the 1."""
    return math.log1p((passages - with_term + 0.5) / (with_term + 0.5))
