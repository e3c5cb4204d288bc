"""Near duplicates: articles that several papers printed from one source, edited or cut.

Near duplicates stay separate articles. Their groups are computed from signatures, without reading
any article again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from pullquote.index.duplicates.components import UnionFind, components, is_among, sorted_distinct
from pullquote.index.duplicates.signatures import MINHASHES, NO_FACT, SIGNATURE, Signatures

if TYPE_CHECKING:
    from pullquote.index.duplicates.revisions import Revisions


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


MOST_CHANGES = 64
"""If more signatures than this change, all are compared again, which then takes less time."""

Keys = npt.NDArray[np.uint64]
Minhashes = npt.NDArray[np.uint16]


@dataclass(frozen=True, slots=True, eq=False)
class SimilarPairs:
    """The pairs of near duplicates among some articles.

    `keys` has the key of each node, in ascending order, and `nodes` the node of each article, or -1
    if the article is too short. `left` and `right` are the nodes of each pair; `left` is smaller.
    """

    keys: Keys
    nodes: Numbers
    left: Numbers
    right: Numbers

    def groups(self) -> list[list[int]]:
        """The articles of each group of near duplicates, in order."""
        labels = components(len(self.keys), self.left, self.right)
        usable = np.flatnonzero(self.nodes >= 0)
        groups = labels[self.nodes[usable]]
        order = np.argsort(groups, kind="stable")
        ends = np.flatnonzero(np.diff(groups[order], append=-1)) + 1
        found, start = [], 0
        articles = usable[order].tolist()
        for end in ends.tolist():
            if end - start > 1:
                found.append(articles[start:end])
            start = end
        return sorted(found)


@dataclass(frozen=True, slots=True, eq=False)
class _Nodes:
    """The distinct signatures of some articles: their keys, and an article with each of them."""

    signatures: Signatures
    keys: Keys
    articles: Numbers
    nodes: Numbers

    @property
    def minhashes(self) -> Minhashes:
        """The MinHash numbers of each node."""
        found: Minhashes = self.signatures["minhashes"][self.articles]
        return found

    def are_similar(self, left: Numbers, right: Numbers) -> npt.NDArray[np.bool_]:
        """For each pair of nodes, whether they are near duplicates."""
        return are_near_duplicates(self.signatures, self.articles[left], self.articles[right])


def find_pairs(signatures: Signatures) -> SimilarPairs:
    """The pairs among articles with these signatures."""
    nodes = _distinct(signatures)
    left, right = candidates(nodes.minhashes)
    similar = nodes.are_similar(left, right)
    return SimilarPairs(nodes.keys, nodes.nodes, left[similar], right[similar])


def update_pairs(before: SimilarPairs, old: Signatures, new: Signatures) -> SimilarPairs:
    """The pairs among articles with the signatures `new`, equal to those that are found anew.

    `before` has the pairs among articles with the signatures `old`. Only the pairs that share a
    band with a signature that was added or removed are compared again.
    """
    nodes = _distinct(new)
    removed = (~is_among(before.keys, nodes.keys)).sum()
    added = (~is_among(nodes.keys, before.keys)).sum()
    if removed + added > MOST_CHANGES:
        return find_pairs(new)
    if not removed + added:
        return SimilarPairs(nodes.keys, nodes.nodes, before.left, before.right)
    return _Update(before, old, nodes).pairs()


def _articles_of(nodes: Numbers, wanted: Numbers) -> Numbers:
    """An article of each of the wanted nodes; `nodes` has the node of each article."""
    order = np.argsort(nodes, kind="stable")
    return order[np.searchsorted(nodes[order], wanted)]


def _distinct(signatures: Signatures) -> _Nodes:
    """The nodes of some articles."""
    usable = np.flatnonzero(signatures["triples"])
    keys = keys_of(signatures, usable)
    order = np.argsort(keys, kind="stable")
    first = np.diff(keys[order], prepend=~keys[order[:1]]) != 0
    nodes = np.full(len(signatures), -1, np.int64)
    nodes[usable[order]] = np.cumsum(first) - 1
    return _Nodes(signatures, keys[order][first], usable[order][first], nodes)


@dataclass(slots=True, eq=False)
class _Update:
    """The nodes before and after a change in one order, and the pairs that the change affects."""

    before: SimilarPairs
    old: Signatures
    new: _Nodes
    keys: Keys = field(init=False)
    was: npt.NDArray[np.bool_] = field(init=False)
    now: npt.NDArray[np.bool_] = field(init=False)
    minhashes: Minhashes = field(init=False)

    def __post_init__(self) -> None:
        self.keys = sorted_distinct(np.concatenate([self.before.keys, self.new.keys]))
        self.was = is_among(self.keys, self.before.keys)
        self.now = is_among(self.keys, self.new.keys)
        self.minhashes = np.empty((len(self.keys), MINHASHES), np.uint16)
        self.minhashes[self.now] = self.new.minhashes
        removed = np.flatnonzero(~self.now)
        gone = np.searchsorted(self.before.keys, self.keys[removed])
        self.minhashes[removed] = self.old["minhashes"][_articles_of(self.before.nodes, gone)]

    def pairs(self) -> SimilarPairs:
        """The pairs after the change."""
        was, now = self._pairs_of_changed_bands()
        known = self._known()
        gained = now[~is_among(now, known)]
        place = np.cumsum(self.now) - 1  # of each node among the nodes after the change
        left, right = place[gained // len(self.keys)], place[gained % len(self.keys)]
        gained = gained[self.new.are_similar(left, right)]
        lost = self._lost(was[is_among(was, known) & ~is_among(was, now)])
        both = self.now[known // len(self.keys)] & self.now[known % len(self.keys)]
        found = np.sort(np.concatenate([known[both & ~is_among(known, lost)], gained]))
        return SimilarPairs(
            self.new.keys,
            self.new.nodes,
            place[found // len(self.keys)],
            place[found % len(self.keys)],
        )

    def _known(self) -> Numbers:
        """The pairs before the change, each as one number."""
        places = np.searchsorted(self.keys, self.before.keys)
        return places[self.before.left] * len(self.keys) + places[self.before.right]

    def _pairs_of_changed_bands(self) -> tuple[Numbers, Numbers]:
        """The pairs compared before and after, in the bands of the nodes that have changed."""
        was, now = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        changed = self.was != self.now
        for node in np.flatnonzero(changed).tolist():
            same = self._same_bands(node)
            sharing = np.flatnonzero(same.any(axis=1))
            for band in np.flatnonzero(same[sharing].sum(axis=0) > 1).tolist():
                members = sharing[same[sharing, band]]
                if members[changed[members]][0] == node:  # otherwise this band is done already
                    was += self._neighbours(members[self.was[members]])
                    now += self._neighbours(members[self.now[members]])
        return sorted_distinct(np.concatenate(was)), sorted_distinct(np.concatenate(now))

    def _same_bands(self, node: int) -> npt.NDArray[np.bool_]:
        """For each node and band, whether the node has the same band as this one."""
        same = self.minhashes == self.minhashes[node]
        found: npt.NDArray[np.bool_] = same.reshape(-1, BANDS, ROWS).all(axis=2)
        return found

    def _neighbours(self, members: Numbers) -> list[Numbers]:
        """The pairs that are compared among the nodes with one band, each as one number."""
        steps = range(1, min(NEIGHBOURS, len(members) - 1) + 1)
        return [members[:-step] * len(self.keys) + members[step:] for step in steps]

    def _lost(self, pairs: Numbers) -> Numbers:
        """Those of the pairs that no band compares any more."""
        lost = [
            pair
            for pair in pairs.tolist()
            if self.now[[*divmod(pair, len(self.keys))]].all() and not self._is_compared(pair)
        ]
        return np.array(lost, np.int64)

    def _is_compared(self, pair: int) -> bool:
        """Whether the nodes of a pair are neighbours in one of the bands that they share."""
        left, right = divmod(pair, len(self.keys))
        shared = (self.minhashes[left] == self.minhashes[right]).reshape(BANDS, ROWS).all(axis=1)
        numbers = np.flatnonzero(np.repeat(shared, ROWS))
        between = np.flatnonzero(self.now[left + 1 : right]) + left + 1
        same = self.minhashes[between][:, numbers] == self.minhashes[left, numbers]
        counts = same.reshape(len(between), -1, ROWS).all(axis=2).sum(axis=0)
        return bool((counts < NEIGHBOURS).any())


class ArticlePosition(NamedTuple):
    """The position of an article: a segment of a generation, and a row in it."""

    segment: int
    row: int


class NearDuplicates:
    """The near duplicates in a generation.

    `pairs` are those among the articles of all segments, and `sizes` the number of articles of each
    segment, with deleted ones. `groups` has the groups, as numbers of articles in this order.
    """

    def __init__(self, pairs: SimilarPairs, sizes: Sequence[int], revisions: Revisions) -> None:
        self._starts = np.cumsum([0, *sizes])
        self._revisions = revisions
        self.groups = pairs.groups()

    @cached_property
    def _positions(self) -> list[list[ArticlePosition]]:
        """The groups, as positions."""
        return [list(self._located(group)) for group in self.groups]

    @cached_property
    def _of(self) -> dict[ArticlePosition, list[ArticlePosition]]:
        """The group of each article that has near duplicates."""
        return {position: group for group in self._positions for position in group}

    @cached_property
    def _sources(self) -> UnionFind[ArticlePosition]:
        """The groups of near duplicates or revisions."""
        sources: UnionFind[ArticlePosition] = UnionFind()
        for group in self._positions:
            sources.union(group)
        for revised in self._revisions.groups:
            sources.union(ArticlePosition(one.segment, one.row) for one in revised)
        return sources

    def _located(self, articles: Sequence[int]) -> Iterator[ArticlePosition]:
        """The positions of some articles."""
        segments = np.searchsorted(self._starts, articles, side="right") - 1
        rows = np.array(articles) - self._starts[segments]
        return map(ArticlePosition, segments.tolist(), rows.tolist())

    def of(self, position: ArticlePosition) -> list[ArticlePosition]:
        """The other near duplicates of an article."""
        return [other for other in self._of.get(position, ()) if other != position]

    def sources(self, positions: Iterable[ArticlePosition]) -> int:
        """The number of independent sources; groups of near duplicates or revisions count once."""
        return len({self._sources.find(position) for position in positions})


def joined(signatures: Iterable[Signatures]) -> Signatures:
    """The signatures of several segments, in order."""
    found: Signatures = np.concatenate([np.empty(0, SIGNATURE), *signatures])
    return found


def groups_of_near_duplicates(signatures: Signatures) -> list[list[int]]:
    """The groups of near duplicates, as positions in `signatures`.

    The groups do not depend on the order of the articles.
    """
    return find_pairs(signatures).groups()
