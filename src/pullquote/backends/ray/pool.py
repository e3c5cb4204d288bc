"""The desks on a cluster: who has what to do, and what becomes of it where one is lost."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import ray
from ray.exceptions import ActorDiedError, ObjectLostError, RayActorError, RayError, RayTaskError

from pullquote.backends.ray.head import LOOK_SECONDS, Head
from pullquote.backends.ray.joining import CLIENT
from pullquote.backends.ray.shape import Shape
from pullquote.backends.ray.slots import Method, Place, Task
from pullquote.backends.ray.worker import Assignment, Desk, Hello, Order, Part
from pullquote.encoder import Vectors
from pullquote.errors import ClusterUnusable

START_SECONDS = 180.0
"""For a node with room to come, and for the first desk to open. Python, the model and what it needs
load in some seconds; where a machine has to be started for it, that takes a minute or two."""

RETURN_SECONDS = 60.0
"""For one to open again where all are lost."""

_ROOM_SECONDS = 1.0
"""How often it is looked whether a node has come that has room for a desk."""

TRIES = 4
"""How many desks a task is given to: what kills each that gets it ends the rebuild and not them."""

_CUT_OFF = "the connection to it was lost"

_GROUPS = {"read": 1, "embed": 1}
"""At a desk one thread reads, one embeds, and another says hello."""


class _Actor(Desk):
    """A desk in a process of Ray's."""

    @ray.method(concurrency_group="read")  # type: ignore[untyped-decorator]
    def read(self, order: Order, part: int) -> Part:
        """As `Desk.read`."""
        return super().read(order, part)

    @ray.method(concurrency_group="embed")  # type: ignore[untyped-decorator]
    def embed(self, texts: Sequence[str]) -> Vectors:
        """As `Desk.embed`."""
        return super().embed(texts)


class Pool:
    """The desks of a rebuild. What one was lost with is done again at another.

    Ray starts a lost desk anew, on whatever node has room, and until then the others do its work.
    `check` looks at each hello before its desk gets anything to do, and raises where it must not.

    Raises:
        ClusterUnusable: no desk can be opened.
    """

    def __init__(
        self,
        address: str,
        assignment: Assignment,
        shape: Shape,
        *,
        check: Callable[[Hello], None],
    ) -> None:
        self._address = address
        self._check = check
        self._lost: BaseException | None = None
        self._needs = f"an actor takes {shape.needs} (ray_cpus, ray_gpus)"
        with _in_words(address):
            self._head = Head(address, _place_of_head(address))
            self._places = self._start(assignment, shape)

    @property
    def desks(self) -> int:
        """How many are open; at least one.

        Raises:
            ClusterUnusable: none is, nor opens in time.
        """
        with _in_words(self._address):
            self._await(START_SECONDS if self._lost is None else RETURN_SECONDS)
        return len([place for place in self._places if place.open])

    def give(self, method: Method, *arguments: object, after: Task | None = None) -> Task:
        """A task for the desk that has least to do, or for the one that did `after`."""
        place = None if after is None or not after.place.open else after.place
        if place is None:
            place = self._idlest(method)
        with _in_words(self._address):
            return Task(method, arguments, place)

    def take(self, task: Task) -> Any:  # noqa: ANN401 - what the method gives
        """What came of a task; waits for it.

        Raises:
            ClusterUnusable: the desk failed, or every desk that it was given to was lost.
        """
        with _in_words(self._address):
            while True:
                self._wait([task.result])
                try:
                    result = ray.get(task.result)
                except RayTaskError as error:
                    raise ClusterUnusable(self._address, _in_short(error.cause)) from error
                except (RayActorError, ObjectLostError) as error:
                    self._give_again(task, error)
                else:
                    if task.is_of_now:
                        task.place.load[task.method] -= 1
                    return result

    def close(self) -> None:
        """Send everybody home, whatever they are doing."""
        if not ray.is_initialized():  # the connection was lost, and they with it
            return
        with contextlib.suppress(RayError, ConnectionError):
            for place in self._places:
                ray.kill(place.actor)

    def _idlest(self, method: Method) -> Place:
        _ = self.desks
        return min((p for p in self._places if p.open), key=lambda place: place.load[method])

    def _give_again(self, task: Task, error: BaseException) -> None:
        """Have another desk do what one was lost with."""
        self._lost = error
        if task.is_of_now:
            task.place.lose()
        if task.tries == TRIES:
            told = f"{TRIES} actors were lost with the same work, the last one: "
            raise ClusterUnusable(self._address, told + _in_short(error)) from error
        task.tries += 1
        task.begin(self._idlest(task.method))

    def _start(self, assignment: Assignment, shape: Shape) -> list[Place]:
        remote = ray.remote(
            num_cpus=shape.cpus,
            num_gpus=shape.gpus,
            max_restarts=-1,
            max_task_retries=0,  # what a desk was lost with goes to another at once
            concurrency_groups=_GROUPS,
        )(_Actor)
        # One is asked for before it is looked for room: that has an autoscaler start a node.
        actors = [remote.remote(assignment)]
        number = self._room(shape) if shape.actors is None else shape.actors
        actors += [remote.remote(assignment) for _ in range(1, number)]
        return [Place(actor) for actor in actors]

    def _room(self, shape: Shape) -> int:
        """How many desks the nodes have room for; waits for a node that has any.

        It may be about to join, or to be started.
        """
        until = time.monotonic() + START_SECONDS
        while True:
            self._look()
            nodes = [node["Resources"] for node in ray.nodes() if node["Alive"]]
            if room := sum(map(shape.fits, nodes)):
                return room
            if time.monotonic() >= until:
                break
            time.sleep(_ROOM_SECONDS)
        most = max((node.get("CPU", 0) for node in nodes), default=0)
        told = f"{self._needs}, and no node has room for one; the largest has {most:g} CPUs"
        raise ClusterUnusable(self._address, told)

    def _await(self, seconds: float) -> None:
        """Open the desks that say hello, waiting for the first so long."""
        until = time.monotonic() + seconds
        while shut := {place.greeted: place for place in self._places if not place.open}:
            alone = len(shut) == len(self._places)
            came = self._wait(list(shut), until=until if alone else 0.0)
            if came is None:
                break
            self._open(shut[came])
        if not any(place.open for place in self._places):
            raise ClusterUnusable(self._address, self._why_none(seconds))

    def _wait(self, results: Sequence[Any], *, until: float = math.inf) -> Any:  # noqa: ANN401
        """The first of some results that is there; None where there is none in time.

        In short waits, since nobody else would notice that the head is gone.
        """
        while True:
            self._look()
            patience = min(LOOK_SECONDS, max(0.0, until - time.monotonic()))
            came, _ = ray.wait(list(results), timeout=patience)
            if came:
                return came[0]
            if time.monotonic() >= until:
                return None

    def _look(self) -> None:
        """Whether the cluster is still there."""
        self._head.check()
        if not ray.is_initialized():
            raise ClusterUnusable(self._address, _CUT_OFF)

    def _open(self, place: Place) -> None:
        try:
            hello = ray.get(place.greeted)
        except RayTaskError as error:
            raise ClusterUnusable(self._address, _in_short(error.cause)) from error
        except ActorDiedError as error:  # it is not started again
            self._lost = error
            self._places.remove(place)
        except RayActorError:  # it was lost once more
            place.greet()
        else:
            self._check(hello)
            place.open = True

    def _why_none(self, seconds: float) -> str:
        if not self._places:
            return "no actor can be started" + (f": {_in_short(self._lost)}" if self._lost else "")
        told = f"no actor has started within {seconds:g} seconds; {self._needs}"
        return told if self._lost is None else f"all actors were lost, and {told}"


def _place_of_head(address: str) -> str | None:
    """Where the head of the cluster listens; None by Ray's client, whose process nothing ends."""
    return None if address.startswith(CLIENT) else str(ray.get_runtime_context().gcs_address)


@contextmanager
def _in_words(address: str) -> Iterator[None]:
    """Raise ClusterUnusable for what Ray raises, or its client where the connection is lost."""
    try:
        yield
    except (RayError, ConnectionError) as error:
        raise ClusterUnusable(address, _in_short(error)) from error


def _in_short(error: BaseException) -> str:
    """An error in one line, its own words without Ray's traceback."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    told = lines[-1] if lines else type(error).__name__
    return told[:600].rstrip(".")
