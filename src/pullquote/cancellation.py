"""Cancels work in a thread.

A thread cannot be ended from outside. Long work calls `check_cancelled` between its steps, which
raises `Cancelled` once its `Cancellation` was switched.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class Cancelled(BaseException):
    """The work was cancelled. `except Exception` does not catch it."""


class Cancellation:
    """A switch that ends the work done under it; safe to use from any thread."""

    def __init__(self) -> None:
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """End the work at its next `check_cancelled`."""
        self._cancelled.set()

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Make `check_cancelled` in this thread obey this switch.

        Raises:
            Cancelled: it was switched before.
        """
        token = _current.set(self)
        try:
            check_cancelled()
            yield
        finally:
            _current.reset(token)

    @property
    def is_cancelled(self) -> bool:
        """Whether it was switched."""
        return self._cancelled.is_set()


_current: ContextVar[Cancellation | None] = ContextVar("cancellation", default=None)


def check_cancelled() -> None:
    """Raise if the current work was cancelled.

    Raises:
        Cancelled: it was.
    """
    current = _current.get()
    if current is not None and current.is_cancelled:
        raise Cancelled
