"""Stopping work in a thread whose result nobody waits for any more.

A thread cannot be ended from outside. Work that takes long calls `check_cancelled` between its
steps, and ends there with `Cancelled` once its `Cancellation` says so.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class Cancelled(BaseException):
    """The work was cancelled. No error: code that handles errors must not go on with the work."""


class Cancellation:
    """A switch that ends the work done under it; safe to use from any thread."""

    def __init__(self) -> None:
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """End the work at its next call of `check_cancelled`."""
        self._cancelled.set()

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Let `check_cancelled`, in this thread, obey this switch.

        Raises:
            Cancelled: it has been switched already.
        """
        token = _current.set(self)
        try:
            check_cancelled()
            yield
        finally:
            _current.reset(token)

    @property
    def is_cancelled(self) -> bool:
        """Whether it has been switched."""
        return self._cancelled.is_set()


_current: ContextVar[Cancellation | None] = ContextVar("cancellation", default=None)


def check_cancelled() -> None:
    """Return at once, unless the work that this thread does was cancelled.

    Raises:
        Cancelled: it was.
    """
    current = _current.get()
    if current is not None and current.is_cancelled:
        raise Cancelled
