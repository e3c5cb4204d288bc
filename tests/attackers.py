"""Attacking clients with raw sockets: they send too slowly or too much, or read nothing."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import gradio

from served import Served

ATTACKER = "127.0.0.2"
"""An address of this machine that honest clients do not have."""

_ASSETS = Path(gradio.__file__).parent / "templates" / "frontend" / "assets"

BIG = f"/assets/{max(_ASSETS.glob('*.js'), key=lambda path: path.stat().st_size).name}"
"""The largest file that is served (4.6 MB), more than the system buffers for a slow client."""


def head(path: str, *more: str, method: str = "GET") -> bytes:
    """The head of a request."""
    lines = (f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *more)
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode()


def connected(
    served: Served, address: str = ATTACKER, *, buffer: int | None = None
) -> socket.socket:
    """A connection from an address of this machine, with a receive buffer of `buffer` bytes."""
    made = socket.socket()
    made.settimeout(30)
    if buffer is not None:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    made.bind((address, 0))
    made.connect(("127.0.0.1", served.port))
    return made


@contextmanager
def crowd(
    served: Served, count: int, address: str = ATTACKER, *, buffer: int | None = None
) -> Iterator[list[socket.socket]]:
    """That many connections of one attacker, closed at the end."""
    made = [connected(served, address, buffer=buffer) for _ in range(count)]
    try:
        yield made
    finally:
        for connection in made:
            connection.close()


def send(connection: socket.socket, data: bytes) -> None:
    """Send as much as the server accepts."""
    with suppress(OSError):
        connection.sendall(data)


def read_all(connection: socket.socket, *, seconds: float) -> tuple[bytes, bool]:
    """Everything received, and whether the connection ended within that many seconds of silence."""
    connection.settimeout(seconds)
    read = bytearray()
    try:
        while part := connection.recv(1 << 16):
            read += part
    except TimeoutError:
        return bytes(read), False
    except OSError:
        pass
    return bytes(read), True


def memory(served: Served) -> int:
    """The memory of the server, in bytes."""
    status = Path(f"/proc/{served.process.pid}/status").read_text()
    return 1024 * int(status.partition("VmRSS:")[2].split()[0])


def settled_memory(served: Served) -> int:
    """The least memory within ten seconds."""
    found = []
    for _ in range(10):
        found.append(memory(served))
        time.sleep(1)
    return min(found)


class Attack:
    """Attacking clients of many kinds, from several addresses, until they are stopped."""

    def __init__(self, served: Served, count: int) -> None:
        self._served = served
        self._stopped = threading.Event()
        kinds = (
            self._silent,
            self._slow_head,
            self._slow_body,
            self._pipelining,
            self._large_body,
            self._slow_upload,
            self._unread,
        )
        self._threads = [
            threading.Thread(
                target=self._attack,
                args=(kinds[number % len(kinds)], f"127.0.0.{2 + number % 4}"),
                daemon=True,
            )
            for number in range(count)
        ]

    def __enter__(self) -> Attack:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join(timeout=60)

    def _attack(self, kind: Callable[[socket.socket], None], address: str) -> None:
        """Attack, and connect again whenever the connection is closed."""
        while not self._stopped.is_set():
            with suppress(OSError), connected(self._served, address, buffer=4096) as connection:
                connection.settimeout(1)
                kind(connection)
            self._stopped.wait(0.3)

    def _drip(self, connection: socket.socket, data: bytes, *, seconds: float = 0.5) -> None:
        """Send one byte at a time until the server closes; its reply is not read."""
        for byte in data:
            if self._stopped.wait(seconds):
                return
            connection.send(bytes([byte]))

    def _linger(self, connection: socket.socket) -> None:
        """Send and read nothing until the connection is reset; a closed one looks open."""
        until = time.monotonic() + 40
        while time.monotonic() < until and not self._stopped.wait(0.5):
            if connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                return

    def _silent(self, connection: socket.socket) -> None:
        while not self._stopped.is_set():
            with suppress(TimeoutError):
                if connection.recv(1) == b"":
                    return

    def _slow_head(self, connection: socket.socket) -> None:
        self._drip(connection, head("/", "X-Long: " + "x" * 1000))

    def _slow_body(self, connection: socket.socket) -> None:
        connection.sendall(head("/gradio_api/queue/join", "Content-Length: 900", method="POST"))
        self._drip(connection, b"x" * 900)

    def _pipelining(self, connection: socket.socket) -> None:
        connection.sendall(head("/healthz") * 1000)
        self._linger(connection)

    def _large_body(self, connection: socket.socket) -> None:
        size = 1 << 20
        announced = f"Content-Length: {size}"
        connection.sendall(head("/gradio_api/queue/join", announced, method="POST"))
        connection.sendall(b"x" * (size - 1))
        self._linger(connection)

    def _slow_upload(self, connection: socket.socket) -> None:
        path = f"/corpus/upload?name=slow-{id(connection)}.txt"
        connection.sendall(head(path, "Content-Length: 100000", method="POST"))
        self._drip(connection, b"x" * 1000)

    def _unread(self, connection: socket.socket) -> None:
        connection.sendall(head(BIG))
        self._linger(connection)
