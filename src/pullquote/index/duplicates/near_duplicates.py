"""Near-copies: articles that several papers printed, edited or cut, from one source.

They stay articles of their own. Which belong together is told from their signatures when it is
first asked for: nothing is read again for the articles that were there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from pullquote.index.duplicates.signatures import NO_FACT, SAID, SIGNATURE, Signatures
from pullquote.index.duplicates.union_find import Joined

if TYPE_CHECKING:
    from pullquote.index.duplicates.revisions import Editions

ROWS = 3
BANDS = SAID // ROWS
"""Two articles are compared where one of 42 bands of 3 numbers is equal: of those that share half
of their words in threes 99.6 % are, of those that share a hundredth one in 24,000."""

NEIGHBOURS = 8
"""In a band that more articles share, each is compared with so many next to it: all of them still
come together if they are copies, and the work stays in proportion to the articles."""

LEAST_ALIKE = 0.25
"""The Jaccard index of two copies: a story cut to a quarter has it, and a round-up that holds it
beside three others of its length has not."""

LEAST_COPIED = 0.7
"""The share of the shorter one's words in threes that the other has too (docs/benchmarks.md)."""

LEAST_FACTS = 0.75
"""The share of its names and figures: in reports of two matches by one pattern they differ."""

_ODD = np.uint64(0x9E3779B97F4A7C15)

Numbers = npt.NDArray[np.int64]


class Signed(Protocol):
    """A part of a generation, such as a segment, whose articles have signatures."""

    def signatures(self) -> Signatures:
        """The signature of each article, by its row."""


class Spot(NamedTuple):
    """Where an article stands: in which segment of a generation, and in which row of it."""

    segment: int
    row: int


class Copies:
    """The articles of a generation that are near-copies of others; `groups` are all of them.

    Raises:
        IndexDamaged: a signature is not as it was written.
    """

    def __init__(self, segments: Sequence[Signed], editions: Editions) -> None:
        signatures = [segment.signatures() for segment in segments]
        starts = np.cumsum([0, *map(len, signatures)])
        together = np.concatenate([np.empty(0, SIGNATURE), *signatures])
        del signatures  # a hundred megabytes of many articles

        def spot(place: int) -> Spot:
            segment = int(np.searchsorted(starts, place, side="right")) - 1
            return Spot(segment, place - int(starts[segment]))

        self.groups = [list(map(spot, group)) for group in groups_of_copies(together)]
        self._of = {spot: group for group in self.groups for spot in group}
        self._sources: Joined[Spot] = Joined()
        for group in self.groups:
            self._sources.join(group)
        for places in editions.groups:
            self._sources.join(Spot(place.segment, place.row) for place in places)

    def of(self, spot: Spot) -> list[Spot]:
        """The other near-copies of an article."""
        return [other for other in self._of.get(spot, ()) if other != spot]

    def sources(self, spots: Iterable[Spot]) -> int:
        """How many independent sources articles are: copies and editions of one count once."""
        return len({self._sources.root(spot) for spot in spots})


def groups_of_copies(signatures: Signatures) -> list[list[int]]:
    """Which of those articles are near-copies of each other, as groups of their places.

    The same whatever order the articles stand in.
    """
    usable = np.flatnonzero(signatures["triples"])
    # Buckets are cut by what stands next to what, which must not depend on where articles stand.
    rows = usable[np.argsort(_keys(signatures["said"][usable].T), kind="stable")]
    left, right = _candidates(signatures["said"][rows])
    left, right = rows[left], rows[right]
    sure = _are_copies(signatures, left, right)
    joined: Joined[int] = Joined()
    for pair in zip(left[sure].tolist(), right[sure].tolist(), strict=True):
        joined.join(pair)
    return sorted(map(sorted, joined.groups()))


def _candidates(said: npt.NDArray[np.uint16]) -> tuple[Numbers, Numbers]:
    """The pairs of rows that have a band in common, each once."""
    count = len(said)
    pairs = [np.empty(0, np.int64)]
    for band in range(BANDS):
        keys = _keys(said[:, ROWS * band : ROWS * (band + 1)].T)
        order = np.flatnonzero(_perhaps_shared(keys))
        order = order[np.argsort(keys[order], kind="stable")]
        keys = keys[order]
        for step in range(1, NEIGHBOURS + 1):
            equal = np.flatnonzero(keys[step:] == keys[:-step])
            pairs.append(order[equal] * count + order[equal + step])
    found = np.unique(np.concatenate(pairs))
    return found // max(1, count), found % max(1, count)


def _keys(columns: npt.NDArray[np.uint16]) -> npt.NDArray[np.uint64]:
    """A number for each column, which is equal where all that stands in it is."""
    keys = np.zeros(columns.shape[1], np.uint64)
    for row in columns:
        keys = (keys ^ row) * _ODD
        keys ^= keys >> np.uint64(29)
    return keys


def _perhaps_shared(keys: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    """Which keys may be there twice: all that are, and few others. Saves sorting all of them."""
    bits = max(4, len(keys).bit_length() + 3)
    places = (keys >> np.uint64(64 - bits)).astype(np.int64)
    return np.bincount(places, minlength=1)[places] > 1


def _are_copies(signatures: Signatures, left: Numbers, right: Numbers) -> npt.NDArray[np.bool_]:
    """Whether the articles of each pair are copies, by what their signatures estimate."""
    found = np.zeros(len(left), np.bool_)
    for start in range(0, len(left), 1 << 16):
        part = slice(start, start + (1 << 16))
        one, other = signatures[left[part]], signatures[right[part]]
        alike = (one["said"] == other["said"]).mean(axis=1)
        found[part] = (
            (alike >= LEAST_ALIKE)
            & (_contained(alike, one["triples"], other["triples"]) >= LEAST_COPIED)
            & (_facts_in_common(one["facts"], other["facts"]) >= LEAST_FACTS)
        )
    return found


def _contained(
    alike: npt.NDArray[np.float64], one: npt.NDArray[np.uint32], other: npt.NDArray[np.uint32]
) -> npt.NDArray[np.float64]:
    """The share of the smaller set that the larger has too, from their Jaccard index and sizes."""
    shared = alike / (1 + alike) * (one.astype(np.float64) + other)
    return shared / np.maximum(1, np.minimum(one, other))


def _facts_in_common(
    one: npt.NDArray[np.uint16], other: npt.NDArray[np.uint16]
) -> npt.NDArray[np.float64]:
    """The share of the facts of that one of two articles which has fewer that the other has too.

    1 where it has none. Where not all are kept, it is the share of those that would be of both.
    """
    known = np.minimum(one[:, -1], other[:, -1])[:, None]
    one, other = (np.where(facts <= known, facts, NO_FACT) for facts in (one, other))
    fewest = np.minimum((one != NO_FACT).sum(axis=1), (other != NO_FACT).sum(axis=1))
    both = np.sort(np.concatenate([one, other], axis=1), axis=1)
    shared = ((both[:, 1:] == both[:, :-1]) & (both[:, 1:] != NO_FACT)).sum(axis=1)
    return np.where(fewest, shared / np.maximum(1, fewest), 1.0)
