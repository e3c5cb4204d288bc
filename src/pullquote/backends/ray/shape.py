"""How much of a cluster a rebuild takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorShape:
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
        """How many actors a node has room for that has those resources.

        A share of a GPU is one of a single GPU: three of 0.6 do not fit into two.
        """
        room, gpus = int(node.get("CPU", 0.0) // self.cpus), node.get("GPU", 0.0)
        if not self.gpus:
            return room
        if self.gpus < 1:
            return min(room, int(gpus) * int(1 / self.gpus + 1e-9))  # 1.0 // 0.1 is 9
        return min(room, int(gpus // self.gpus))
