"""The pairs of near duplicates among some articles, and how they change when articles change.

Articles with equal signatures are one node. The nodes are in the order of their keys, which are
hashes of the signatures, so that nothing depends on the order of the articles.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from pullquote.index.duplicates.components import components, is_among, sorted_distinct
from pullquote.index.duplicates.near_copy_rule import (
    BANDS,
    NEIGHBOURS,
    ROWS,
    Numbers,
    are_near_duplicates,
    candidates,
    keys_of,
)
from pullquote.index.duplicates.signatures import MINHASHES, Signatures

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
