"""A pool of threads that also works in a process forked after its first use.

A fork has none of the threads of its parent. A pool of the standard library does not notice: it
waits for them for ever. Servers that load an assistant and then fork their workers, and the start
method "fork" of multiprocessing, would hang at the first question.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from weakref import WeakSet


class ThreadPool(ThreadPoolExecutor):
    """A `ThreadPoolExecutor` that begins anew in a fork.

    What was submitted before the fork is done in the parent only.
    """

    def __init__(self, threads: int | None = None, name: str = "") -> None:
        super().__init__(threads, name)
        self._given = threads, name
        _pools.add(self)

    def _begin_anew(self) -> None:
        """Forget the threads and the queue of the parent."""
        if not self._shutdown:
            threads, name = self._given
            super().__init__(threads, name)


_pools: WeakSet[ThreadPool] = WeakSet()


def _begin_all_anew() -> None:
    for pool in list(_pools):
        pool._begin_anew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_all_anew)
