"""The lock of a rebuild, kept by the server.

A rebuild makes a collection of its own, which says who it is, and has the alias NAME_lock mean it:
of several that try, Milvus lets one. The holder says every few seconds that it is alive. One that
has not for `EXPIRES_AFTER` is taken to be dead, and its lock is taken over; should it live after
all, it finds before it publishes that it has lost the lock, and publishes nothing.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from uuid import uuid4

from pullquote.errors import IndexLocked, IndexUnreachable, IndexUnwritable
from pullquote.index.milvus.conditions import Condition
from pullquote.index.milvus.rows import POINT
from pullquote.index.milvus.server import Row, Server
from pullquote.index.milvus.tables import LOCK

EXPIRES_AFTER = 60.0
"""Seconds without a sign of life. Long enough for a server that is slow for a while."""

ALIVE_EVERY = 10.0

SETTLES_IN = 1.0
"""Seconds after which two that took a dead one's lock over at once agree who has it."""
_SIGNED = Condition("expires > {none}", {"none": 0})


class Lock:
    """The lock of one index, as one rebuild sees it."""

    def __init__(self, server: Server, index: str) -> None:
        self._server = server
        self._alias = f"{index}_lock"
        self._begins = f"{index}_{LOCK.part}_"
        self._own = f"{self._begins}{uuid4().hex[:12]}"
        self._told = ", ".join(
            (
                f"process {os.getpid()}",
                f"host {socket.gethostname()}",
                f"since {datetime.now(UTC).isoformat(timespec='seconds')}",
            )
        )

    def holder(self) -> str | None:
        """Who holds it; None where nobody does."""
        found = self._held()
        return None if found is None or found["expires"] < time.time() else str(found["holder"])

    @contextmanager
    def held(self) -> Iterator[None]:
        """Held until left, and said to be every few seconds.

        Raises:
            IndexLocked: another rebuild holds it.
        """
        self._take()
        ended = threading.Event()
        alive = threading.Thread(target=self._say_alive, args=(ended,), daemon=True)
        alive.start()
        try:
            yield
        finally:
            ended.set()
            alive.join()
            with suppress(IndexUnreachable, IndexUnwritable):  # else it expires
                self._give_back()

    def is_ours(self) -> bool:
        """Whether it was not taken over meanwhile."""
        found = self._held()
        return found is not None and found["key"] == self._own

    def _take(self) -> None:
        self._server.create(self._own, LOCK, dimension=len(POINT))
        try:
            self._sign()
            if not self._server.name_first(self._own, self._alias):
                if (holder := self.holder()) is not None:
                    raise IndexLocked(self._server.place, holder=holder)
                self._server.name(self._own, self._alias)
                time.sleep(SETTLES_IN)
                if not self.is_ours():
                    other = self.holder()
                    told = "one that has just begun" if other is None else other
                    raise IndexLocked(self._server.place, holder=told)
        except BaseException:
            if not self._is_named():
                self._server.drop(self._own)
            raise
        self._sweep()

    def _is_named(self) -> bool:
        with suppress(IndexUnreachable, IndexUnwritable):
            return self.is_ours()
        return False

    def _give_back(self) -> None:
        if self.is_ours():
            self._server.forget_name(self._alias)
        self._server.drop(self._own)

    def _sign(self) -> None:
        row: Row = {
            "key": self._own,
            "holder": self._told,
            "expires": int(time.time() + EXPIRES_AFTER),
            "point": POINT,
        }
        self._server.upsert(self._own, [row])

    def _say_alive(self, ended: threading.Event) -> None:
        while not ended.wait(ALIVE_EVERY):
            with suppress(IndexUnreachable, IndexUnwritable):  # the next time it may answer
                self._sign()

    def _held(self) -> Row | None:
        """What the holder has said of itself."""
        if not self._server.exists(self._alias):
            return None
        rows = self._server.rows(self._alias, _SIGNED, LOCK.names())
        return rows[0] if rows else None

    def _sweep(self) -> None:
        """Remove what dead ones left; one that has not signed yet may be about to ask."""
        for name in self._server.names():
            if name.startswith(self._begins) and name != self._own:
                rows = self._server.rows(name, _SIGNED, LOCK.names())
                if rows and rows[0]["expires"] < time.time():
                    self._server.drop(name)
