"""The places of desks, and the tasks that each was given."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from pullquote.backends.ray.worker import PROBES

Method = Literal["parse", "embed"]
"""What a desk is asked for."""


@dataclass(slots=True, eq=False)
class Slot:
    """A desk; `greeted` is its hello, which is waited for while it is not open.

    `life` counts how often it was lost, so that what an earlier one owed says nothing of this one.
    """

    actor: Any
    handshake: Any = field(init=False)
    open: bool = False
    incarnation: int = 0
    load: dict[Method, int] = field(default_factory=lambda: {"parse": 0, "embed": 0})

    def __post_init__(self) -> None:
        self.request_handshake()

    def request_handshake(self) -> None:
        """Ask for a hello, which is waited for also while the desk is being started again."""
        self.handshake = self.actor.handshake.options(max_task_retries=-1).remote(PROBES)

    def mark_lost(self) -> None:
        """The desk is lost; what it had is asked for again as each is taken."""
        self.open, self.load = False, {"parse": 0, "embed": 0}
        self.incarnation += 1
        self.request_handshake()


@dataclass(slots=True, eq=False)
class Task:
    """Something to be done at whatever desk: it was given to `place`, which owes the `result`.

    That is, the desk that was there in that `life` of the place.
    """

    method: Method
    arguments: tuple[object, ...]
    slot: Slot
    incarnation: int = field(init=False)
    result: Any = field(init=False)
    tries: int = 1

    def __post_init__(self) -> None:
        self.submit(self.slot)

    def submit(self, slot: Slot) -> None:
        """Give it to a desk, for the first time or again."""
        self.slot, self.incarnation = slot, slot.incarnation
        slot.load[self.method] += 1
        self.result = getattr(slot.actor, self.method).remote(*self.arguments)

    @property
    def is_current(self) -> bool:
        """Whether the desk that it was given to has not been lost since, as far as is known."""
        return self.incarnation == self.slot.incarnation
