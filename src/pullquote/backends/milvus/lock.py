"""The lock of a rebuild, kept by the server.

A rebuild makes a collection of its own, which says who it is, and has the alias NAME_lock mean it:
of several that try, Milvus lets one. The holder says every few seconds that it is alive. One that
has not for `EXPIRES_AFTER` by our clock, nor does while we watch, since clocks differ, is taken to
be dead, and so is one of this machine whose process has ended. Its lock is taken over; should it
live after all, it finds out before it writes more, and publishes nothing.
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

from pullquote.backends.milvus.client.conditions import Condition
from pullquote.backends.milvus.client.server import Row, Server
from pullquote.backends.milvus.client.tables import LOCK
from pullquote.backends.milvus.rows import POINT
from pullquote.errors import IndexLocked, IndexUnreachable, IndexUnwritable

EXPIRES_AFTER = 60.0
"""Seconds without a sign of life. Long enough for a server that is slow for a while."""

ALIVE_EVERY = 10.0

WATCHED_FOR = 25.0
"""Seconds in which one that lives says so, twice as often as once."""

CONFIRMED_FOR = 15.0
"""Seconds for which a lock that was seen to be ours is taken to be."""

SETTLES_IN = 1.0
"""Seconds after which two that took a dead one's lock over at once agree who has it."""

TURNS = 3
"""Times that one tries to be the first, where others have just given it back."""

_JUST_BEGUN = "one that has just begun"

_SIGNED = Condition("expires > {none}", {"none": 0})

_NAME = re.compile(r"(?P<machine>[0-9a-f]{12})_(?P<process>[0-9]+)_(?P<second>[0-9]+)_[0-9a-f]{12}")

_held_here = set[str]()
"""The locks that threads of this process hold."""


class Lock:
    """The lock of one index, as one rebuild sees it.

    `taken_over` says that the one before has not given it back, and may have left something.
    """

    def __init__(self, server: Server, index: str) -> None:
        self._server = server
        self._alias = f"{index}_lock"
        self._begins = f"{index}_{LOCK.part}_"
        self._own = f"{self._begins}{_Maker.here().name}_{uuid4().hex[:12]}"
        since = datetime.now(UTC).isoformat(timespec="seconds")
        self._told = f"process {os.getpid()}, host {socket.gethostname()}, since {since}"
        self.kept = False
        self._confirmed = -math.inf
        self.taken_over = False

    def holder(self) -> str | None:
        """Who holds it; None where nobody does."""
        found = self._held()
        return None if found is None or _is_dead(found) else str(found["holder"])

    @contextmanager
    def held(self) -> Iterator[None]:
        """Held until left, and said to be every few seconds.

        Raises:
            IndexLocked: another rebuild holds it.
        """
        _held_here.add(self._own)
        try:
            self._take()
            ended = threading.Event()
            alive = threading.Thread(target=self._say_alive, args=(ended,), daemon=True)
            alive.start()
            try:
                yield
            finally:
                ended.set()
                alive.join()
                with suppress(IndexUnreachable, IndexUnwritable):  # else it is taken over
                    self._give_back()
        finally:
            _held_here.discard(self._own)

    def keep(self, kept: bool = True) -> None:
        """Do not give it back: what was begun is not undone, and the next one has to know."""
        self.kept = kept

    def is_ours(self) -> bool:
        """Whether it was not taken over meanwhile."""
        return self._server.meant(self._alias) == self._own

    def confirm(self) -> None:
        """Look whether it is still ours, if that was not seen just now. Before all that is written.

        Raises:
            IndexLocked: it was taken over.
        """
        now = time.time()  # which goes on while the machine sleeps
        if abs(now - self._confirmed) > CONFIRMED_FOR:
            if not self.is_ours():
                raise IndexLocked(self._server.place, holder="it took the lock of this one over")
            self._confirmed = now

    def _take(self) -> None:
        self._server.create(self._own, LOCK, dimension=len(POINT))
        try:
            self._sign()
            self._take_turn()
            self._sweep()
        except BaseException:
            with suppress(IndexUnreachable, IndexUnwritable):  # else the next one does
                if not self.is_ours():
                    self._server.drop(self._own)
            raise

    def _take_turn(self) -> None:
        for _ in range(TURNS):
            # pymilvus may have asked twice, and have been told that there is one: ours.
            if self._server.name_first(self._own, self._alias) or self.is_ours():
                return
            if (name := self._server.meant(self._alias)) is None:
                continue  # it was given back just now
            if (holder := self._living(name)) is not None:
                raise IndexLocked(self._server.place, holder=holder)
            self._take_over()
            return
        raise IndexLocked(self._server.place, holder=_JUST_BEGUN)

    def _living(self, name: str) -> str | None:
        """Who holds the lock of that name; None where it is dead, as is known or was watched."""
        found = self._signed(name)
        if found is None or _is_known_dead(found):
            return None
        if _seems_dead(found):
            time.sleep(WATCHED_FOR)
            if self._signed(name) == found:
                return None
        return str(found["holder"])

    def _take_over(self) -> None:
        self._server.name(self._own, self._alias)
        time.sleep(SETTLES_IN)
        if not self.is_ours():
            other = self.holder()
            raise IndexLocked(self._server.place, holder=_JUST_BEGUN if other is None else other)
        self.taken_over = True

    def _sweep(self) -> None:
        """Remove what dead ones have left that were killed before they held the lock or after."""
        for name in self._server.names():
            maker = _Maker.of(name, begins=self._begins)
            if maker is None or name == self._own:
                continue
            signed = None
            with suppress(IndexUnreachable):  # it was not finished, or is gone by now
                signed = self._signed(name)
            if maker.is_dead(name) if signed is None else _is_dead(signed):
                self._server.drop(name)

    def _give_back(self) -> None:
        if self.kept:
            return
        if self.is_ours():
            self._server.forget_name(self._alias)
        self._server.drop(self._own)

    def _sign(self) -> None:
        row: Row = {
            "key": self._own,
            "holder": self._told,
            "machine": _machine(),
            "process": os.getpid(),
            "expires": int(time.time() + EXPIRES_AFTER),
            "point": POINT,
        }
        self._server.upsert(self._own, [row], at_once=True)

    def _say_alive(self, ended: threading.Event) -> None:
        while not ended.wait(ALIVE_EVERY):
            with suppress(IndexUnreachable, IndexUnwritable):  # the next time it may answer
                self._sign()

    def _held(self) -> Row | None:
        """What the holder has said of itself."""
        name = self._server.meant(self._alias)
        return None if name is None else self._signed(name)

    def _signed(self, name: str) -> Row | None:
        """What the maker of a lock has said of itself; None before that."""
        rows = self._server.rows(name, _SIGNED, LOCK.names())
        return rows[0] if rows else None


@dataclass(frozen=True, slots=True)
class _Maker:
    """Who made a lock's collection, and in which second: its name tells before it is signed."""

    machine: str
    process: int
    second: int

    @classmethod
    def here(cls) -> _Maker:
        """The one that this process is now."""
        return cls(sha256(_machine().encode()).hexdigest()[:12], os.getpid(), int(time.time()))

    @classmethod
    def of(cls, name: str, *, begins: str) -> _Maker | None:
        """The one that a collection's name tells; None where it is of no lock of this index."""
        found = _NAME.fullmatch(name.removeprefix(begins)) if name.startswith(begins) else None
        if found is None:
            return None
        return cls(found["machine"], int(found["process"]), int(found["second"]))

    @property
    def name(self) -> str:
        """The same as a part of a collection's name."""
        return f"{self.machine}_{self.process}_{self.second}"

    def is_dead(self, key: str) -> bool:
        """Whether it will never sign the lock of that key."""
        if self.second + EXPIRES_AFTER < time.time():
            return True
        return self.machine == _Maker.here().machine and _has_ended(self.process, key)


def _is_dead(row: Row) -> bool:
    """Whether a lock's holder seems to be dead, or is known to be."""
    return _seems_dead(row) or _is_known_dead(row)


def _seems_dead(row: Row) -> bool:
    """Whether a lock's holder has not been heard of for long, by the clock of this machine."""
    return bool(row["expires"] < time.time())


def _is_known_dead(row: Row) -> bool:
    """Whether a lock's holder was of this machine and has ended."""
    return row["machine"] == _machine() and _has_ended(row["process"], row["key"])


def _has_ended(process: int, key: str) -> bool:
    """Whether nobody on this machine holds the lock of that key any more."""
    if process == os.getpid():
        return key not in _held_here
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except PermissionError:  # it is somebody else's
        return False
    return False


def _machine() -> str:
    """What tells this machine, or container, from all others while it runs; empty if nothing does.

    Processes are known by their numbers in one space of them since one start of the system.
    """
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{socket.gethostname()} {boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:  # no Linux: the lock expires
        return f"unknown {uuid4()}"
