"""BM25 search over postings, with filters.

We write our own postings, since no search library suits an index that is updated for years. A
library's statistics include deleted passages until it merges its files. Ours are always the same as
those of an index built from nothing. Our files never change, and all filters take the same time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pullquote.index.bm25 import HEADLINE_WEIGHT, K1, MOST_COUNTED, B, idf
from pullquote.index.folder.segments.arrays import Mask, Rows
from pullquote.index.folder.segments.postings import DistinctLengths, PostingList, TermField
from pullquote.index.folder.segments.segment import Segment

_ROUNDING = 1e-9
"""Adding the same numbers in a different order changes the sum by less than this share."""

_LONG = 10_000
"""A term with more postings than this is worth skipping."""

_ENOUGH = 20_000
"""How many passages with rare terms are collected. Nearly all of the best are among them."""

_SURE = 4
"""How many passages are scored in full for each one wanted, to find a lower bound for the scores of
the best."""

Floats = npt.NDArray[np.float64]
Places = slice | npt.NDArray[np.int64]

_WEIGHTS = {TermField.TEXT: 1.0, TermField.CONTEXT: HEADLINE_WEIGHT}


class LexicalIndex:
    """Searches the postings of some segments. Its statistics count only live passages."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = segments
        self._passages = sum(map(len, segments))
        lengths = np.zeros(len(TermField), dtype=np.int64)
        for segment in segments:
            live = slice(None) if segment.live is None else segment.live
            lengths += segment.postings.lengths[:, live].sum(axis=1, dtype=np.int64)
        means = (lengths / max(self._passages, 1)).clip(min=1)
        self._gains = [
            [
                _gains(lengths, mean)
                for lengths, mean in zip(one.postings.distinct_lengths, means, strict=True)
            ]
            for one in segments
        ]

    def search(
        self, terms: Sequence[str], *, k: int, allowed: Sequence[Mask | None]
    ) -> dict[int, float]:
        """The BM25 score of the `k` best passages, by passage id, best first. Ids decide ties.

        `allowed` contains, for each segment, a mask of the rows that may be found. None allows all
        rows.
        """
        keys = [(field, term) for term in terms for field in TermField]
        postings = [
            [segment.postings.posting_list(*key) for key in keys] for segment in self._segments
        ]
        live_counts = [
            [_count_live(segment, one.rows) for one in found]
            for segment, found in zip(self._segments, postings, strict=True)
        ]
        weights = [
            _WEIGHTS[field] * idf(sum(counts), self._passages)
            for (field, _), *counts in zip(keys, *live_counts, strict=True)
        ]
        rarest = sorted(range(len(keys)), key=lambda at: -weights[at])
        found: list[tuple[float, int]] = []
        for segment, gains, lists, mask in zip(
            self._segments, self._gains, postings, allowed, strict=True
        ):
            weighted = [_WeightedTerm(weights[at], gains[keys[at][0]], lists[at]) for at in rarest]
            rows, scores = _score(weighted, len(segment.passage_ids), k=k, allowed=mask)
            best = _best(scores, segment.passage_ids[rows], k)
            passage_ids = segment.passage_ids[rows[best]].tolist()
            found += zip((-scores[best]).tolist(), passage_ids, strict=True)
        return {passage_id: -score for score, passage_id in sorted(found)[:k]}

    def rarity(self, terms: Sequence[str]) -> dict[str, float]:
        """BM25's inverse document frequency of each term: near 0 for a word in every passage."""
        return {term: idf(self._frequency(term), self._passages) for term in terms}

    def unknown_terms(self, terms: Sequence[str]) -> list[str]:
        """The terms that occur in no passage and no headline of one."""
        return [
            term
            for term in terms
            if not any(
                _count_live(segment, segment.postings.posting_list(field, term).rows)
                for segment in self._segments
                for field in TermField
            )
        ]

    @cached_property
    def letter_terms(self) -> list[str]:
        """The distinct terms that consist of letters."""
        if len(self._segments) == 1:  # share the list, which another generation may have too
            return self._segments[0].postings.letter_terms
        return list({term for one in self._segments for term in one.postings.letter_terms})

    def _frequency(self, term: str) -> int:
        """The number of passages with a term in their text."""
        return sum(
            segment.postings.count(TermField.TEXT, term)
            if segment.live is None
            else _count_live(segment, segment.postings.posting_list(TermField.TEXT, term).rows)
            for segment in self._segments
        )


def _count_live(segment: Segment, rows: Rows) -> int:
    """How many of the given rows are live."""
    return len(rows) if segment.live is None else int(segment.live[rows].sum())


@dataclass(frozen=True, slots=True)
class _Gains:
    """The gain from the occurrences of a term in each passage: K1 + 1 at most.

    Few different lengths and counts occur, so the gain for each pair of them is computed only once.
    `table` has a row for each length, with the gain for every count. `starts` says where the row
    for each passage begins.
    """

    table: Floats
    starts: npt.NDArray[np.int32]
    most: Floats

    def of(self, postings: PostingList, places: Places) -> Floats:
        """The gains of passages, by their positions in a posting list."""
        found: Floats = self.table.take(
            self.starts.take(postings.rows[places]) + postings.counts[places]
        )
        return found


def _gains(lengths: DistinctLengths, mean: float) -> _Gains:
    """The gains for a mean length of passages."""
    counts = np.arange(MOST_COUNTED + 1, dtype=np.float64)
    norms = K1 * (1 - B + B * (lengths.values / mean))
    table = counts * (K1 + 1) / (counts + norms[:, None])
    most = table.max(axis=0, initial=0.0)
    return _Gains(table.ravel(), lengths.codes * np.int32(len(counts)), most)


@dataclass(frozen=True, slots=True)
class _WeightedTerm:
    """The postings of a term in a segment, with its weight."""

    weight: float
    gains: _Gains
    postings: PostingList

    @property
    def most(self) -> float:
        """An upper bound for what the term adds to a score."""
        return self.weight * float(self.gains.most[self.postings.counts.max(initial=0)])

    def scores(self, places: Places) -> Floats:
        """What the term adds to the scores of passages, by their positions in the posting list."""
        return self.weight * self.gains.of(self.postings, places)

    def added(self, rows: Rows) -> Floats:
        """What the term adds to the score of each row: 0 where it does not occur."""
        found = np.zeros(len(rows), dtype=np.float64)
        if len(self.postings.rows):
            places = np.searchsorted(self.postings.rows, rows)
            places[places == len(self.postings.rows)] = 0
            holds = self.postings.rows[places] == rows
            found[holds] = self.scores(places[holds])
        return found


class _RowScores(NamedTuple):
    """Rows of passages, each once, and their scores."""

    rows: Rows
    scores: Floats


def _score(
    terms: Sequence[_WeightedTerm], passages: int, *, k: int, allowed: Mask | None
) -> _RowScores:
    """The scores of passages, including the `k` best. `terms` are in order, the rarest first.

    At some point, a passage that has only the remaining terms can no longer be one of the best.
    From then on, these terms are looked up only for passages that can still be among the best.
    Words that are in every second passage decide little, and their lists are long.

    Source: Turtle and Flood, Query evaluation: strategies and optimizations, 1995.
    """
    scores = np.zeros(passages, dtype=np.float64)
    rare = np.empty(0, dtype=np.int32)
    for at, one in enumerate(terms):
        rows = one.postings.rows
        if len(rows) > _LONG and len(rare) >= k:
            left = sum(other.most for other in terms[at:]) * (1 + _ROUNDING)
            least = _least(scores, rare, terms[at:], k)
            if left < least:
                return _looked_up(scores, terms[at:], left=left, least=least)
        fits = slice(None) if allowed is None else np.flatnonzero(allowed[rows])
        rows = rows[fits]
        if len(rare) < _ENOUGH:
            rare = np.concatenate([rare, rows[scores[rows] == 0.0]])[:_ENOUGH]
        scores[rows] += one.scores(fits)
    found = np.flatnonzero(scores)
    return _RowScores(found, scores[found])


def _least(scores: Floats, rare: Rows, left: Sequence[_WeightedTerm], k: int) -> float:
    """A lower bound for the score of the `k`th best passage, from passages with rare terms."""
    so_far = scores[rare]
    some = min(_SURE * k, len(rare))
    best = rare[np.argpartition(so_far, len(rare) - some)[len(rare) - some :]]
    whole = scores[best]
    for other in left:
        whole += other.added(best)
    return _kth(whole, k)


def _looked_up(
    scores: Floats, terms: Sequence[_WeightedTerm], *, left: float, least: float
) -> _RowScores:
    """Add the scores of the last `terms`, only for passages that can still reach `least`.

    `left` is more than those terms can add together.
    """
    found = np.flatnonzero(scores >= least - left)
    for other in terms:
        scores[found] += other.added(found)
        left -= other.most
        found = found[scores[found] >= least - left]
    return _RowScores(found, scores[found])


def _best(scores: Floats, passage_ids: npt.NDArray[np.int64], k: int) -> npt.NDArray[np.int64]:
    """The positions of the `k` highest scores. Among equal scores, lower ids come first."""
    if len(scores) <= k:
        return np.arange(len(scores))
    least = _kth(scores, k)
    over, level = np.flatnonzero(scores > least), np.flatnonzero(scores == least)
    level = level[np.argsort(passage_ids[level])]
    return np.concatenate([over, level])[:k]


def _kth(scores: Floats, k: int) -> float:
    """The `k`th highest of at least `k` scores."""
    return float(np.partition(scores, len(scores) - k)[len(scores) - k])
