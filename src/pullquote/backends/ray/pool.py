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

from pullquote.backends.ray.head import LOOK_SECONDS, HeadMonitor
from pullquote.backends.ray.joining import CLIENT
from pullquote.backends.ray.shape import ActorShape
from pullquote.backends.ray.slots import Method, Slot, Task
from pullquote.backends.ray.worker import Handshake, JobChunk, ParseJob, RayWorker, WorkerConfig
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

_GROUPS = {"parse": 1, "embed": 1}
"""At a desk one thread reads, one embeds, and another says hello."""


class _Actor(RayWorker):
    """A desk in a process of Ray's."""

    @ray.method(concurrency_group="parse")  # type: ignore[untyped-decorator]
    def parse(self, job: ParseJob, chunk: int) -> JobChunk:
        """As `Desk.read`."""
        return super().parse(job, chunk)

    @ray.method(concurrency_group="embed")  # type: ignore[untyped-decorator]
    def embed(self, texts: Sequence[str]) -> Vectors:
        """As `Desk.embed`."""
        return super().embed(texts)


class WorkerPool:
    """The desks of a rebuild. What one was lost with is done again at another.

    Ray starts a lost desk anew, on whatever node has room, and until then the others do its work.
    `check` looks at each hello before its desk gets anything to do, and raises where it must not.

    Raises:
        ClusterUnusable: no desk can be opened.
    """

    def __init__(
        self,
        address: str,
        config: WorkerConfig,
        shape: ActorShape,
        *,
        check: Callable[[Handshake], None],
    ) -> None:
        self._address = address
        self._check = check
        self._lost: BaseException | None = None
        self._needs = f"an actor takes {shape.needs} (ray_cpus, ray_gpus)"
        with _in_words(address):
            self._head = HeadMonitor(address, _head_address(address))
            self._slots = self._start(config, shape)

    @property
    def workers(self) -> int:
        """How many are open; at least one.

        Raises:
            ClusterUnusable: none is, nor opens in time.
        """
        with _in_words(self._address):
            self._wait_for_workers(START_SECONDS if self._lost is None else RETURN_SECONDS)
        return len([slot for slot in self._slots if slot.open])

    def submit(self, method: Method, *arguments: object, after: Task | None = None) -> Task:
        """A task for the desk that has least to do, or for the one that did `after`."""
        slot = None if after is None or not after.slot.open else after.slot
        if slot is None:
            slot = self._idlest(method)
        with _in_words(self._address):
            return Task(method, arguments, slot)

    def result(self, task: Task) -> Any:  # noqa: ANN401 - what the method gives
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
                    self._resubmit(task, error)
                else:
                    if task.is_current:
                        task.slot.load[task.method] -= 1
                    return result

    def close(self) -> None:
        """Send everybody home, whatever they are doing."""
        if not ray.is_initialized():  # the connection was lost, and they with it
            return
        with contextlib.suppress(RayError, ConnectionError):
            for slot in self._slots:
                ray.kill(slot.actor)

    def _idlest(self, method: Method) -> Slot:
        _ = self.workers
        return min((p for p in self._slots if p.open), key=lambda slot: slot.load[method])

    def _resubmit(self, task: Task, error: BaseException) -> None:
        """Have another desk do what one was lost with."""
        self._lost = error
        if task.is_current:
            task.slot.mark_lost()
        if task.tries == TRIES:
            told = f"{TRIES} actors were lost with the same work, the last one: "
            raise ClusterUnusable(self._address, told + _in_short(error)) from error
        task.tries += 1
        task.submit(self._idlest(task.method))

    def _start(self, config: WorkerConfig, shape: ActorShape) -> list[Slot]:
        remote = ray.remote(
            num_cpus=shape.cpus,
            num_gpus=shape.gpus,
            max_restarts=-1,
            max_task_retries=0,  # what a desk was lost with goes to another at once
            concurrency_groups=_GROUPS,
        )(_Actor)
        # One is asked for before it is looked for room: that has an autoscaler start a node.
        actors = [remote.remote(config)]
        number = self._room(shape) if shape.actors is None else shape.actors
        actors += [remote.remote(config) for _ in range(1, number)]
        return [Slot(actor) for actor in actors]

    def _room(self, shape: ActorShape) -> int:
        """How many desks the nodes have room for; waits for a node that has any.

        It may be about to join, or to be started.
        """
        until = time.monotonic() + START_SECONDS
        while True:
            self._check_cluster()
            nodes = [node["Resources"] for node in ray.nodes() if node["Alive"]]
            if room := sum(map(shape.fits, nodes)):
                return room
            if time.monotonic() >= until:
                break
            time.sleep(_ROOM_SECONDS)
        most = max((node.get("CPU", 0) for node in nodes), default=0)
        told = f"{self._needs}, and no node has room for one; the largest has {most:g} CPUs"
        raise ClusterUnusable(self._address, told)

    def _wait_for_workers(self, seconds: float) -> None:
        """Open the desks that say hello, waiting for the first so long."""
        until = time.monotonic() + seconds
        while shut := {slot.handshake: slot for slot in self._slots if not slot.open}:
            alone = len(shut) == len(self._slots)
            came = self._wait(list(shut), until=until if alone else 0.0)
            if came is None:
                break
            self._open_slot(shut[came])
        if not any(slot.open for slot in self._slots):
            raise ClusterUnusable(self._address, self._why_none(seconds))

    def _wait(self, results: Sequence[Any], *, until: float = math.inf) -> Any:  # noqa: ANN401
        """The first of some results that is there; None where there is none in time.

        In short waits, since nobody else would notice that the head is gone.
        """
        while True:
            self._check_cluster()
            patience = min(LOOK_SECONDS, max(0.0, until - time.monotonic()))
            came, _ = ray.wait(list(results), timeout=patience)
            if came:
                return came[0]
            if time.monotonic() >= until:
                return None

    def _check_cluster(self) -> None:
        """Whether the cluster is still there."""
        self._head.check()
        if not ray.is_initialized():
            raise ClusterUnusable(self._address, _CUT_OFF)

    def _open_slot(self, slot: Slot) -> None:
        try:
            handshake = ray.get(slot.handshake)
        except RayTaskError as error:
            raise ClusterUnusable(self._address, _in_short(error.cause)) from error
        except ActorDiedError as error:  # it is not started again
            self._lost = error
            self._slots.remove(slot)
        except RayActorError:  # it was lost once more
            slot.request_handshake()
        else:
            self._check(handshake)
            slot.open = True

    def _why_none(self, seconds: float) -> str:
        if not self._slots:
            return "no actor can be started" + (f": {_in_short(self._lost)}" if self._lost else "")
        told = f"no actor has started within {seconds:g} seconds; {self._needs}"
        return told if self._lost is None else f"all actors were lost, and {told}"


def _head_address(address: str) -> str | None:
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
