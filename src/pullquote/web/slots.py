"""Runs blocking work in threads: a fixed number of tasks at a time, in order, with a time limit."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

from anyio import CapacityLimiter

from pullquote.cancellation import Cancellation, Cancelled
from pullquote.errors import PullquoteError, QuestionGivenUp

_LOOK_SECONDS = 0.25
"""How often to check whether the caller still waits for the work."""

GRACE_SECONDS = 5.0
"""How long cancelled work may go on before its slot counts as stuck."""

T = TypeVar("T")


class CallerLeft(PullquoteError):
    """The work was cancelled because its caller has left."""

    def __init__(self) -> None:
        super().__init__("The connection was lost, so the question was cancelled. Ask again.")


class Slots:
    """Threads that do blocking work, `count` at a time.

    Work is cancelled (see `pullquote.cancellation`) when its caller is cancelled or has left, or
    after `seconds`. Work waits for a slot for at most `seconds`, and occupies the slot until it has
    ended. `waiting` counts the work that waits.
    """

    def __init__(self, count: int, *, seconds: float, name: str) -> None:
        self._count = count
        self._seconds = seconds
        self.name = name
        self._limiter = CapacityLimiter(count)
        self._threads = ThreadPoolExecutor(count, thread_name_prefix=name)
        self._started: dict[Cancellation, float] = {}
        self.waiting = 0

    @property
    def running(self) -> int:
        """The work that has a slot."""
        return len(self._started)

    async def run(self, work: Callable[[], T], *, has_left: Callable[[], bool]) -> T:
        """The result of the work, which starts when a slot is free.

        Raises:
            CallerLeft: `has_left()` became true; the work was cancelled or never started.
            QuestionGivenUp: the work took or waited too long, and was cancelled.
        """
        cancellation = Cancellation()
        self.waiting += 1
        try:
            await self._acquire(cancellation, has_left)
        finally:
            self.waiting -= 1
        try:
            running = asyncio.get_running_loop().run_in_executor(
                self._threads, copy_context().run, _cancellable(cancellation, work)
            )
        except BaseException:
            self._limiter.release_on_behalf_of(cancellation)
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

    async def _acquire(self, cancellation: Cancellation, has_left: Callable[[], bool]) -> None:
        """Wait for a slot, and take it."""
        waiting = asyncio.ensure_future(self._limiter.acquire_on_behalf_of(cancellation))
        deadline = time.monotonic() + self._seconds
        try:
            while not waiting.done():
                if has_left():
                    raise CallerLeft
                if time.monotonic() > deadline:
                    raise QuestionGivenUp(self._seconds)
                await asyncio.wait({waiting}, timeout=_LOOK_SECONDS)
            waiting.result()
        except BaseException:
            if waiting.done() and not waiting.cancelled() and waiting.exception() is None:
                self._limiter.release_on_behalf_of(cancellation)
            waiting.cancel()
            raise

    def _release(self, cancellation: Cancellation, done: asyncio.Future[T]) -> None:
        """Free the slot of work that has ended."""
        del self._started[cancellation]
        self._limiter.release_on_behalf_of(cancellation)
        if not done.cancelled():
            done.exception()  # retrieved here, because perhaps nobody else does so


def _cancellable(cancellation: Cancellation, work: Callable[[], T]) -> Callable[[], T]:
    """The work as a function that can be cancelled in its thread."""

    def run() -> T:
        try:
            with cancellation.applied():
                return work()
        except Cancelled:
            raise CallerLeft from None

    return run
