"""Who is served when: hits are found for everybody at once, questions are read in turn."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from pullquote.assistant import Assistant
from pullquote.errors import Busy
from pullquote.retrieval.findings import Found
from pullquote.schema import Hit, Reply
from pullquote.web.limits import check_passages_read
from pullquote.web.requests import SearchRequest
from pullquote.web.slots import Slots

MAX_CONCURRENT_READS = 2
"""Questions read at a time; the rest wait. Each keeps a core busy, and more would all be later."""

MAX_CONCURRENT_SEARCHES = 4
"""Questions for which hits are looked for at a time. It takes a tenth of what reading does, so
those who wait for the reader see hits meanwhile."""

MIN_SEARCH_QUEUE = 50
"""Quick work that may wait, however few questions may wait for the reader."""

T = TypeVar("T")

HasLeft = Callable[[], bool]


def _stays() -> HasLeft:
    """For callers of whom it cannot be known that they leave."""
    return lambda: False


class Scheduler:
    """Does the work of all who ask, in threads, first come, first served; `waiting` may wait.

    Work is cancelled when its caller has left, and after `seconds` in line or in a thread.
    `watch_caller` is called by the task that asks, and returns a function that tells whether its
    caller has left.
    """

    def __init__(self, *, waiting: int, seconds: float = 60.0) -> None:
        self.watch_caller: Callable[[], HasLeft] = _stays
        self._waiting = waiting
        self._finding = Slots(MAX_CONCURRENT_SEARCHES, seconds=seconds, name="find")
        self._reading = Slots(MAX_CONCURRENT_READS, seconds=seconds, name="read")
        self._at_reader = 0

    @property
    def is_stuck(self) -> bool:
        """Whether all slots for searching, or for reading, hold work that does not end."""
        return self._finding.are_stuck() or self._reading.are_stuck()

    def check(self) -> None:
        """Refuse whoever comes now, if as many as may wait for the reader do.

        Raises:
            Busy: they do.
        """
        if self._at_reader >= MAX_CONCURRENT_READS + self._waiting:
            raise Busy(self._waiting)

    async def find(self, work: Callable[[], T]) -> T:
        """What quick work returns.

        Raises:
            Busy: as many wait for it as may.
            QuestionGivenUp: it took too long.
            CallerLeft: nobody waits for it any more.
        """
        if self._finding.waiting >= max(MIN_SEARCH_QUEUE, self._waiting):
            raise Busy(self._waiting)
        return await self._finding.run(work, has_left=self.watch_caller())

    async def read(self, work: Callable[[], T]) -> T:
        """What the work of the reader returns, done when it is its turn.

        Raises:
            Busy: as many wait as may.
            QuestionGivenUp: it took too long.
            CallerLeft: nobody waits for it any more.
        """
        self.check()
        self._at_reader += 1
        try:
            return await self._reading.run(work, has_left=self.watch_caller())
        finally:
            self._at_reader -= 1

    async def ask(self, assistant: Assistant, search: SearchRequest) -> Reply:
        """The reply to a search.

        Raises:
            PullquoteError: it cannot be asked, asks for too much, or too many wait.
        """
        check_passages_read(search.k, hits=assistant.settings.hits)
        self.check()
        found = await self.find(lambda: _found(assistant, search))
        return await self.read(lambda: assistant.read(found))

    async def retrieve(self, assistant: Assistant, search: SearchRequest) -> list[Hit]:
        """The hits for a search.

        Raises:
            PullquoteError: it cannot be searched for.
        """
        return (await self.find(lambda: _found(assistant, search))).hits


def _found(assistant: Assistant, search: SearchRequest) -> Found:
    return assistant.find(search.question, k=search.k, filters=search.filters)
