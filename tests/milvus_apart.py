"""A process that runs a server and always ends it; optionally in its own network namespace.

It ends when its inherited pipe closes, so the server cannot outlive the tests. With `--listener`
the server runs in its own network namespace, and may listen on every address there. Connections to
the inherited socket, which belongs to the outer network, are relayed to one port inside.
"""

from __future__ import annotations

import argparse
import ctypes
import fcntl
import os
import selectors
import signal
import socket
import struct
import subprocess
import sys
import threading
from contextlib import suppress

_GET_FLAGS, _SET_FLAGS, _UP = 0x8913, 0x8914, 1
_KILL_WITH_PARENT = 1
_HERE = "127.0.0.1"


def raise_loopback() -> None:
    """Switch on the loopback device of this network namespace; in a new one it is off."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        named = struct.pack("16sH14x", b"lo", 0)
        [_, flags] = struct.unpack("16sH14x", fcntl.ioctl(asking, _GET_FLAGS, named))
        fcntl.ioctl(asking, _SET_FLAGS, struct.pack("16sH14x", b"lo", flags | _UP))


def die_with_parent() -> None:
    """Let the system kill this process when its parent is killed."""
    ctypes.CDLL(None).prctl(_KILL_WITH_PARENT, signal.SIGKILL)


def carry(one: socket.socket, other: socket.socket) -> None:
    """Relay bytes both ways until one side ends."""
    with one, other, selectors.DefaultSelector() as ready, suppress(OSError):
        for side, facing in ((one, other), (other, one)):
            side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            ready.register(side, selectors.EVENT_READ, facing)
        while True:
            for key, _ in ready.select():
                content = os.read(key.fd, 1 << 16)
                if not content:
                    return
                key.data.sendall(content)


def relay_connections(listening: socket.socket, port: int) -> None:
    """Relay one connection after another."""
    while True:
        outside, _ = listening.accept()
        try:
            inside = socket.create_connection((_HERE, port))
        except OSError:
            outside.close()  # the server does not listen yet, or no longer
            continue
        threading.Thread(target=carry, args=(outside, inside), daemon=True).start()


def main() -> int:
    """Run the server and return its exit status; kill it when the pipe's other end is closed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--life", type=int, required=True)
    parser.add_argument("--listener", type=int)
    parser.add_argument("--port", type=int)
    parser.add_argument("command", nargs="+")
    given = parser.parse_args()
    if given.listener is not None:
        raise_loopback()
    server = subprocess.Popen(
        given.command,
        start_new_session=True,
        preexec_fn=die_with_parent,  # noqa: PLW1509 - no thread runs yet
    )
    if given.listener is not None:
        listening = socket.socket(fileno=given.listener)
        threading.Thread(
            target=relay_connections, args=(listening, given.port), daemon=True
        ).start()

    def end_with_pipe() -> None:
        os.read(given.life, 1)
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)

    threading.Thread(target=end_with_pipe, daemon=True).start()
    return server.wait()


if __name__ == "__main__":
    sys.exit(main())
