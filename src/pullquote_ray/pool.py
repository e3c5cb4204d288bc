"""Distributes tasks among the workers of a cluster, and repeats those of lost workers."""

from __future__ import annotations

import contextlib
import math
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import ray
from ray.exceptions import ActorDiedError, ObjectLostError, RayActorError, RayError, RayTaskError

from pullquote.index.encoder import Vectors
from pullquote.schema.errors import ClusterUnusable
from pullquote_ray.joining import CLIENT
from pullquote_ray.worker import (
    PROBES,
    ActorShape,
    Handshake,
    JobChunk,
    ParseJob,
    RayWorker,
    WorkerConfig,
)

LOOK_SECONDS = 5.0
"""Seconds between two checks."""

GONE_SECONDS = 20.0
"""How many seconds the head may be gone, for example while it restarts. After 60 seconds, Ray would
end this whole process, even if that serves the web chat."""


class HeadMonitor:
    """Checks that the head listens at `listens_at`, HOST:PORT. If that is None, it does nothing."""

    def __init__(self, address: str, listens_at: str | None) -> None:
        self._address = address
        self._listens_at = listens_at
        self._checked = time.monotonic()
        self._missed: float | None = None

    def check(self) -> None:
        """Check the head if the last check was at least `LOOK_SECONDS` ago.

        Raises:
            ClusterUnusable: the head has been gone for too long.
        """
        now = time.monotonic()
        if self._listens_at is None or now - self._checked < LOOK_SECONDS:
            return
        self._checked = now
        host, _, port = self._listens_at.rpartition(":")
        try:
            socket.create_connection((host, int(port)), timeout=LOOK_SECONDS).close()
        except OSError as error:
            self._missed = now if self._missed is None else self._missed
            if now - self._missed > GONE_SECONDS:
                reason = (
                    f"its head at {self._listens_at} has been gone for {GONE_SECONDS:g} seconds"
                )
                raise ClusterUnusable(self._address, reason) from error
        else:
            self._missed = None


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


START_SECONDS = 180.0
"""Seconds to wait for a node with room, and for the first worker. Loading Python and the model
takes some seconds; starting a machine takes a minute or two."""

RETURN_SECONDS = 60.0
"""Seconds to wait for a restarted worker after all workers were lost."""

_ROOM_SECONDS = 1.0
"""Seconds between two checks for a node with room."""

TRIES = 4
"""How many times each task is tried, so that a file that kills every worker ends the rebuild."""

_GROUPS = {"parse": 1, "embed": 1}
"""A worker parses in one thread and embeds in another; a third answers handshakes."""


class _Actor(RayWorker):
    """A worker that runs in a process of Ray's."""

    @ray.method(concurrency_group="parse")  # type: ignore[untyped-decorator]
    def parse(self, job: ParseJob, chunk: int) -> JobChunk:
        """The same as `RayWorker.parse`."""
        return super().parse(job, chunk)

    @ray.method(concurrency_group="embed")  # type: ignore[untyped-decorator]
    def embed(self, texts: Sequence[str]) -> Vectors:
        """The same as `RayWorker.embed`."""
        return super().embed(texts)


class RayWorkerPool:
    """The workers of a rebuild. Tasks of a lost worker are given to another at once.

    Ray restarts a lost worker on any node with room. `check` is called with the handshake of each
    worker before the worker's first task. It raises an error if the worker must not be used.

    `ray.util.ActorPool` does not repeat the tasks of a lost actor on another actor, and cannot send
    the next chunk of a job to the same actor.

    Raises:
        ClusterUnusable: no worker can be started.
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
        with _ray_errors(address):
            self._head = HeadMonitor(address, _head_address(address))
            self._slots = self._start(config, shape)

    @property
    def workers(self) -> int:
        """How many workers are ready; waits for one if there is none.

        Raises:
            ClusterUnusable: no worker starts in time.
        """
        with _ray_errors(self._address):
            self._wait_for_workers(START_SECONDS if self._lost is None else RETURN_SECONDS)
        return sum(slot.open for slot in self._slots)

    def submit(self, method: Method, *arguments: object, after: Task | None = None) -> Task:
        """Start a task on the least loaded worker, or on the one that ran `after`."""
        same = after is not None and after.slot.open
        slot = after.slot if after is not None and same else self._idlest(method)
        with _ray_errors(self._address):
            return Task(method, arguments, slot)

    def result(self, task: Task) -> Any:  # noqa: ANN401 - the type depends on the method
        """The result of a task; waits for it.

        Raises:
            ClusterUnusable: the task failed, or every worker that tried it was lost.
        """
        with _ray_errors(self._address):
            while True:
                self._wait([task.result])
                try:
                    result = ray.get(task.result)
                except RayTaskError as error:
                    raise ClusterUnusable(self._address, _last_line(error.cause)) from error
                except (RayActorError, ObjectLostError) as error:
                    self._resubmit(task, error)
                else:
                    if task.is_current:
                        task.slot.load[task.method] -= 1
                    return result

    def close(self) -> None:
        """End all workers, whatever they are doing."""
        if not ray.is_initialized():  # the connection was lost, and the workers with it
            return
        with contextlib.suppress(RayError, ConnectionError):
            for slot in self._slots:
                ray.kill(slot.actor)

    def _idlest(self, method: Method) -> Slot:
        _ = self.workers
        return min((slot for slot in self._slots if slot.open), key=lambda slot: slot.load[method])

    def _resubmit(self, task: Task, error: BaseException) -> None:
        """Submit the task of a lost worker to another worker."""
        self._lost = error
        if task.is_current:
            task.slot.mark_lost()
        if task.tries == TRIES:
            reason = f"{TRIES} actors were lost during the same work, the last one: "
            raise ClusterUnusable(self._address, reason + _last_line(error)) from error
        task.tries += 1
        task.submit(self._idlest(task.method))

    def _start(self, config: WorkerConfig, shape: ActorShape) -> list[Slot]:
        remote = ray.remote(
            num_cpus=shape.cpus,
            num_gpus=shape.gpus,
            max_restarts=-1,
            max_task_retries=0,  # the tasks of a lost worker go to another at once
            concurrency_groups=_GROUPS,
        )(_Actor)
        # Request one actor before looking for room: that makes an autoscaler start a node.
        actors = [remote.remote(config)]
        number = self._room(shape) if shape.actors is None else shape.actors
        actors += [remote.remote(config) for _ in range(1, number)]
        return [Slot(actor) for actor in actors]

    def _room(self, shape: ActorShape) -> int:
        """How many workers fit on the nodes. Waits for a node with room, which may be starting."""
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
        reason = f"{self._needs}, and no node has room for one; the largest has {most:g} CPUs"
        raise ClusterUnusable(self._address, reason)

    def _wait_for_workers(self, seconds: float) -> None:
        """Open the slots whose handshake has arrived; wait for the first one if none is open."""
        until = time.monotonic() + seconds
        while closed := {slot.handshake: slot for slot in self._slots if not slot.open}:
            none_open = len(closed) == len(self._slots)
            came = self._wait(list(closed), until=until if none_open else 0.0)
            if came is None:
                break
            self._open_slot(closed[came])
        if not any(slot.open for slot in self._slots):
            raise ClusterUnusable(self._address, self._why_no_worker(seconds))

    def _wait(self, results: Sequence[Any], *, until: float = math.inf) -> Any:  # noqa: ANN401
        """The first of some results that arrives; None if none arrives in time.

        Waits in short steps, and checks the cluster between them.
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
        """Raise ClusterUnusable if the cluster is gone."""
        self._head.check()
        if not ray.is_initialized():
            raise ClusterUnusable(self._address, "the connection to it was lost")

    def _open_slot(self, slot: Slot) -> None:
        try:
            handshake = ray.get(slot.handshake)
        except RayTaskError as error:
            raise ClusterUnusable(self._address, _last_line(error.cause)) from error
        except ActorDiedError as error:  # Ray does not restart it
            self._lost = error
            self._slots.remove(slot)
        except RayActorError:  # it was lost again
            slot.request_handshake()
        else:
            self._check(handshake)
            slot.open = True

    def _why_no_worker(self, seconds: float) -> str:
        if not self._slots:
            return "no actor can be started" + (f": {_last_line(self._lost)}" if self._lost else "")
        reason = f"no actor has started within {seconds:g} seconds; {self._needs}"
        return reason if self._lost is None else f"all actors were lost, and {reason}"


def _head_address(address: str) -> str | None:
    """Where the head listens; None for Ray's client, whose process Ray never ends."""
    return None if address.startswith(CLIENT) else str(ray.get_runtime_context().gcs_address)


@contextmanager
def _ray_errors(address: str) -> Iterator[None]:
    """Raise ClusterUnusable for errors of Ray and lost connections of its client."""
    try:
        yield
    except (RayError, ConnectionError) as error:
        raise ClusterUnusable(address, _last_line(error)) from error


def _last_line(error: BaseException) -> str:
    """The last line of an error: its message without Ray's traceback."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    message = lines[-1] if lines else type(error).__name__
    return message[:600].rstrip(".")
