"""The lock of a rebuild on a Milvus server, here of milvus-lite."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from milvus_servers import need_client
from pullquote.backends.milvus import lock as locking
from pullquote.backends.milvus.address import MilvusAddress
from pullquote.backends.milvus.client.connection import ConnectionOptions
from pullquote.backends.milvus.client.server import Row, Server
from pullquote.backends.milvus.lock import RebuildLock
from pullquote.errors import IndexLocked

NO_PROCESS = 2**22 + 1
"""Above the most that Linux gives."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over an empty folder."""
    need_client()
    address = MilvusAddress(name="bay", file=tmp_path_factory.mktemp("lite") / "lock.db")
    access = ConnectionOptions(user=None, password=None, token=None, certificate=None, seconds=10.0)
    made = Server(address, access)
    yield made
    made.close()


@pytest.fixture
def index_name(
    server: Server, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> str:
    """The name of an index whose lock nobody has; two that take one over agree at once."""
    monkeypatch.setattr(locking, "SETTLES_IN", 0.0)
    monkeypatch.setattr(locking, "WATCHED_FOR", 0.3)
    return f"bay{abs(hash(request.node.name))}"


def say(server: Server, index: str, **facts: object) -> None:
    """Have the holder of a lock say something else of itself."""
    [name] = [n for n in server.collections() if n.startswith(f"{index}_l_")]
    [row] = server.rows(name, locking._WRITTEN, locking.LOCK.column_names())
    changed: Row = {**row, **facts}
    server.upsert(name, [changed])


def test_one_rebuild_holds_it(server: Server, index_name: str) -> None:
    """Another is refused and told who does; afterwards nothing is left."""
    with RebuildLock(server, index_name).acquired():
        holder = RebuildLock(server, index_name).holder()
        assert holder is not None
        assert holder.startswith(f"process {os.getpid()}, host ")
        with (
            pytest.raises(IndexLocked, match=f"process {os.getpid()}"),
            RebuildLock(server, index_name).acquired(),
        ):
            pass
        assert RebuildLock(server, index_name).holder() == holder
    assert RebuildLock(server, index_name).holder() is None
    assert [name for name in server.collections() if name.startswith(index_name)] == []


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({"expires": 1}, id="not heard of for long"),
        pytest.param({"process": NO_PROCESS}, id="ended on this machine"),
    ],
)
def test_a_dead_ones_lock_is_taken_over(server: Server, index_name: str, facts: Row) -> None:
    """And whoever takes it over knows, to clear up; what the dead one left of it is removed."""
    dead = RebuildLock(server, index_name)
    with dead.acquired():
        say(server, index_name, **facts)
        assert RebuildLock(server, index_name).holder() is None
        heir = RebuildLock(server, index_name)
        with heir.acquired():
            assert (heir.taken_over, heir.is_ours(), dead.is_ours()) == (True, True, False)
            assert sum(name.startswith(index_name) for name in server.collections()) == 1
    assert [name for name in server.collections() if name.startswith(index_name)] == []


def test_one_of_another_machine_is_waited_for(server: Server, index_name: str) -> None:
    """Its process cannot be looked for; only silence tells."""
    with RebuildLock(server, index_name).acquired():
        say(server, index_name, machine="elsewhere", process=NO_PROCESS)
        with pytest.raises(IndexLocked), RebuildLock(server, index_name).acquired():
            pass


def test_one_whose_clock_is_behind_keeps_it(
    server: Server, index_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever finds it expired by another clock watches whether it still signs."""
    monkeypatch.setattr(locking, "ALIVE_EVERY", 0.05)
    monkeypatch.setattr(locking, "EXPIRES_AFTER", -1000.0)
    monkeypatch.setattr(locking, "WATCHED_FOR", 1.5)  # it signs by the second
    with RebuildLock(server, index_name).acquired():
        time.sleep(0.2)
        assert RebuildLock(server, index_name).holder() is None
        with pytest.raises(IndexLocked), RebuildLock(server, index_name).acquired():
            pass


def test_one_that_lost_it_is_told_before_it_writes(
    server: Server, index_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asleep for a minute, it was taken to be dead."""
    monkeypatch.setattr(locking, "CONFIRMED_FOR", 0.0)
    dead = RebuildLock(server, index_name)
    with dead.acquired():
        dead.confirm()
        say(server, index_name, process=NO_PROCESS)
        with (
            RebuildLock(server, index_name).acquired(),
            pytest.raises(IndexLocked, match="took the lock"),
        ):
            dead.confirm()


def test_what_could_not_be_undone_is_left_to_the_next(server: Server, index_name: str) -> None:
    """A rebuild that keeps its lock has ended all the same: nobody waits for it."""
    with (left := RebuildLock(server, index_name)).acquired():
        left.retain()
    heir = RebuildLock(server, index_name)
    with heir.acquired():
        assert heir.taken_over


def test_a_holder_says_that_it_is_alive(
    server: Server, index_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Again and again, so that a long rebuild keeps its lock."""
    monkeypatch.setattr(locking, "ALIVE_EVERY", 0.05)
    with RebuildLock(server, index_name).acquired():
        say(server, index_name, expires=1)
        until = time.monotonic() + 10
        while RebuildLock(server, index_name).holder() is None and time.monotonic() < until:
            time.sleep(0.05)
        assert RebuildLock(server, index_name).holder() is not None


def test_the_machine_is_the_same_while_it_runs() -> None:
    """On Linux; elsewhere no machine is known again."""
    if not Path("/proc/self/ns/pid").exists():
        pytest.skip("only Linux says which machine it is")
    assert locking._machine() == locking._machine()
