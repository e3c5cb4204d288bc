"""The rule by which two articles are near duplicates, and which articles are compared."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pullquote.index.duplicates.components import sorted_distinct
from pullquote.index.duplicates.signatures import MINHASHES, NO_FACT, Signatures

ROWS = 3
BANDS = MINHASHES // ROWS
"""The MinHash numbers of an article form 42 bands of 3 numbers. Two articles are compared if they
have a band in common. This is so for 99.6 % of the pairs that share half of their trigrams, and for
one in 24,000 of the pairs that share a hundredth of them."""

NEIGHBOURS = 8
"""If more articles than this share a band, they are sorted, and each is compared only with this
many that follow it. Near duplicates still form one group, and the work stays proportional to the
number of articles."""

LEAST_ALIKE = 0.25
"""Minimum Jaccard index of two near duplicates. A story cut to a quarter of its length reaches it.
A round-up of that story and three others of the same length does not."""

LEAST_CONTAINED = 0.7
"""Minimum share of the shorter article's trigrams that the longer one must also contain. See
docs/explanation/benchmarks."""

LEAST_FACTS = 0.75
"""Minimum share of the names and figures of one article that the other must also contain. Reports
that follow one pattern share their words, but not their names and figures."""

_ODD = np.uint64(0x9E3779B97F4A7C15)

Numbers = npt.NDArray[np.int64]


def candidates(minhashes: npt.NDArray[np.uint16]) -> tuple[Numbers, Numbers]:
    """The pairs of rows that have a band in common; no pair is listed twice."""
    count = len(minhashes)
    pairs = [np.empty(0, np.int64)]
    for band in range(BANDS):
        keys = _keys(minhashes[:, ROWS * band : ROWS * (band + 1)].T)
        order = np.flatnonzero(_perhaps_shared(keys))
        order = order[np.argsort(keys[order], kind="stable")]
        keys = keys[order]
        for step in range(1, NEIGHBOURS + 1):
            equal = np.flatnonzero(keys[step:] == keys[:-step])
            pairs.append(order[equal] * count + order[equal + step])
    found = sorted_distinct(np.concatenate(pairs))
    return found // max(1, count), found % max(1, count)


def keys_of(signatures: Signatures, rows: Numbers) -> npt.NDArray[np.uint64]:
    """A hash of the whole signature in each of those rows."""
    parts = (signatures["minhashes"][rows], signatures["facts"][rows])
    sizes = signatures["triples"][rows]
    halves = np.array([sizes & 0xFFFF, sizes >> 16], np.uint16)
    return _keys(np.concatenate([*(part.T for part in parts), halves]))


def _keys(columns: npt.NDArray[np.uint16]) -> npt.NDArray[np.uint64]:
    """A hash of each column; equal columns have equal hashes."""
    keys = np.zeros(columns.shape[1], np.uint64)
    for row in columns:
        keys = (keys ^ row) * _ODD
        keys ^= keys >> np.uint64(29)
    return keys


def _perhaps_shared(keys: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    """Whether each key may occur twice: true for all that do, and for a few others.

    Only these keys need to be sorted.
    """
    bits = max(4, len(keys).bit_length() + 3)
    places = (keys >> np.uint64(64 - bits)).astype(np.int64)
    return np.bincount(places, minlength=1)[places] > 1


def are_near_duplicates(
    signatures: Signatures, left: Numbers, right: Numbers
) -> npt.NDArray[np.bool_]:
    """For each pair, whether the two are near duplicates, estimated from their signatures."""
    found = np.zeros(len(left), np.bool_)
    for start in range(0, len(left), 1 << 16):
        part = slice(start, start + (1 << 16))
        one, other = signatures[left[part]], signatures[right[part]]
        alike = (one["minhashes"] == other["minhashes"]).mean(axis=1)
        found[part] = (
            (alike >= LEAST_ALIKE)
            & (_containment(alike, one["triples"], other["triples"]) >= LEAST_CONTAINED)
            & (_facts_in_common(one["facts"], other["facts"]) >= LEAST_FACTS)
        )
    return found


def _containment(
    alike: npt.NDArray[np.float64], one: npt.NDArray[np.uint32], other: npt.NDArray[np.uint32]
) -> npt.NDArray[np.float64]:
    """The share of the smaller set that is also in the larger, from Jaccard index and sizes."""
    shared = alike / (1 + alike) * (one.astype(np.float64) + other)
    return shared / np.maximum(1, np.minimum(one, other))


def _facts_in_common(
    one: npt.NDArray[np.uint16], other: npt.NDArray[np.uint16]
) -> npt.NDArray[np.float64]:
    """The share of one article's facts that the other article also has; 1 if there are none.

    The facts counted are those of the article that has fewer. If not all facts of an article are
    stored, only facts that would be stored for both articles are compared.
    """
    known = np.minimum(one[:, -1], other[:, -1])[:, None]
    one, other = (np.where(facts <= known, facts, NO_FACT) for facts in (one, other))
    fewest = np.minimum((one != NO_FACT).sum(axis=1), (other != NO_FACT).sum(axis=1))
    both = np.sort(np.concatenate([one, other], axis=1), axis=1)
    shared = ((both[:, 1:] == both[:, :-1]) & (both[:, 1:] != NO_FACT)).sum(axis=1)
    return np.where(fewest, shared / np.maximum(1, fewest), 1.0)
