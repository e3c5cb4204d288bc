"""The pool of workers with a fake client of Ray: which worker gets which task, and when.

`test_ray` has real clusters, which cannot be lost or disconnected between two chosen calls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest

from conftest import FakeEncoder
from pullquote.index.manifest import IndexConfig
from pullquote.schema.errors import ClusterUnusable
from pullquote.schema.file_limits import LIMITS
from pullquote_ray.worker import ActorShape, WorkerConfig

pytest.importorskip("ray")
pool = pytest.importorskip("pullquote_ray.pool")

ADDRESS = "ray://10.0.0.1:10001"
LOST = pool.RayActorError()


@dataclass(eq=False)
class PendingResult:
    """The result of a call: it is `there`, or not yet. A fault is raised."""

    there: bool = False
    fault: Exception | None = None


@dataclass(eq=False)
class FakeActor:
    """Records its calls. It answers handshakes at once, and other calls if it is `quick`."""

    client: RayClient
    handshakes: list[PendingResult] = field(default_factory=list)
    calls_by_worker: list[PendingResult] = field(default_factory=list)
    quick: bool = False

    def __getattr__(self, name: str) -> SimpleNamespace:
        def remote(*_arguments: object) -> PendingResult:
            self.client.check()
            result = PendingResult(there=name == "handshake" or self.quick)
            (self.handshakes if name == "handshake" else self.calls_by_worker).append(result)
            return result

        method = SimpleNamespace(remote=remote)
        method.options = lambda **_: method
        return method

    def mark_lost(self) -> None:
        """Lose the actor and its unfinished calls; the restarted one is quick."""
        for result in self.calls_by_worker:
            if not result.there:
                result.there, result.fault = True, LOST
        self.quick = True


class RayClient:
    """A fake of Ray's client. Each call of `nodes` reports the next number of CPUs.

    `actors_at` has the number of actors at each of these calls. After `left` calls the cluster is
    gone.
    """

    def __init__(self, *cpus: int, left: int = 1_000) -> None:
        self.cpus = list(cpus)
        self.actors: list[FakeActor] = []
        self.actors_at: list[int] = []
        self.left = left

    def remote(self, **_options: object) -> object:
        return lambda _kind: SimpleNamespace(remote=self._start)

    def _start(self, _config: WorkerConfig) -> FakeActor:
        self.check()
        self.actors.append(FakeActor(self))
        return self.actors[-1]

    def nodes(self) -> list[dict[str, object]]:
        self.check()
        self.actors_at.append(len(self.actors))
        cpus = self.cpus.pop(0) if len(self.cpus) > 1 else self.cpus[0]
        return [{"Alive": True, "Resources": {"CPU": float(cpus)}}]

    def wait(
        self, results: Sequence[PendingResult], **_: object
    ) -> tuple[list[PendingResult], list[PendingResult]]:
        self.check()
        return [result for result in results if result.there][:1], []

    def get(self, result: PendingResult) -> PendingResult:
        self.check()
        if result.fault is not None:
            raise result.fault
        return result

    def is_initialized(self) -> bool:
        return True

    def check(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise ConnectionError("the client is shut")


def pool_on(
    client: RayClient, monkeypatch: pytest.MonkeyPatch, *, actors: int | None = None, cpus: int = 1
) -> object:
    """A pool of that many workers, or of as many as fit."""
    monkeypatch.setattr(pool, "ray", client)
    index_config = IndexConfig(
        encoder=FakeEncoder().identity, passage_tokens=16, overlap_sentences=1, dense="auto"
    )
    config = WorkerConfig(
        corpus=Path("corpus"),
        index_config=index_config,
        limits=LIMITS,
        encoder=lambda _threads, _device: FakeEncoder(),
        threads=1,
        device="cpu",
    )
    shape = ActorShape(actors=actors, cpus=cpus, gpus=0)
    return pool.RayWorkerPool(ADDRESS, config, shape, check=lambda _hello: None)


def calls_by_worker(client: RayClient) -> list[int]:
    """The number of calls of each worker."""
    return [len(actor.calls_by_worker) for actor in client.actors]


def test_a_loss_noticed_late_does_not_close_a_restarted_worker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A late notice of a lost task does not close a worker that has restarted already."""
    client = RayClient(1)
    workers = pool_on(client, monkeypatch, actors=1)
    tasks = [workers.submit("parse"), workers.submit("embed"), workers.submit("embed")]
    [actor] = client.actors
    actor.mark_lost()
    for task in tasks:
        workers.result(task)
    assert (len(actor.handshakes), len(actor.calls_by_worker)) == (2, 6)


def test_results_from_before_a_loss_do_not_reduce_the_load(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Otherwise a restarted worker would seem less loaded than it is."""
    client = RayClient(2)
    workers = pool_on(client, monkeypatch, actors=2)
    done, _, lost = workers.submit("embed"), workers.submit("embed"), workers.submit("embed")
    first = client.actors[0]
    first.calls_by_worker[0].there = True
    first.mark_lost()
    workers.result(lost)
    first.quick = False
    workers.submit("embed")
    workers.result(done)
    before = calls_by_worker(client)
    workers.submit("embed")
    workers.submit("embed")
    assert calls_by_worker(client) == [before[0] + 1, before[1] + 1]


def test_a_connection_lost_at_any_call_is_a_cluster_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """At every call, also while the tasks of a lost worker are resubmitted."""
    refused = list[str]()
    for left in range(100):
        client = RayClient(1, left=left)
        try:
            workers = pool_on(client, monkeypatch)
            task = workers.submit("parse")
            client.actors[0].mark_lost()
            workers.result(task)
        except ClusterUnusable as caught:
            refused.append(caught.reason)
        else:
            break
    assert refused == ["the client is shut"] * 14


def test_the_pool_waits_for_a_node_with_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """One actor is requested meanwhile, which makes an autoscaler start a node."""
    monkeypatch.setattr(pool, "_ROOM_SECONDS", 0.0)
    client = RayClient(0, 1, 0, 5)
    workers = pool_on(client, monkeypatch, cpus=2)
    assert client.actors_at == [1, 1, 1, 1]
    assert workers.workers == 2


def test_a_cluster_without_room_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says what an actor takes and what the largest node has."""
    monkeypatch.setattr(pool, "START_SECONDS", 0.0)
    reason = r"takes 2 CPUs .*, and no node has room for one; the largest has 1 CPUs"
    with pytest.raises(ClusterUnusable, match=reason):
        pool_on(RayClient(1), monkeypatch, cpus=2)
