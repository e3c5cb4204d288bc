"""The workers of a cluster, and the tasks of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from pullquote_ray.worker import PROBES

Method = Literal["parse", "embed"]
"""The methods of a worker that run as tasks."""


@dataclass(slots=True, eq=False)
class Slot:
    """A worker, which Ray restarts if it is lost. It is given tasks only while it is `open`.

    `handshake` is the pending result of its handshake. `incarnation` counts how often the worker
    was lost, so that results from before a loss do not count as its work.
    """

    actor: Any
    handshake: Any = field(init=False)
    open: bool = False
    incarnation: int = 0
    load: dict[Method, int] = field(default_factory=lambda: {"parse": 0, "embed": 0})

    def __post_init__(self) -> None:
        self.request_handshake()

    def request_handshake(self) -> None:
        """Call `handshake`; Ray repeats the call while it restarts the worker."""
        self.handshake = self.actor.handshake.options(max_task_retries=-1).remote(PROBES)

    def mark_lost(self) -> None:
        """Close the slot until the next handshake.

        Its tasks are resubmitted when somebody waits for their results.
        """
        self.open, self.load = False, {"parse": 0, "embed": 0}
        self.incarnation += 1
        self.request_handshake()


@dataclass(slots=True, eq=False)
class Task:
    """A task that any worker can run; `result` comes from this `incarnation` of `slot`."""

    method: Method
    arguments: tuple[object, ...]
    slot: Slot
    incarnation: int = field(init=False)
    result: Any = field(init=False)
    tries: int = 1

    def __post_init__(self) -> None:
        self.submit(self.slot)

    def submit(self, slot: Slot) -> None:
        """Send the task to a worker, for the first time or again."""
        self.slot, self.incarnation = slot, slot.incarnation
        slot.load[self.method] += 1
        self.result = getattr(slot.actor, self.method).remote(*self.arguments)

    @property
    def is_current(self) -> bool:
        """Whether the worker has not been lost since it got the task, as far as is known."""
        return self.incarnation == self.slot.incarnation
