"""Cancels work in a thread.

A thread cannot be stopped from outside. So long work calls `check_cancelled` between its steps.
That raises `Cancelled` once `cancel` has been called on the `Cancellation` of the work, and
`OutOfTime` once the work has used the time that `cpu_limit` gives it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class Cancelled(BaseException):
    """The work was cancelled. `except Exception` does not catch it."""


class Cancellation:
    """A switch that cancels the work it is applied to. Safe to use from any thread."""

    def __init__(self) -> None:
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Cancel the work: its next `check_cancelled` raises."""
        self._cancelled.set()

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Make `check_cancelled` in this thread obey this switch.

        Raises:
            Cancelled: `cancel` has already been called.
        """
        token = _current.set(self)
        try:
            check_cancelled()
            yield
        finally:
            _current.reset(token)

    @property
    def is_cancelled(self) -> bool:
        """Whether `cancel` has been called."""
        return self._cancelled.is_set()


_current: ContextVar[Cancellation | None] = ContextVar("cancellation", default=None)


class OutOfTime(Exception):
    """The work has used its time."""


_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)
"""In seconds of this thread's CPU time."""


@contextmanager
def cpu_limit(seconds: float) -> Iterator[None]:
    """Let `check_cancelled` raise OutOfTime once this thread has used so many CPU seconds.

    A busy machine does not change what is in time, unlike with wall-clock time.
    """
    token = _deadline.set(time.thread_time() + seconds)
    try:
        yield
    finally:
        _deadline.reset(token)


def check_cancelled() -> None:
    """Raise if the current work was cancelled or has used its time.

    Raises:
        Cancelled: the work was cancelled.
        OutOfTime: the work has used the seconds that `cpu_limit` gave it.
    """
    current, deadline = _current.get(), _deadline.get()
    if current is not None and current.is_cancelled:
        raise Cancelled
    if deadline is not None and time.thread_time() > deadline:
        raise OutOfTime
