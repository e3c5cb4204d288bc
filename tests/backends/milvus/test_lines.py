"""The line that disturbs the network in tests works as described."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest

from lines import Line
from milvus_servers import HERE, listen


@pytest.fixture
def line() -> Iterator[Line]:
    """A line to an echo server."""

    def echo(taken: socket.socket) -> None:
        with taken, suppress(OSError):
            while content := taken.recv(1024):
                taken.sendall(content)

    def take(listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=echo, args=(listening.accept()[0],), daemon=True).start()

    with listen(0) as listening:
        threading.Thread(target=take, args=(listening,), daemon=True).start()
        with Line(listening.getsockname()[1]) as made:
            yield made
        listening.shutdown(socket.SHUT_RDWR)


def connected(line: Line) -> socket.socket:
    """A connection through the line."""
    return socket.create_connection((HERE, line.port), timeout=5)


def test_a_stalled_line_loses_nothing(line: Line) -> None:
    """While it is stalled nothing arrives; afterwards everything arrives in order."""
    with connected(line) as connection:
        connection.sendall(b"one")
        assert connection.recv(3) == b"one"
        line.hold()
        connection.sendall(b"two")
        connection.settimeout(0.3)
        with pytest.raises(TimeoutError):
            connection.recv(3)
        line.release()
        connection.settimeout(5)
        assert connection.recv(3) == b"two"


def test_a_cut_line_ends_connections_and_can_be_restored(line: Line) -> None:
    """Open connections end and new ones are refused; later it works again."""
    with connected(line) as connection:
        connection.sendall(b"one")
        assert connection.recv(3) == b"one"
        line.cut()
        with suppress(ConnectionResetError):
            assert connection.recv(3) == b""
    with pytest.raises(ConnectionRefusedError):
        connected(line)
    line.mend()
    with connected(line) as connection:
        connection.sendall(b"two")
        assert connection.recv(3) == b"two"
