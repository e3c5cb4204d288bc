"""The catalog of the current generation, which the Corpus page and the HTTP API list."""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import Future
from functools import cached_property

from pullquote.base.thread_pool import ThreadPool
from pullquote.index.catalog.catalog import Catalog
from pullquote.newsroom.assistant import Assistant

LIST_SECONDS = 3.0
"""How long a request waits for the catalog before it reports that it is being prepared."""


class CurrentCatalog:
    """The catalog of an assistant's index. A thread brings it up to date; `close` ends it.

    Waiting for that thread takes no slot of the scheduler, so other pages are made meanwhile.
    """

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._worker = ThreadPool(1, name="catalog")
        self._update: Future[None] | None = None
        self._lock = threading.Lock()

    async def updated(self) -> Catalog:
        """The catalog, once it lists the current generation.

        Raises:
            TimeoutError: that takes longer than `LIST_SECONDS`.
            PullquoteError: the index cannot be opened.
        """
        update = asyncio.wrap_future(self._updating())
        await asyncio.wait_for(asyncio.shield(update), LIST_SECONDS)
        return self._catalog

    def close(self) -> None:
        """End the thread, and delete the catalog."""
        self._worker.shutdown()
        if self._update is not None:
            self._catalog.close()

    @cached_property
    def _catalog(self) -> Catalog:
        """The catalog, which the first visit creates."""
        return Catalog()

    def _updating(self) -> Future[None]:
        """A future that resolves when the catalog lists the current generation."""
        with self._lock:
            if self._update is None or self._update.done():
                self._update = self._worker.submit(self._bring_up_to_date)
            return self._update

    def _bring_up_to_date(self) -> None:
        generation, now = self._assistant.generation, time.time()
        if not self._catalog.holds(generation, now=now):
            self._catalog.update(generation, now=now)
