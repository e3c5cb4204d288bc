"""Connected components of a graph, and sets of numbers, in arrays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]
Number = TypeVar("Number", np.int64, np.uint64)


def components(count: int, left: Numbers, right: Numbers) -> Numbers:
    """For each of `count` nodes, the smallest node that edges connect it with.

    `left` and `right` have the two nodes of each edge.
    """
    labels = np.arange(count)
    while True:
        one, other = labels[left], labels[right]
        apart = np.flatnonzero(one != other)
        if not len(apart):
            return labels
        one, other = one[apart], other[apart]
        np.minimum.at(labels, np.maximum(one, other), np.minimum(one, other))
        while not np.array_equal(above := labels[labels], labels):
            labels = above


def sorted_distinct(numbers: npt.NDArray[Number]) -> npt.NDArray[Number]:
    """The distinct numbers in ascending order.

    `np.unique` of numpy 2.3 hashes the numbers, which takes ten times as long for millions.
    """
    ordered = np.sort(numbers)
    is_first = np.ones(len(ordered), np.bool_)
    is_first[1:] = ordered[1:] != ordered[:-1]
    found: npt.NDArray[Number] = ordered[is_first]
    return found


def is_among(numbers: npt.NDArray[Number], ordered: npt.NDArray[Number]) -> npt.NDArray[np.bool_]:
    """Whether each number is one of those in ascending order."""
    if not len(ordered):
        return np.zeros(len(numbers), np.bool_)
    places = np.minimum(np.searchsorted(ordered, numbers), len(ordered) - 1)
    found: npt.NDArray[np.bool_] = ordered[places] == numbers
    return found


Item = TypeVar("Item", bound=Hashable)


class UnionFind(Generic[Item]):
    """Groups of items, which grow as items are connected. Union-find with path halving."""

    def __init__(self) -> None:
        self._parents: dict[Item, Item] = {}

    def union(self, items: Iterable[Item]) -> None:
        """Put some items into one group."""
        first: Item | None = None
        for item in items:
            if first is None:
                first = self.find(item)
            self._parents[self.find(item)] = first

    def find(self, item: Item) -> Item:
        """The item that represents the group; an item without a group represents itself."""
        parents = self._parents
        while (parent := parents.setdefault(item, item)) != item:
            parents[item] = item = parents[parent]
        return item

    def groups(self) -> list[list[Item]]:
        """The groups, each in the order in which its items were first added."""
        found: dict[Item, list[Item]] = defaultdict(list)
        for item in list(self._parents):
            found[self.find(item)].append(item)
        return list(found.values())
