"""What belongs together, since it is joined or has something between that is joined to both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

Thing = TypeVar("Thing", bound=Hashable)


class Joined(Generic[Thing]):
    """Groups of things, which grow together as they are joined. Union-find, with paths halved."""

    def __init__(self) -> None:
        self._above: dict[Thing, Thing] = {}

    def join(self, together: Iterable[Thing]) -> None:
        """Put some things into one group."""
        first: Thing | None = None
        for thing in together:
            if first is None:
                first = self.root(thing)
            self._above[self.root(thing)] = first

    def root(self, thing: Thing) -> Thing:
        """One thing of each group, the same for all in it; of what was not joined, itself."""
        above = self._above
        while (higher := above.setdefault(thing, thing)) != thing:
            above[thing] = thing = above[higher]
        return thing

    def groups(self) -> list[list[Thing]]:
        """The groups, each in the order in which its things were first named."""
        found: dict[Thing, list[Thing]] = defaultdict(list)
        for thing in list(self._above):
            found[self.root(thing)].append(thing)
        return list(found.values())
