"""Runs blocking work in threads: a few tasks at a time, in fair turns, with a time limit."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from contextvars import copy_context
from math import ceil
from typing import TypeVar

from pullquote.base.cancellation import Cancellation, Cancelled
from pullquote.base.thread_pool import ThreadPool
from pullquote.schema.errors import Busy, PullquoteError, QuestionGivenUp

_LOOK_SECONDS = 0.25
"""How often to check whether the caller still waits for the work."""

GRACE_SECONDS = 5.0
"""How long cancelled work may go on before its slot counts as stuck."""

_RECENT = 20
"""Pieces of work by whose time it is estimated how long others wait."""

T = TypeVar("T")


class CallerLeft(PullquoteError):
    """The work was cancelled because its caller has left."""

    def __init__(self) -> None:
        super().__init__("The connection was lost, so the question was cancelled. Ask again.")


class ShareTaken(Busy):
    """A client has `waiting` requests of one kind that wait, as many as one may have."""

    def __init__(self, waiting: int) -> None:
        self.waiting = waiting
        PullquoteError.__init__(
            self,
            f"{waiting} requests of this kind from your address are waiting, the most that one "
            "address may have. Please try again in a few seconds.",
        )


class LineTooLong(Busy):
    """The work would wait for about `wait` seconds, but none may wait for more than `seconds`."""

    def __init__(self, wait: float, seconds: float) -> None:
        self.wait = wait
        self.seconds = seconds
        self.retry_seconds = max(1, ceil(wait - seconds))
        PullquoteError.__init__(
            self,
            f"pullquote is busy: the wait would be about {ceil(wait)} s, longer than the "
            f"{seconds:g} s allowed. Please try again in {self.retry_seconds} s.",
        )


def turns_before(counts: Mapping[str, int], client: str) -> int:
    """How many turns come before the next one of a client, if each has so many turns to come.

    Clients are served in rotation. So before its third turn come up to three of each other client.
    """
    own = counts.get(client, 0)
    return own + sum(min(count, own + 1) for one, count in counts.items() if one != client)


class FairTurns:
    """Turns, of which `count` are taken at a time.

    The clients that wait are served in rotation, and each client's turns in the order in which it
    asked. So whoever asks once waits for one turn of each other client, not for all their turns.
    """

    def __init__(self, count: int) -> None:
        self._free = count
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    def __len__(self) -> int:
        """How many turns are waited for."""
        return sum(map(len, self._waiting.values()))

    def before(self, client: str) -> int:
        """How many of the turns that are waited for come before the next one of a client."""
        return turns_before({one: len(turns) for one, turns in self._waiting.items()}, client)

    def check_room(self, client: str, *, most: int) -> None:
        """Check that a client may wait beside others; a known one may have half the room.

        Raises:
            ShareTaken: the client waits for as many turns as one may.
            Busy: `most` turns are waited for already.
        """
        share = max(1, most // 2)
        if client and len(self._waiting.get(client, ())) >= share:
            raise ShareTaken(share)
        if len(self) >= most:
            raise Busy(most)

    def ask(self, client: str) -> asyncio.Future[None]:
        """A future that is done when the client has the turn; give it back, or `withdraw`."""
        turn = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(client, deque()).append(turn)
        self._serve()
        return turn

    def withdraw(self, client: str, turn: asyncio.Future[None]) -> None:
        """Wait no longer; a turn that the client already has is given back."""
        if turn.done():
            self.give_back()
            return
        self._waiting[client].remove(turn)
        if not self._waiting[client]:
            del self._waiting[client]

    @asynccontextmanager
    async def taken(self, client: str) -> AsyncIterator[None]:
        """Wait for a turn, and have it while the context is open."""
        turn = self.ask(client)
        try:
            await asyncio.wait({turn})
            yield
        finally:
            self.withdraw(client, turn)

    def give_back(self) -> None:
        """End a turn."""
        self._free += 1
        self._serve()

    def _serve(self) -> None:
        while self._free and self._waiting:
            client = next(iter(self._waiting))
            turns = self._waiting.pop(client)
            turns.popleft().set_result(None)
            self._free -= 1
            if turns:
                self._waiting[client] = turns  # behind the others


class Slots:
    """Threads that do blocking work, `count` at a time; clients take fair turns.

    Work is cancelled (see `base.cancellation`) when its caller is cancelled or has left, or after
    `seconds`. Work waits for a slot for at most `seconds`, and occupies the slot until it has
    ended. How long it will wait is estimated from the time that recent work took.
    """

    def __init__(self, count: int, *, seconds: float, name: str) -> None:
        self._count = count
        self._seconds = seconds
        self.name = name
        self._turns = FairTurns(count)
        self._threads = ThreadPool(count, name=name)
        self._started: dict[Cancellation, float] = {}
        self.recent = deque[float](maxlen=_RECENT)

    @property
    def waiting(self) -> int:
        """The work that waits."""
        return len(self._turns)

    @property
    def running(self) -> int:
        """The work that has a slot."""
        return len(self._started)

    def check_room(self, client: str, *, most: int) -> None:
        """Check that work of a client may wait, and will not wait for too long.

        Raises:
            Busy: see `FairTurns.check_room` and `check_wait`.
        """
        self._turns.check_room(client, most=most)
        self.check_wait(self.before(client))

    def before(self, client: str) -> int:
        """How much work runs, or has its turn before the next work of a client."""
        return self.running + self._turns.before(client)

    def check_wait(self, before: int) -> None:
        """Check that work will not wait for too long behind so much other work.

        Raises:
            LineTooLong: it would probably be given up before its turn.
        """
        each = sum(self.recent) / len(self.recent) if self.recent else 0.0
        wait = before * each / self._count
        if wait > self._seconds:
            raise LineTooLong(wait, self._seconds)

    async def run(
        self, work: Callable[[], T], *, has_left: Callable[[], bool], client: str = ""
    ) -> T:
        """The result of a client's work, which starts when it is the client's turn.

        Raises:
            CallerLeft: `has_left()` became true; the work was cancelled or never started.
            QuestionGivenUp: the work took or waited too long, and was cancelled.
        """
        cancellation = Cancellation()
        await self._acquire(client, has_left)
        try:
            running = asyncio.get_running_loop().run_in_executor(
                self._threads, copy_context().run, _cancellable(cancellation, work)
            )
        except BaseException:
            self._turns.give_back()
            raise
        deadline = time.monotonic() + self._seconds
        self._started[cancellation] = deadline - self._seconds
        running.add_done_callback(lambda done: self._release(cancellation, done))
        try:
            while not running.done():
                if has_left():
                    raise CallerLeft
                if (left := deadline - time.monotonic()) <= 0:
                    raise QuestionGivenUp(self._seconds)
                await asyncio.wait({running}, timeout=min(left, _LOOK_SECONDS))
            return running.result()
        finally:
            cancellation.cancel()

    def are_stuck(self, *, grace: float | None = None) -> bool:
        """Whether every slot has work that should have ended `grace` seconds ago.

        Unless given, `grace` is `GRACE_SECONDS`.
        """
        late = GRACE_SECONDS if grace is None else grace
        latest = time.monotonic() - self._seconds - late
        return sum(started < latest for started in self._started.values()) >= self._count

    async def _acquire(self, client: str, has_left: Callable[[], bool]) -> None:
        turn = self._turns.ask(client)
        deadline = time.monotonic() + self._seconds
        try:
            while not turn.done():
                if has_left():
                    raise CallerLeft
                if time.monotonic() > deadline:
                    raise QuestionGivenUp(self._seconds)
                await asyncio.wait({turn}, timeout=_LOOK_SECONDS)
        except BaseException:
            self._turns.withdraw(client, turn)
            raise

    def _release(self, cancellation: Cancellation, done: asyncio.Future[T]) -> None:
        """Free the slot of work that has ended, and note how long it took."""
        took = time.monotonic() - self._started.pop(cancellation)
        self._turns.give_back()
        # Retrieved here, because perhaps nobody else does so.
        error = None if done.cancelled() else done.exception()
        if not isinstance(error, CallerLeft) or took >= self._seconds:
            self.recent.append(took)  # work whose caller left early would have taken longer


def _cancellable(cancellation: Cancellation, work: Callable[[], T]) -> Callable[[], T]:
    def run() -> T:
        try:
            with cancellation.applied():
                return work()
        except Cancelled:
            raise CallerLeft from None

    return run
