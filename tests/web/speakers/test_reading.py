"""Pages wait for the articles to be read only for a moment, and go on when the server stops."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from conftest import Newsroom
from pullquote.newsroom.speakers import SpeakerIndex
from pullquote.web.scheduler import MAX_CONCURRENT_PAGES, Scheduler
from pullquote.web.speakers import routes as reading
from pullquote.web.speakers.routes import BackgroundReading
from speakers.quoted import QuotedRoom


class HaltedIndex(SpeakerIndex):
    """An index of speakers that reports progress and then waits until it may go on."""

    def __init__(self, room: QuotedRoom) -> None:
        super().__init__(room.newsroom.index, room.current)
        self.may_go_on = threading.Event()

    def update(self, progress: object = None) -> None:
        """Wait after each step of the progress."""

        def halt(done: int, total: int) -> None:
            progress(done, total)  # type: ignore[operator]
            self.may_go_on.wait(30)

        super().update(halt if callable(progress) else None)


@pytest.fixture
def room(newsroom: Newsroom) -> QuotedRoom:
    """An article that quotes somebody."""
    newsroom.write("a.md", "The mill will close, Ida Roe said.", title="A")
    newsroom.rebuild()
    return QuotedRoom(newsroom)


@contextmanager
def background(room: QuotedRoom) -> Iterator[tuple[HaltedIndex, BackgroundReading]]:
    """An index that waits, read in the background."""
    index = HaltedIndex(room)
    reads = BackgroundReading(index)
    try:
        yield index, reads
    finally:
        index.may_go_on.set()
        reads.close()
        index.close()


def test_a_page_shows_how_far_reading_is(room: QuotedRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    """While articles are read, a page gets the progress; afterwards it gets the speakers."""
    monkeypatch.setattr(reading, "READY_SECONDS", 0.5)
    scheduler = Scheduler(waiting=1)

    async def shown(reads: BackgroundReading, index: HaltedIndex) -> None:
        while (progress := await reads.progress(scheduler)) == (0, 0):
            pass
        assert progress == (1, 1)
        index.may_go_on.set()
        while await reads.progress(scheduler) is not None:
            pass

    with background(room) as (index, reads):
        asyncio.run(shown(reads, index))
        assert [one.name for one in index.find()] == ["Ida Roe"]


def test_what_is_read_at_once_needs_no_progress(room: QuotedRoom) -> None:
    """A page does not show progress if there is little to read."""
    with background(room) as (index, reads):
        index.may_go_on.set()
        assert asyncio.run(reads.progress(Scheduler(waiting=1))) is None


def test_other_pages_are_made_while_one_waits_for_articles(
    room: QuotedRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pages that wait take no slot: as many as there are slots wait, and another is made."""
    monkeypatch.setattr(reading, "READY_SECONDS", 60)
    scheduler = Scheduler(waiting=1)

    async def made(reads: BackgroundReading, index: HaltedIndex) -> str:
        waiting = [
            asyncio.create_task(reads.progress(scheduler)) for _ in range(MAX_CONCURRENT_PAGES)
        ]
        other = await scheduler.show(lambda: "made")
        assert not any(one.done() for one in waiting)
        index.may_go_on.set()
        await asyncio.gather(*waiting)
        return other

    with background(room) as (index, reads):
        assert asyncio.run(made(reads, index)) == "made"
