"""BM25 search over postings, among the passages that filters leave.

The postings are ours and not a search library's because of what an index that is changed for years
must do: score like one that was built anew (a library's statistics count what was removed until it
merges), lie in files that never change, and search under any filter at the same cost.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pullquote.index.arrays import Mask, Rows
from pullquote.index.postings import Field, Listed
from pullquote.index.segment import Segment

HEADLINE_WEIGHT = 0.5
"""What a term in the headline counts beside one in the text; `pullquote evaluate` shows the
recall of others."""

K1, B = 1.2, 0.75
"""How soon repetition stops counting, and how much a long passage is held to its length. Source:
Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009; the usual values."""

_ROUNDING = 1e-9
"""Sums of the same numbers in another order differ by less."""

_LONG = 10_000
"""Postings of a term that it is worth to do without."""

_ENOUGH = 20_000
"""Passages with rare terms, among which nearly all of the best are."""

Floats = npt.NDArray[np.float64]
Places = slice | npt.NDArray[np.int64]

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
        rarest = sorted(range(len(keys)), key=lambda at: -weights[at])
        found: list[tuple[float, int]] = []
        for segment, norms, lists, mask in zip(
            self._segments, self._norms, listed, allowed, strict=True
        ):
            held = [_Held(weights[at], norms[keys[at][0]], lists[at]) for at in rarest]
            rows, scores = _scored(held, len(segment.numbers), k=k, allowed=mask)
            best = _best(scores, segment.numbers[rows], k)
            numbers = segment.numbers[rows[best]].tolist()
            found += zip((-scores[best]).tolist(), numbers, strict=True)
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


@dataclass(frozen=True, slots=True)
class _Held:
    """The passages of a segment that hold a term, and what it counts there."""

    weight: float
    norms: Floats
    listed: Listed

    @property
    def most(self) -> float:
        """At least what the term adds to any score: that of a passage of no length."""
        count = int(self.listed.counts.max(initial=0))
        return self.weight * count * (K1 + 1) / (count + K1 * (1 - B))

    def gains(self, places: Places) -> Floats:
        """What the term adds to the scores of passages, by their places in the list."""
        counts = self.listed.counts[places].astype(np.float64)
        saturated = counts * (K1 + 1) / (counts + self.norms[self.listed.rows[places]])
        return self.weight * saturated

    def places_of(self, rows: Rows) -> Places:
        """Where those of some rows that hold the term stand in the list."""
        if not len(self.listed.rows):
            return np.empty(0, dtype=np.int64)
        places: npt.NDArray[np.int64] = np.searchsorted(self.listed.rows, rows)
        places[places == len(self.listed.rows)] = 0
        found: Places = places[self.listed.rows[places] == rows]
        return found


class _Scored(NamedTuple):
    """Passages of a segment by their rows, each once, and their scores."""

    rows: Rows
    scores: Floats


def _scored(held: Sequence[_Held], passages: int, *, k: int, allowed: Mask | None) -> _Scored:
    """Scores of passages, the `k` best among them, for terms that come rarest first.

    As soon as the terms that are left could not lift a passage among the best by themselves, they
    are looked up for the others alone: the words of every second passage decide little and fill
    long lists. How good the best are at least, passages with rare terms tell.
    Source: Turtle and Flood, Query evaluation: strategies and optimizations, 1995.
    """
    scores = np.zeros(passages, dtype=np.float64)
    rare = np.empty(0, dtype=np.int32)
    for at, one in enumerate(held):
        rows = one.listed.rows
        if len(rows) > _LONG and len(rare) >= k:
            left = sum(other.most for other in held[at:]) * (1 + _ROUNDING)
            least = _kth(scores[rare], k)
            if left < least:
                found = np.flatnonzero(scores >= least - left)
                for other in held[at:]:
                    places = other.places_of(found)
                    scores[other.listed.rows[places]] += other.gains(places)
                return _Scored(found, scores[found])
        fits = slice(None) if allowed is None else np.flatnonzero(allowed[rows])
        rows = rows[fits]
        if len(rare) < _ENOUGH:
            rare = np.concatenate([rare, rows[scores[rows] == 0.0]])[:_ENOUGH]
        scores[rows] += one.gains(fits)
    found = np.flatnonzero(scores)
    return _Scored(found, scores[found])


def _best(scores: Floats, numbers: npt.NDArray[np.int64], k: int) -> npt.NDArray[np.int64]:
    """The places of the `k` highest scores; of equal ones those of the first numbers."""
    if len(scores) <= k:
        return np.arange(len(scores))
    least = _kth(scores, k)
    over, level = np.flatnonzero(scores > least), np.flatnonzero(scores == least)
    level = level[np.argsort(numbers[level])]
    return np.concatenate([over, level])[:k]


def _kth(scores: Floats, k: int) -> float:
    """The `k`th highest of at least so many scores."""
    return float(np.partition(scores, len(scores) - k)[len(scores) - k])


def _idf(with_term: int, passages: int) -> float:
    """Source: Robertson and Zaragoza, 2009, section 3, kept over 0 by the 1."""
    return math.log1p((passages - with_term + 0.5) / (with_term + 0.5))
