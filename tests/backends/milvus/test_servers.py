"""The servers of the Milvus tests are the right ones, and they end with the tests."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from signal import Signals

import pytest

from milvus_servers import HERE, MilvusServer, lite_server_in, reachable

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("milvus")]

LEFT = """
import os, sys
from pathlib import Path
from milvus_servers import standalone_in
server = standalone_in(Path(sys.argv[1]), unpacked=Path(sys.argv[3]))
server.start()
print(server.port, flush=True)
os.killpg(os.getpid(), int(sys.argv[2]))
"""


def test_the_standalone_server_is_a_real_one(standalone: MilvusServer) -> None:
    """The standalone server reports its version."""
    assert standalone.client().get_server_version() == "v2.3.5-lite"


def commands_with(folder: Path) -> list[bytes]:
    """The commands of the running processes that name a folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            found.append(path.read_bytes())
    return [command for command in found if str(folder).encode() in command]


@pytest.mark.parametrize("name", ["lite_server", "standalone"])
def test_no_server_is_open_to_others(request: pytest.FixtureRequest, name: str) -> None:
    """A server listens at one loopback address only."""
    server: MilvusServer = request.getfixturevalue(name)
    socket.create_connection((HERE, server.port), timeout=2).close()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.2", server.port), timeout=2).close()


def test_the_guarded_server_asks_for_a_password(guarded: MilvusServer) -> None:
    """Another password, or none, is refused."""
    from pymilvus import MilvusClient, MilvusException  # noqa: PLC0415 - not everywhere

    assert isinstance(guarded.client().list_collections(), list)
    where = f"http://{HERE}:{guarded.port}"
    for given in ({}, {"user": "root", "password": "wrong password"}):
        with pytest.raises(MilvusException):
            MilvusClient(uri=where, timeout=3, **given).list_collections()


def test_a_killed_server_comes_back(tmp_path: Path) -> None:
    """A killed server restarts at the same address with its data."""
    server = lite_server_in(tmp_path)
    server.start()
    try:
        port = server.port
        client = server.client()
        client.create_collection("bay", dimension=4)
        client.close()
        server.kill()
        assert not reachable(port)
        server.start()
        assert (server.port, server.client().list_collections()) == (port, ["bay"])
    finally:
        server.kill()


@pytest.mark.parametrize("signal", [Signals.SIGKILL, Signals.SIGTERM])
def test_no_server_outlives_the_tests(
    standalone: MilvusServer, unpacked: Path, tmp_path: Path, signal: Signals
) -> None:
    """Servers end even if the tests are killed and cannot clean up."""
    done = subprocess.run(
        [sys.executable, "-c", LEFT, str(tmp_path), str(int(signal)), str(unpacked)],
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == -signal, done.stderr
    port, until = int(done.stdout), time.monotonic() + 10
    while (reachable(port) or commands_with(tmp_path)) and time.monotonic() < until:
        time.sleep(0.1)
    assert not reachable(port)
    assert not commands_with(tmp_path)
