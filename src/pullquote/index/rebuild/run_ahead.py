"""Runs an iterator in a thread, a bounded distance ahead of its consumer."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextvars import copy_context
from typing import Generic, TypeVar

from pullquote.base.cancellation import check_cancelled

Item = TypeVar("Item")


class RunAhead(Generic[Item]):
    """The items of an iterator, in order, made in a thread while earlier ones are used.

    `start` begins. The thread waits while the sizes of the items that wait add up to `most` or
    more. `stop` lets the thread end after its current item, and `close` waits for its end. What the
    iterator raises is raised where its items are used.
    """

    def __init__(self, *, most: int, size: Callable[[Item], int]) -> None:
        self._most = most
        self._size_of = size
        self._items = deque[Item]()
        self._size = 0
        self._ended = False
        self._fault: BaseException | None = None
        self._stopped = False
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def start(self, items: Iterator[Item]) -> None:
        """Begin to run the iterator; a cancellation of this thread applies to it too."""
        run = copy_context().run
        self._thread = threading.Thread(target=lambda: run(self._run, items), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Have the thread make no further items, and drop those that wait."""
        with self._changed:
            self._stopped = True
            self._items.clear()
            self._changed.notify_all()

    def close(self) -> None:
        """Stop, and wait until the thread has ended."""
        self.stop()
        if self._thread is not None:
            self._thread.join()

    def __iter__(self) -> Iterator[Item]:
        """The items, in order."""
        while True:
            with self._changed:
                while not self._changed.wait_for(self._has_news, timeout=1):
                    check_cancelled()
                if not self._items:
                    if self._fault is not None:
                        raise self._fault
                    return
                item = self._items.popleft()
                self._size -= self._size_of(item)
                self._changed.notify_all()
            yield item

    def _has_news(self) -> bool:
        return bool(self._items) or self._ended or self._stopped

    def _run(self, items: Iterator[Item]) -> None:
        try:
            for item in items:
                if not self._put(item):
                    return
        except BaseException as fault:  # noqa: BLE001 - the consumer raises it again
            self._fault = fault
        finally:
            with self._changed:
                self._ended = True
                self._changed.notify_all()

    def _put(self, item: Item) -> bool:
        """Add an item once there is room. Returns False if no more items are wanted."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopped or self._size < self._most)
            if not self._stopped:
                self._items.append(item)
                self._size += self._size_of(item)
                self._changed.notify_all()
            return not self._stopped
