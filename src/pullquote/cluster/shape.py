"""How much of a cluster a rebuild takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How many actors there are to be, and how many CPUs and GPUs each takes.

    Without a number there are as many as the nodes have room for as the rebuild begins.
    """

    actors: int | None
    cpus: int
    gpus: float

    @property
    def needs(self) -> str:
        """What an actor takes, in words."""
        cpus = f"{self.cpus} CPU{'' if self.cpus == 1 else 's'}"
        return f"{cpus} and {self.gpus:g} GPU" if self.gpus else cpus

    def fits(self, node: Mapping[str, float]) -> int:
        """How many actors a node has room for that has those resources."""
        room = node.get("CPU", 0.0) // self.cpus
        return int(min(room, node.get("GPU", 0.0) // self.gpus) if self.gpus else room)
