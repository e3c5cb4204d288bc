"""Groups of connected items."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

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
