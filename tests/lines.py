"""A TCP relay in front of a server that can stall or break, as networks do."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from types import TracebackType

from milvus_servers import HERE, listen

_AT_ONCE = 1 << 16


class Line:
    """Relays `port`, in both directions, to another port of this machine.

    A stalled relay has open connections but passes nothing; a cut one has no connections.
    """

    def __init__(self, to: int) -> None:
        self._to = to
        self._free = threading.Event()
        self._free.set()
        self._lock = threading.Lock()
        self._ends: list[socket.socket] = []
        self._listening: socket.socket | None = None
        self.port = 0
        self.mend()

    def hold(self) -> None:
        """Pass nothing from now on."""
        self._free.clear()

    def release(self) -> None:
        """Pass the waiting bytes and all later ones."""
        self._free.set()

    def cut(self) -> None:
        """End every connection, and refuse others."""
        with self._lock:
            ends, self._ends = self._ends, []
            if self._listening is not None:
                ends.append(self._listening)
                self._listening = None
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def mend(self) -> None:
        """Accept connections again, at the same port."""
        listening = listen(self.port)
        self.port = listening.getsockname()[1]
        self._listening = listening
        threading.Thread(target=self._take, args=(listening,), daemon=True).start()

    def __enter__(self) -> Line:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.cut()
        self.release()

    def _take(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listening.accept()
                try:
                    far = socket.create_connection((HERE, self._to), timeout=5)
                except OSError:
                    near.close()
                    continue
                far.settimeout(None)
                with self._lock:
                    self._ends += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._pass, args=(one, other), daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while content := one.recv(_AT_ONCE):
                self._free.wait()
                other.sendall(content)
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
