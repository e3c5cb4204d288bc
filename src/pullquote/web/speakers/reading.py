"""Reads who says what in new and changed articles, in the background, while pages show how far."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future

from pullquote.base.cancellation import Cancellation
from pullquote.base.thread_pool import ThreadPool
from pullquote.newsroom.speakers import SpeakerIndex
from pullquote.web.scheduler import Scheduler

READY_SECONDS = 3.0
"""How long a page waits for new articles to be read before it shows how far that is."""


class BackgroundReading:
    """Brings the speakers of an index up to date in a thread of its own."""

    def __init__(self, speakers: SpeakerIndex) -> None:
        self._speakers = speakers
        self._worker = ThreadPool(1, name="speakers")
        self._cancellation = Cancellation()
        self._lock = threading.Lock()
        self._update: Future[None] | None = None
        self._done, self._total = 0, 0

    async def progress(self, scheduler: Scheduler) -> tuple[int, int] | None:
        """How many of how many articles are read; None once all are.

        If some are not, reading them begins, and they are waited for a moment, during which other
        pages are made. While the number of articles is unknown, both are 0.

        Raises:
            PullquoteError: the index cannot be opened, or the last reading failed.
        """
        update = await scheduler.show(self._begun)
        if update is None:
            return None
        try:
            waiting = asyncio.shield(asyncio.wrap_future(update))
            return await asyncio.wait_for(waiting, READY_SECONDS)
        except TimeoutError:
            return self._done, self._total

    def close(self) -> None:
        """Stop reading; what has been read is stored."""
        self._cancellation.cancel()
        self._worker.shutdown()

    def _begun(self) -> Future[None] | None:
        """The reading that is at work, or begins now; None if all articles are read."""
        if self._speakers.is_ready:
            return None
        with self._lock:
            if self._update is None or self._update.done():
                self._done, self._total = 0, 0
                self._update = self._worker.submit(self._read)
            return self._update

    def _read(self) -> None:
        with self._cancellation.applied():
            self._speakers.update(self._note)

    def _note(self, done: int, total: int) -> None:
        self._done, self._total = done, total
