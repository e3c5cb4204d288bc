"""Cancels work in a thread.

A thread cannot be stopped from outside. So long work calls `check_cancelled` between its steps.
That raises `Cancelled` once `cancel` has been called on the `Cancellation` of the work.
"""

from __future__ import annotations

import threading
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


def check_cancelled() -> None:
    """Raise if the current work was cancelled.

    Raises:
        Cancelled: the work was cancelled.
    """
    current = _current.get()
    if current is not None and current.is_cancelled:
        raise Cancelled
