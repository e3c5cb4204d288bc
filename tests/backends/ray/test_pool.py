"""The desks of a cluster, with the client of Ray played by what is here: who gets what, and when.

`test_cluster_ray` has real ones, which cannot be lost or cut off between two calls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest

from conftest import FakeEncoder
from pullquote.backends.ray.shape import ActorShape
from pullquote.backends.ray.worker import WorkerConfig
from pullquote.errors import ClusterUnusable
from pullquote.index.manifest import Recipe
from pullquote.limits import LIMITS

pytest.importorskip("ray")
pool = pytest.importorskip("pullquote.backends.ray.pool")

ADDRESS = "ray://10.0.0.1:10001"
LOST = pool.RayActorError()


@dataclass(eq=False)
class Result:
    """What comes of a call: it is `there`, or not yet; with a fault it is raised."""

    there: bool = False
    fault: Exception | None = None


@dataclass(eq=False)
class Actor:
    """Notes what it is asked for; it says hello at once, and does the rest if it is `quick`."""

    client: Client
    handshakes: list[Result] = field(default_factory=list)
    asked: list[Result] = field(default_factory=list)
    quick: bool = False

    def __getattr__(self, name: str) -> SimpleNamespace:
        def remote(*_arguments: object) -> Result:
            self.client.check()
            result = Result(there=name == "handshake" or self.quick)
            (self.handshakes if name == "handshake" else self.asked).append(result)
            return result

        method = SimpleNamespace(remote=remote)
        method.options = lambda **_: method
        return method

    def mark_lost(self) -> None:
        """Lose it with all that it has not done; the one that comes back is quick."""
        for result in self.asked:
            if not result.there:
                result.there, result.fault = True, LOST
        self.quick = True


class Client:
    """What `pool` asks of Ray's client; its node has those CPUs, one after another as it is asked.

    `actors_at` says how many actors there were then. After `left` calls the cluster is gone.
    """

    def __init__(self, *cpus: int, left: int = 1_000) -> None:
        self.cpus = list(cpus)
        self.actors: list[Actor] = []
        self.actors_at: list[int] = []
        self.left = left

    def remote(self, **_options: object) -> object:
        return lambda _kind: SimpleNamespace(remote=self._start)

    def _start(self, _config: WorkerConfig) -> Actor:
        self.check()
        self.actors.append(Actor(self))
        return self.actors[-1]

    def nodes(self) -> list[dict[str, object]]:
        self.check()
        self.actors_at.append(len(self.actors))
        cpus = self.cpus.pop(0) if len(self.cpus) > 1 else self.cpus[0]
        return [{"Alive": True, "Resources": {"CPU": float(cpus)}}]

    def wait(self, results: Sequence[Result], **_: object) -> tuple[list[Result], list[Result]]:
        self.check()
        return [result for result in results if result.there][:1], []

    def get(self, result: Result) -> Result:
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


def begun(
    client: Client, monkeypatch: pytest.MonkeyPatch, *, actors: int | None = None, cpus: int = 1
) -> object:
    """A pool of that many desks, or of as many as there is room for."""
    monkeypatch.setattr(pool, "ray", client)
    recipe = Recipe(
        encoder=FakeEncoder().identity, passage_tokens=16, overlap_sentences=1, dense="auto"
    )
    config = WorkerConfig(
        corpus=Path("corpus"),
        recipe=recipe,
        limits=LIMITS,
        encoder=lambda _threads, _device: FakeEncoder(),
        threads=1,
        device="cpu",
    )
    shape = ActorShape(actors=actors, cpus=cpus, gpus=0)
    return pool.WorkerPool(ADDRESS, config, shape, check=lambda _hello: None)


def asked(client: Client) -> list[int]:
    """How often each desk was asked for something."""
    return [len(actor.asked) for actor in client.actors]


def test_a_loss_that_is_noticed_late_closes_no_desk_that_is_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What it was lost with is taken one by one, and by then it has long been at work again."""
    client = Client(1)
    workers = begun(client, monkeypatch, actors=1)
    tasks = [workers.submit("parse"), workers.submit("embed"), workers.submit("embed")]
    [actor] = client.actors
    actor.mark_lost()
    for task in tasks:
        workers.result(task)
    assert (len(actor.handshakes), len(actor.asked)) == (2, 6)


def test_what_was_done_before_a_loss_is_no_work_that_is_done_since(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A desk that is back would otherwise seem idler than it is, and get more than the others."""
    client = Client(2)
    workers = begun(client, monkeypatch, actors=2)
    done, _, lost = workers.submit("embed"), workers.submit("embed"), workers.submit("embed")
    first = client.actors[0]
    first.asked[0].there = True
    first.mark_lost()
    workers.result(lost)
    first.quick = False
    workers.submit("embed")
    workers.result(done)
    before = asked(client)
    workers.submit("embed")
    workers.submit("embed")
    assert asked(client) == [before[0] + 1, before[1] + 1]


def test_a_connection_that_is_lost_anywhere_is_told_in_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whichever call it is that finds it gone, also where a lost desk's work is given again."""
    refused = list[str]()
    for left in range(100):
        client = Client(1, left=left)
        try:
            workers = begun(client, monkeypatch)
            task = workers.submit("parse")
            client.actors[0].mark_lost()
            workers.result(task)
        except ClusterUnusable as told:
            refused.append(told.reason)
        else:
            break
    assert refused == ["the client is shut"] * 14


def test_a_node_that_has_room_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be about to join; and one actor is asked for meanwhile, as an autoscaler needs it."""
    monkeypatch.setattr(pool, "_ROOM_SECONDS", 0.0)
    client = Client(0, 1, 0, 5)
    workers = begun(client, monkeypatch, cpus=2)
    assert client.actors_at == [1, 1, 1, 1]
    assert workers.workers == 2


def test_a_cluster_in_which_none_comes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what an actor takes and what there is."""
    monkeypatch.setattr(pool, "START_SECONDS", 0.0)
    told = r"takes 2 CPUs .*, and no node has room for one; the largest has 1 CPUs"
    with pytest.raises(ClusterUnusable, match=told):
        begun(Client(1), monkeypatch, cpus=2)
