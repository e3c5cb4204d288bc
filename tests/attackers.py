"""Clients that wear a server out: raw sockets that send too slowly, too much, or read nothing."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import gradio

from served import Served

ATTACKER = "127.0.0.2"
"""An address of this machine other than the one that honest clients have."""

_ASSETS = Path(gradio.__file__).parent / "templates" / "frontend" / "assets"

BIG = f"/assets/{max(_ASSETS.glob('*.js'), key=lambda path: path.stat().st_size).name}"
"""The largest file that is served, 4.6 MB, more than the system takes for a client unread."""


def head(path: str, *more: str, method: str = "GET") -> bytes:
    """The head of a request."""
    lines = (f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *more)
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode()


def connected(
    served: Served, address: str = ATTACKER, *, buffer: int | None = None
) -> socket.socket:
    """A connection from an address of this machine, which takes `buffer` bytes unread."""
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
    """As many connections of one attacker, closed in the end."""
    made = [connected(served, address, buffer=buffer) for _ in range(count)]
    try:
        yield made
    finally:
        for connection in made:
            connection.close()


def send(connection: socket.socket, data: bytes) -> None:
    """Send what the server still takes."""
    with suppress(OSError):
        connection.sendall(data)


def read_all(connection: socket.socket, *, seconds: float) -> tuple[bytes, bool]:
    """What came until the end, and whether there was one within that time of silence."""
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
    """Bytes of memory that the server has."""
    status = Path(f"/proc/{served.process.pid}/status").read_text()
    return 1024 * int(status.partition("VmRSS:")[2].split()[0])


def settled_memory(served: Served) -> int:
    """The least memory within some seconds."""
    found = []
    for _ in range(5):
        found.append(memory(served))
        time.sleep(1)
    return min(found)
