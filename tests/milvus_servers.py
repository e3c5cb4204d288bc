"""Milvus servers for the tests, on this machine only: milvus-lite over TCP, and standalone.

`milvus-lite server` binds to loopback. The standalone server of the package `milvus` binds to every
address, so it runs in its own network namespace (milvus_apart.py). PULLQUOTE_MILVUS_SERVER names
the `milvus-server` to run. With PULLQUOTE_MILVUS=required a missing server fails the tests, which
are skipped otherwise.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from milvus_newer import Newer

HERE = "127.0.0.1"
APART = Path(__file__).with_name("milvus_apart.py")
PORT_INSIDE = 19530
USER, PASSWORD = "root", "sEcret-7f3a\\'\"{x}"
_FIRST_PASSWORD = "Milvus"  # noqa: S105 - what every new server has

LONGEST_START = 120.0
"""Seconds; it takes 3 here, and 16 if its files are unpacked first."""

TAIL = 40
"""Lines of a server's log that are shown if it fails."""


def missing(what: str) -> None:
    """Skip the test, or fail it if Milvus is required."""
    if os.environ.get("PULLQUOTE_MILVUS") == "required":
        pytest.fail(f"PULLQUOTE_MILVUS is required, but {what}", pytrace=False)
    pytest.skip(what)


def need_client() -> None:
    """Skip the test if pymilvus or milvus-lite is not installed."""
    for package in ("pymilvus", "milvus_lite"):
        if find_spec(package) is None:
            missing(f"{package} is not installed: pip install 'pullquote[milvus]'")


@cache
def own_network() -> tuple[str, ...]:
    """The command that runs another one in its own network namespace, in an allowed way."""
    for way in (("unshare", "-Urn"), ("unshare", "-n")):
        with suppress(OSError):
            if subprocess.run([*way, "true"], capture_output=True, check=False).returncode == 0:
                return way
    return ()


class MilvusServer:
    """A server that can be killed and started again, with the same address and data."""

    def __init__(
        self, folder: Path, command: Sequence[str], *, apart: bool, guarded: bool = False
    ) -> None:
        self.guarded = guarded
        self.log = folder / "log"
        self.port = 0
        self._command = command
        self.apart = apart
        self._life = -1
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def address(self) -> str:
        """Its address, as in the setting `index` without the index's name."""
        return f"milvus://{HERE}:{self.port}"

    @property
    def credentials(self) -> dict[str, str]:
        """The settings with its credentials."""
        return {"milvus_user": USER, "milvus_password": PASSWORD} if self.guarded else {}

    def start(self) -> None:
        """Start it, and wait until it answers; a guarded one gets its password the first time."""
        is_new = self.port == 0
        listening = listen(self.port)
        self.port = listening.getsockname()[1]
        watched, self._life = os.pipe()
        with listening, self.log.open("ab") as log:
            handed = [watched]
            keeper = [sys.executable, str(APART), "--life", str(watched)]
            if self.apart:
                handed.append(listening.fileno())
                keeper = [*own_network(), *keeper, "--listener", str(listening.fileno())]
                keeper += ["--port", str(PORT_INSIDE)]
            else:
                listening.close()
            command = [part.format(port=self.port) for part in self._command]
            self._process = subprocess.Popen(
                [*keeper, "--", *command],
                pass_fds=handed,
                stdout=log,
                stderr=log,
                start_new_session=True,  # a signal to the group would end the keeper process first
            )
        os.close(watched)
        self._wait_until_it_answers(_FIRST_PASSWORD if is_new else PASSWORD)
        if self.guarded and is_new:
            with closing(self.client(password=_FIRST_PASSWORD)) as client:
                client.update_password(USER, _FIRST_PASSWORD, PASSWORD)

    def kill(self) -> None:
        """Kill it with SIGKILL, so it has no time to clean up."""
        if self._process is not None:
            os.close(self._life)
            self._process.wait(timeout=30)
            self._process = None

    def client(self, *, seconds: float = 10.0, password: str = PASSWORD) -> Any:
        """A client of Milvus's own package."""
        from pymilvus import MilvusClient  # noqa: PLC0415 - not installed everywhere

        given = {"user": USER, "password": password} if self.guarded else {}
        return MilvusClient(uri=f"http://{HERE}:{self.port}", timeout=seconds, **given)

    def tail(self) -> str:
        """The last lines of its output."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-TAIL:])

    def _wait_until_it_answers(self, password: str) -> None:
        before = time.monotonic() + LONGEST_START
        while time.monotonic() < before:
            assert self._process is not None
            if self._process.poll() is not None:
                break
            if reachable(self.port):
                with (
                    suppress(Exception),  # any error: it is still starting
                    closing(self.client(seconds=2, password=password)) as client,
                ):
                    client.list_collections()
                    return
            time.sleep(0.1)
        self.kill()
        pytest.fail(f"{self._command[0]} did not start; its output:\n{self.tail()}", pytrace=False)


def listen(port: int) -> socket.socket:
    """A socket that listens on loopback, at that port; 0 is any free port."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((HERE, port))
    listening.listen(128)
    return listening


def reachable(port: int) -> bool:
    """Whether a server accepts a connection there and does not close it at once."""
    with suppress(OSError), socket.create_connection((HERE, port), timeout=1) as asking:
        asking.settimeout(0.2)
        try:
            return asking.recv(1) != b""
        except TimeoutError:
            return True
    return False


def lite_server_in(folder: Path) -> MilvusServer:
    """milvus-lite over TCP, not yet started."""
    need_client()
    program = Path(sys.executable).with_name("milvus-lite")
    command = [str(program), "server", "--data-dir", str(folder / "data")]
    command += ["--host", HERE, "--port", "{port}"]
    return MilvusServer(folder, command, apart=False)


def standalone_in(folder: Path, *, unpacked: Path, guarded: bool = False) -> MilvusServer:
    """The standalone server, not yet started; its programs are unpacked once, into `unpacked`."""
    need_client()
    beside = shutil.which("milvus-server", path=str(Path(sys.executable).parent))
    program = os.environ.get("PULLQUOTE_MILVUS_SERVER", beside or shutil.which("milvus-server"))
    if program is None:
        missing("there is no milvus-server: pip install milvus==2.3.5")
    if not own_network():
        missing("milvus-server binds every address, and unshare -n is not allowed here")
    unpacked.mkdir(exist_ok=True)
    data = folder / "data"
    data.mkdir(parents=True)
    (data / "bin").symlink_to(unpacked)
    asked = f"common.security.authorizationEnabled={str(guarded).lower()}"
    command = [str(program), "--data", str(data), "--extra-config", asked]
    return MilvusServer(folder, command, apart=True, guarded=guarded)


def running(server: MilvusServer) -> Iterator[MilvusServer]:
    """The server, started, until the tests are over."""
    server.start()
    try:
        yield server
    finally:
        server.kill()


@pytest.fixture(scope="session")
def lite_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MilvusServer]:
    """milvus-lite over TCP."""
    yield from running(lite_server_in(tmp_path_factory.mktemp("milvus-lite")))


@pytest.fixture(scope="session")
def newer(lite_server: MilvusServer) -> Iterator[Newer]:
    """milvus-lite behind a proxy that imitates Milvus 2.6."""
    from milvus_newer import newer_before  # noqa: PLC0415 - its packages are not installed everywhere

    with newer_before(lite_server.port) as server:
        yield server


@pytest.fixture(scope="session")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder where the programs of the standalone server are unpacked."""
    return tmp_path_factory.mktemp("milvus-bin") / "bin"


@pytest.fixture(scope="session")
def standalone(tmp_path_factory: pytest.TempPathFactory, unpacked: Path) -> Iterator[MilvusServer]:
    """The standalone server, without a password."""
    yield from running(standalone_in(tmp_path_factory.mktemp("milvus"), unpacked=unpacked))


@pytest.fixture(scope="session")
def guarded(tmp_path_factory: pytest.TempPathFactory, unpacked: Path) -> Iterator[MilvusServer]:
    """The standalone server, with a password."""
    folder = tmp_path_factory.mktemp("milvus-guarded")
    yield from running(standalone_in(folder, unpacked=unpacked, guarded=True))
