"""The lock of a rebuild on a Milvus server, here milvus-lite."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from milvus_servers import need_client
from pullquote.schema.errors import IndexLocked
from pullquote_milvus import lock as locking
from pullquote_milvus.address import MilvusAddress
from pullquote_milvus.client.connection import ConnectionOptions
from pullquote_milvus.client.server import Row, Server
from pullquote_milvus.lock import RebuildLock

NO_PROCESS = 2**22 + 1
"""Above the largest process id of Linux."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over an empty folder."""
    need_client()
    address = MilvusAddress(name="bay", file=tmp_path_factory.mktemp("lite") / "lock.db")
    options = ConnectionOptions(
        user=None, password=None, token=None, certificate=None, seconds=10.0
    )
    made = Server(address, options)
    yield made
    made.close()


@pytest.fixture
def index_name(
    server: Server, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> str:
    """The name of an index whose lock is free. Waiting times are short."""
    monkeypatch.setattr(locking, "TAKEOVER_SECONDS", 0.0)
    monkeypatch.setattr(locking, "WATCH_SECONDS", 0.3)
    return f"bay{abs(hash(request.node.name))}"


def change_row(server: Server, index: str, **facts: object) -> None:
    """Change the row of the holder of a lock."""
    [name] = [n for n in server.collections() if n.startswith(f"{index}_l_")]
    [row] = server.rows(name, locking._WRITTEN, locking.LOCK.column_names())
    changed: Row = {**row, **facts}
    server.upsert(name, [changed])


def test_only_one_rebuild_has_the_lock(server: Server, index_name: str) -> None:
    """Another rebuild is refused, and the error names the holder. Afterwards nothing is left."""
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
def test_the_lock_of_a_dead_holder_is_taken_over(
    server: Server, index_name: str, facts: Row
) -> None:
    """The new holder knows that it has to clean up; the old lock is removed."""
    dead = RebuildLock(server, index_name)
    with dead.acquired():
        change_row(server, index_name, **facts)
        assert RebuildLock(server, index_name).holder() is None
        heir = RebuildLock(server, index_name)
        with heir.acquired():
            assert (heir.taken_over, heir.is_ours(), dead.is_ours()) == (True, True, False)
            assert sum(name.startswith(index_name) for name in server.collections()) == 1
    assert [name for name in server.collections() if name.startswith(index_name)] == []


def test_a_holder_on_another_machine_keeps_the_lock(server: Server, index_name: str) -> None:
    """The process on another machine cannot be checked; only missing heartbeats count."""
    with RebuildLock(server, index_name).acquired():
        change_row(server, index_name, machine="elsewhere", process=NO_PROCESS)
        with pytest.raises(IndexLocked), RebuildLock(server, index_name).acquired():
            pass


def test_a_holder_with_a_slow_clock_keeps_the_lock(
    server: Server, index_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rebuild that finds it expired watches for heartbeats first."""
    monkeypatch.setattr(locking, "HEARTBEAT_SECONDS", 0.05)
    monkeypatch.setattr(locking, "EXPIRES_AFTER", -1000.0)
    monkeypatch.setattr(locking, "WATCH_SECONDS", 1.5)  # heartbeats have whole seconds
    with RebuildLock(server, index_name).acquired():
        time.sleep(0.2)
        assert RebuildLock(server, index_name).holder() is None
        with pytest.raises(IndexLocked), RebuildLock(server, index_name).acquired():
            pass


def test_a_holder_that_lost_the_lock_cannot_write(
    server: Server, index_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A holder that lost the lock cannot write, for example after its machine was suspended."""
    monkeypatch.setattr(locking, "CONFIRMED_SECONDS", 0.0)
    dead = RebuildLock(server, index_name)
    with dead.acquired():
        dead.confirm()
        change_row(server, index_name, process=NO_PROCESS)
        with (
            RebuildLock(server, index_name).acquired(),
            pytest.raises(IndexLocked, match="taken over this rebuild's lock"),
        ):
            dead.confirm()


def test_a_retained_lock_is_taken_over(server: Server, index_name: str) -> None:
    """A rebuild that retains its lock has ended: the next one does not wait for it."""
    with (left := RebuildLock(server, index_name)).acquired():
        left.retain()
    heir = RebuildLock(server, index_name)
    with heir.acquired():
        assert heir.taken_over


def test_a_holder_sends_heartbeats(
    server: Server, index_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Heartbeats renew the lock of a long rebuild."""
    monkeypatch.setattr(locking, "HEARTBEAT_SECONDS", 0.05)
    with RebuildLock(server, index_name).acquired():
        change_row(server, index_name, expires=1)
        until = time.monotonic() + 10
        while RebuildLock(server, index_name).holder() is None and time.monotonic() < until:
            time.sleep(0.05)
        assert RebuildLock(server, index_name).holder() is not None


def test_the_machine_is_the_same_while_it_runs() -> None:
    """On Linux; elsewhere the id is random."""
    if not Path("/proc/self/ns/pid").exists():
        pytest.skip("only Linux says which machine it is")
    assert locking._machine() == locking._machine()
