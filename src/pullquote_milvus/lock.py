"""The lock of a rebuild, stored on the server.

Each rebuild creates a collection that describes the rebuild, and tries to point the alias NAME_lock
at it. Milvus lets only one rebuild succeed. The holder sends a heartbeat every few seconds.

A lock is taken over if its process has ended on this machine, or if it has expired and no heartbeat
comes while we watch. Expiry alone is not enough, since clocks differ. A holder that was only asleep
notices the loss before it writes again, and publishes nothing.
"""

from __future__ import annotations

import math
import os
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from pullquote.schema.errors import IndexLocked, IndexUnreachable, IndexUnwritable
from pullquote_milvus.client.conditions import Condition
from pullquote_milvus.client.server import Row, Server
from pullquote_milvus.client.tables import LOCK
from pullquote_milvus.rows import PLACEHOLDER

EXPIRES_AFTER = 60.0
"""Seconds without a heartbeat after which a lock expires; a server may be slow for a while."""

HEARTBEAT_SECONDS = 10.0

WATCH_SECONDS = 25.0
"""Seconds to watch an expired lock for heartbeats; a live holder sends two in that time."""

CONFIRMED_SECONDS = 15.0
"""Seconds for which a confirmed lock is not looked up again."""

TAKEOVER_SECONDS = 1.0
"""Seconds after which two rebuilds that took over a lock at the same time both know who has it."""

ATTEMPTS = 3
"""How many times to try to acquire a lock, since its holder may release it during an attempt."""

_UNKNOWN_HOLDER = "it has just begun"

_WRITTEN = Condition("expires > {none}", {"none": 0})

_NAME = re.compile(r"(?P<machine>[0-9a-f]{12})_(?P<process>[0-9]+)_(?P<second>[0-9]+)_[0-9a-f]{12}")

_own_keys = set[str]()
"""The keys of the locks that threads of this process hold."""


class RebuildLock:
    """The lock of one index, as one rebuild sees it.

    `taken_over` is true if the previous holder did not release the lock, and may have left
    unfinished work.
    """

    def __init__(self, server: Server, index: str) -> None:
        self._server = server
        self._alias = f"{index}_lock"
        self._prefix = f"{index}_{LOCK.part}_"
        self._own = f"{self._prefix}{_Owner.here().name}_{uuid4().hex[:12]}"
        since = datetime.now(UTC).isoformat(timespec="seconds")
        self._description = f"process {os.getpid()}, host {socket.gethostname()}, since {since}"
        self.retained = False
        self._confirmed = -math.inf
        self.taken_over = False

    def holder(self) -> str | None:
        """A description of the holder; None if the lock is free."""
        name = self._server.resolve_alias(self._alias)
        found = None if name is None else self._row(name)
        return None if found is None or _is_dead(found) else str(found["holder"])

    @contextmanager
    def acquired(self) -> Iterator[None]:
        """Acquire the lock, send heartbeats, and release it on the way out.

        Raises:
            IndexLocked: another rebuild holds the lock.
        """
        _own_keys.add(self._own)
        try:
            self._acquire()
            ended = threading.Event()
            heartbeats = threading.Thread(target=self._send_heartbeats, args=(ended,), daemon=True)
            heartbeats.start()
            try:
                yield
            finally:
                ended.set()
                heartbeats.join()
                with suppress(IndexUnreachable, IndexUnwritable):  # otherwise it will be taken over
                    self._release()
        finally:
            _own_keys.discard(self._own)

    def retain(self, retained: bool = True) -> None:
        """Do not release the lock, so the next rebuild knows that it has to clean up."""
        self.retained = retained

    def is_ours(self) -> bool:
        """Whether nobody has taken the lock over."""
        return self._server.resolve_alias(self._alias) == self._own

    def confirm(self) -> None:
        """Check that the lock is still ours, unless that was checked just now.

        Call this before every write.

        Raises:
            IndexLocked: another rebuild has taken the lock over.
        """
        now = time.time()  # the monotonic clock stops while the machine sleeps
        if abs(now - self._confirmed) > CONFIRMED_SECONDS:
            if not self.is_ours():
                raise IndexLocked(
                    self._server.place, holder="it has taken over this rebuild's lock"
                )
            self._confirmed = now

    def _acquire(self) -> None:
        self._server.create(self._own, LOCK, dimension=len(PLACEHOLDER))
        try:
            self._write_row()
            self._claim_alias()
            self._remove_leftovers()
        except BaseException:
            with suppress(IndexUnreachable, IndexUnwritable):  # otherwise the next rebuild does it
                if not self.is_ours():
                    self._server.drop(self._own)
            raise

    def _claim_alias(self) -> None:
        for _ in range(ATTEMPTS):
            # If pymilvus repeats a call, it may report the alias that the first attempt created.
            if self._server.create_alias(self._own, self._alias) or self.is_ours():
                return
            if (name := self._server.resolve_alias(self._alias)) is None:
                continue  # the holder has just released it
            if (holder := self._living_holder(name)) is not None:
                raise IndexLocked(self._server.place, holder=holder)
            self._take_over()
            return
        raise IndexLocked(self._server.place, holder=_UNKNOWN_HOLDER)

    def _living_holder(self, name: str) -> str | None:
        """The holder of the lock with this name; None if it is dead. May watch it for a while."""
        found = self._row(name)
        if found is None or _is_known_dead(found):
            return None
        if _seems_dead(found):
            time.sleep(WATCH_SECONDS)
            if self._row(name) == found:
                return None
        return str(found["holder"])

    def _take_over(self) -> None:
        self._server.set_alias(self._own, self._alias)
        time.sleep(TAKEOVER_SECONDS)
        if not self.is_ours():
            raise IndexLocked(self._server.place, holder=self.holder() or _UNKNOWN_HOLDER)
        self.taken_over = True

    def _remove_leftovers(self) -> None:
        """Remove the collections of rebuilds that were killed while getting or releasing a lock."""
        for name in self._server.collections():
            owner = _Owner.of(name, prefix=self._prefix)
            if owner is None or name == self._own:
                continue
            row = None
            with suppress(IndexUnreachable):  # it was not finished, or has been removed
                row = self._row(name)
            if owner.is_dead(name) if row is None else _is_dead(row):
                self._server.drop(name)

    def _release(self) -> None:
        if self.retained:
            return
        if self.is_ours():
            self._server.drop_alias(self._alias)
        self._server.drop(self._own)

    def _write_row(self) -> None:
        row: Row = {
            "key": self._own,
            "holder": self._description,
            "machine": _machine(),
            "process": os.getpid(),
            "expires": int(time.time() + EXPIRES_AFTER),
            "point": PLACEHOLDER,
        }
        self._server.upsert(self._own, [row], at_once=True)

    def _send_heartbeats(self, ended: threading.Event) -> None:
        while not ended.wait(HEARTBEAT_SECONDS):
            with suppress(IndexUnreachable, IndexUnwritable):  # the next heartbeat may succeed
                self._write_row()

    def _row(self, name: str) -> Row | None:
        """The row in the collection of a lock; None if it has not been written yet."""
        rows = self._server.rows(name, _WRITTEN, LOCK.column_names())
        return rows[0] if rows else None


@dataclass(frozen=True, slots=True)
class _Owner:
    """Who created a lock's collection, and when. Its name says this before its row does."""

    machine: str
    process: int
    second: int

    @classmethod
    def here(cls) -> _Owner:
        """The current process and second."""
        return cls(sha256(_machine().encode()).hexdigest()[:12], os.getpid(), int(time.time()))

    @classmethod
    def of(cls, name: str, *, prefix: str) -> _Owner | None:
        """Parse the name of a collection; None if it is not a lock of this index."""
        found = _NAME.fullmatch(name.removeprefix(prefix)) if name.startswith(prefix) else None
        if found is None:
            return None
        return cls(found["machine"], int(found["process"]), int(found["second"]))

    @property
    def name(self) -> str:
        """The owner as a part of a collection's name."""
        return f"{self.machine}_{self.process}_{self.second}"

    def is_dead(self, key: str) -> bool:
        """Whether the owner will never write the row of the lock with that key."""
        if self.second + EXPIRES_AFTER < time.time():
            return True
        return self.machine == _Owner.here().machine and _has_ended(self.process, key)


def _is_dead(row: Row) -> bool:
    """Whether a lock's holder seems to be dead, or is known to be."""
    return _seems_dead(row) or _is_known_dead(row)


def _seems_dead(row: Row) -> bool:
    """Whether a lock has expired by the clock of this machine."""
    return bool(row["expires"] < time.time())


def _is_known_dead(row: Row) -> bool:
    """Whether a lock's holder ran on this machine and has ended."""
    return row["machine"] == _machine() and _has_ended(row["process"], row["key"])


def _has_ended(process: int, key: str) -> bool:
    """Whether a process on this machine no longer holds the lock with this key."""
    if process == os.getpid():
        return key not in _own_keys
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except PermissionError:  # the process of another user
        pass
    return False


def _machine() -> str:
    """An id of this machine or container that changes at every boot.

    It is random if the system provides none.

    The id contains the PID namespace, since a process id is only meaningful within its namespace.
    """
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{socket.gethostname()} {boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:  # not Linux: only expiry frees the lock
        return f"unknown {uuid4()}"
