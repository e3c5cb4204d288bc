"""BM25 search over postings, among the passages that filters leave.

The postings are ours and not a search library's because of what an index that is changed for years
must do: score like one that was built anew (a library's statistics count what was removed until it
merges), lie in files that never change, and search under any filter at the same cost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pullquote.index.bm25 import HEADLINE_WEIGHT, K1, MOST_COUNTED, B, idf
from pullquote.index.folder.segments.arrays import Mask, Rows
from pullquote.index.folder.segments.postings import Distinct, Field, Listed
from pullquote.index.folder.segments.segment import Segment

_ROUNDING = 1e-9
"""Sums of the same numbers in another order differ by less."""

_LONG = 10_000
"""Postings of a term that it is worth to do without."""

_ENOUGH = 20_000
"""Passages with rare terms, among which nearly all of the best are."""

_SURE = 4
"""So many of them, for each passage wanted, are scored in whole to know what the best score."""

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
        self._gains = [
            [
                _gains(lengths, mean)
                for lengths, mean in zip(one.postings.distinct, means, strict=True)
            ]
            for one in segments
        ]

    def search(
        self, terms: Sequence[str], *, k: int, allowed: Sequence[Mask | None]
    ) -> dict[int, float]:
        """The BM25 score of the `k` best passages that hold a term, by passage id, best first.

        `allowed` says for each segment which of its rows may be found; None allows all. Equal
        scores stand in order of their passage ids.
        """
        keys = [(field, term) for term in terms for field in Field]
        listed = [[segment.postings.listed(*key) for key in keys] for segment in self._segments]
        holding = [
            [_alive(segment, one.rows) for one in found]
            for segment, found in zip(self._segments, listed, strict=True)
        ]
        weights = [
            _WEIGHTS[field] * idf(sum(counts), self._passages)
            for (field, _), *counts in zip(keys, *holding, strict=True)
        ]
        rarest = sorted(range(len(keys)), key=lambda at: -weights[at])
        found: list[tuple[float, int]] = []
        for segment, gains, lists, mask in zip(
            self._segments, self._gains, listed, allowed, strict=True
        ):
            held = [_Held(weights[at], gains[keys[at][0]], lists[at]) for at in rarest]
            rows, scores = _scored(held, len(segment.passage_ids), k=k, allowed=mask)
            best = _best(scores, segment.passage_ids[rows], k)
            passage_ids = segment.passage_ids[rows[best]].tolist()
            found += zip((-scores[best]).tolist(), passage_ids, strict=True)
        return {passage_id: -score for score, passage_id in sorted(found)[:k]}

    def rarity(self, terms: Sequence[str]) -> dict[str, float]:
        """BM25's inverse document frequency of each term: near 0 for a word of every passage."""
        return {term: idf(self._frequency(term), self._passages) for term in terms}

    def unknown(self, terms: Sequence[str]) -> list[str]:
        """Those terms that stand in no passage and no headline of one."""
        return [
            term
            for term in terms
            if not any(
                _alive(segment, segment.postings.listed(field, term).rows)
                for segment in self._segments
                for field in Field
            )
        ]

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


@dataclass(frozen=True, slots=True)
class _Gains:
    """What repetition is worth in each passage: K1 + 1 at the most.

    There are few different lengths and counts, so that each pair is computed once: `table` has a
    row of all counts for each length, and `starts` says where that of a passage begins.
    """

    table: Floats
    starts: npt.NDArray[np.int32]
    most: Floats

    def of(self, listed: Listed, places: Places) -> Floats:
        """The gain of passages, by their places in a list."""
        found: Floats = self.table.take(
            self.starts.take(listed.rows[places]) + listed.counts[places]
        )
        return found


def _gains(lengths: Distinct, mean: float) -> _Gains:
    """The gains where passages have that mean length."""
    counts = np.arange(MOST_COUNTED + 1, dtype=np.float64)
    norms = K1 * (1 - B + B * (lengths.values / mean))
    table = counts * (K1 + 1) / (counts + norms[:, None])
    most = table.max(axis=0, initial=0.0)
    return _Gains(table.ravel(), lengths.codes * np.int32(len(counts)), most)


@dataclass(frozen=True, slots=True)
class _Held:
    """The passages of a segment that hold a term, and what it counts there."""

    weight: float
    gains: _Gains
    listed: Listed

    @property
    def most(self) -> float:
        """At least what the term adds to any score."""
        return self.weight * float(self.gains.most[self.listed.counts.max(initial=0)])

    def scores(self, places: Places) -> Floats:
        """What the term adds to the scores of passages, by their places in the list."""
        return self.weight * self.gains.of(self.listed, places)

    def added(self, rows: Rows) -> Floats:
        """What the term adds to the score of each of some rows: 0 where it does not stand."""
        found = np.zeros(len(rows), dtype=np.float64)
        if len(self.listed.rows):
            places = np.searchsorted(self.listed.rows, rows)
            places[places == len(self.listed.rows)] = 0
            holds = self.listed.rows[places] == rows
            found[holds] = self.scores(places[holds])
        return found


class _Scored(NamedTuple):
    """Passages of a segment by their rows, each once, and their scores."""

    rows: Rows
    scores: Floats


def _scored(held: Sequence[_Held], passages: int, *, k: int, allowed: Mask | None) -> _Scored:
    """Scores of passages, the `k` best among them, for terms that come rarest first.

    As soon as the terms that are left could not lift a passage among the best by themselves, they
    are looked up for the others alone: the words of every second passage decide little and fill
    long lists. Source: Turtle and Flood, Query evaluation: strategies and optimizations, 1995.
    """
    scores = np.zeros(passages, dtype=np.float64)
    rare = np.empty(0, dtype=np.int32)
    for at, one in enumerate(held):
        rows = one.listed.rows
        if len(rows) > _LONG and len(rare) >= k:
            left = sum(other.most for other in held[at:]) * (1 + _ROUNDING)
            least = _least(scores, rare, held[at:], k)
            if left < least:
                return _looked_up(scores, held[at:], left=left, least=least)
        fits = slice(None) if allowed is None else np.flatnonzero(allowed[rows])
        rows = rows[fits]
        if len(rare) < _ENOUGH:
            rare = np.concatenate([rare, rows[scores[rows] == 0.0]])[:_ENOUGH]
        scores[rows] += one.scores(fits)
    found = np.flatnonzero(scores)
    return _Scored(found, scores[found])


def _least(scores: Floats, rare: Rows, left: Sequence[_Held], k: int) -> float:
    """What the `k`th best passage scores at least: as much as among the best with rare terms."""
    so_far = scores[rare]
    some = min(_SURE * k, len(rare))
    best = rare[np.argpartition(so_far, len(rare) - some)[len(rare) - some :]]
    whole = scores[best]
    for other in left:
        whole += other.added(best)
    return _kth(whole, k)


def _looked_up(scores: Floats, held: Sequence[_Held], *, left: float, least: float) -> _Scored:
    """Scores with the terms that are `held` still, of the passages that can score `least`.

    `left` is more than all of those terms add.
    """
    found = np.flatnonzero(scores >= least - left)
    for other in held:
        scores[found] += other.added(found)
        left -= other.most
        found = found[scores[found] >= least - left]
    return _Scored(found, scores[found])


def _best(scores: Floats, passage_ids: npt.NDArray[np.int64], k: int) -> npt.NDArray[np.int64]:
    """The places of the `k` highest scores; of equal ones those of the first passage ids."""
    if len(scores) <= k:
        return np.arange(len(scores))
    least = _kth(scores, k)
    over, level = np.flatnonzero(scores > least), np.flatnonzero(scores == least)
    level = level[np.argsort(passage_ids[level])]
    return np.concatenate([over, level])[:k]


def _kth(scores: Floats, k: int) -> float:
    """The `k`th highest of at least so many scores."""
    return float(np.partition(scores, len(scores) - k)[len(scores) - k])
