"""How many actors a rebuild uses, and which resources each takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorShape:
    """The number of actors, and the CPUs and GPUs of each.

    If `actors` is None, there are as many as the nodes have room for when the rebuild begins.
    """

    actors: int | None
    cpus: int
    gpus: float

    @property
    def needs(self) -> str:
        """The resources of an actor, as text."""
        cpus = f"{self.cpus} CPU{'' if self.cpus == 1 else 's'}"
        return f"{cpus} and {self.gpus:g} GPU" if self.gpus else cpus

    def fits(self, node: Mapping[str, float]) -> int:
        """How many actors fit on a node with those resources.

        An actor's share of a GPU must be on one GPU: three shares of 0.6 do not fit on two GPUs.
        """
        room, gpus = int(node.get("CPU", 0.0) // self.cpus), node.get("GPU", 0.0)
        if not self.gpus:
            return room
        if self.gpus < 1:
            return min(room, int(gpus) * int(1 / self.gpus + 1e-9))  # 1.0 // 0.1 is 9
        return min(room, int(gpus // self.gpus))
