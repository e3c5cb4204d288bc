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

from pullquote.index.postings import Field, Listed, Postings

HEADLINE_WEIGHT = 0.5
"""What a term in the headline counts beside one in the text; `pullquote evaluate` shows the
recall of others."""

K1, B = 1.2, 0.75
"""How soon repetition stops counting, and how much a long passage is held to its length. Source:
Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009; the usual values."""

_WEIGHTS = {Field.TEXT: 1.0, Field.CONTEXT: HEADLINE_WEIGHT}

Mask = npt.NDArray[np.bool_]


class LexicalIndex:
    """Searches postings; `numbers` gives the passage of each row, in order."""

    def __init__(self, postings: Postings, numbers: npt.NDArray[np.int64]) -> None:
        self._postings = postings
        self._numbers = numbers
        self._mean_lengths = postings.lengths.mean(axis=1) if len(postings) else np.ones(len(Field))

    def __len__(self) -> int:
        return len(self._postings)

    def search(self, terms: Sequence[str], *, k: int, allowed: Mask | None) -> dict[int, float]:
        """The BM25 score of the `k` best passages that hold a term, by number, best first.

        `allowed`, in the order of `numbers`, says which passages may be found; None allows all.
        Equal scores stand in order of their numbers.
        """
        scores = np.zeros(len(self), dtype=np.float64)
        for term in terms:
            for field in Field:
                listed = self._postings.listed(field, term)
                if len(listed.rows):
                    scores[listed.rows] += self._gains(field, listed)
        if allowed is not None:
            scores[~allowed] = 0.0
        best = _best(scores, k)
        return dict(zip(self._numbers[best].tolist(), scores[best].tolist(), strict=True))

    def rarity(self, terms: Sequence[str]) -> dict[str, float]:
        """BM25's inverse document frequency of each term: near 0 for a word of every passage."""
        return {
            term: _idf(len(self._postings.listed(Field.TEXT, term).rows), len(self))
            for term in terms
        }

    def _gains(self, field: Field, listed: Listed) -> npt.NDArray[np.float64]:
        """What a term adds to the score of each passage that holds it."""
        counts = listed.counts.astype(np.float64)
        relative = self._postings.lengths[field][listed.rows] / self._mean_lengths[field]
        saturated = counts * (K1 + 1) / (counts + K1 * (1 - B + B * relative))
        weight = _WEIGHTS[field] * _idf(len(listed.rows), len(self))
        return weight * saturated  # type: ignore[no-any-return]


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
