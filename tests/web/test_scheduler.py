"""Searches run side by side, the reader works in turn, and a full queue refuses."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator

import pytest

from pullquote.schema.errors import Busy, DraftGivenUp
from pullquote.web.scheduler import (
    MAX_CONCURRENT_PICTURES,
    MAX_CONCURRENT_READS,
    MAX_WAITING_PICTURES,
    Scheduler,
)

PATIENCE = 60.0
"""Seconds to wait for another thread."""


def wait_for(release: threading.Event, done: list[str], name: str) -> Callable[[], None]:
    """Work that waits for `release` and then appends its name."""

    def work() -> None:
        release.wait(PATIENCE)
        done.append(name)

    return work


async def until(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds."""
    for _ in range(6000):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come to pass")


def is_full(scheduler: Scheduler) -> bool:
    """Whether the next question is refused."""
    try:
        scheduler.check("")
    except Busy:
        return True
    return False


def test_hits_do_not_wait_for_what_is_read() -> None:
    """Searches finish while all reading slots are taken and more questions wait."""

    async def serve() -> list[str]:
        scheduler, release, done = Scheduler(waiting=5), threading.Event(), list[str]()
        reading = [
            asyncio.create_task(scheduler.read(wait_for(release, done, "read")))
            for _ in range(MAX_CONCURRENT_READS + 5)
        ]
        await until(lambda: is_full(scheduler))
        await scheduler.find(lambda: done.append("found"))
        release.set()
        await asyncio.gather(*reading)
        return done

    assert asyncio.run(serve()) == ["found", *["read"] * (MAX_CONCURRENT_READS + 5)]


def test_evidence_does_not_wait_for_pictures() -> None:
    """A page that OCR reads again takes seconds. Only so many may wait, and they say so."""

    async def serve() -> list[str]:
        scheduler, release, done = Scheduler(waiting=5), threading.Event(), list[str]()
        drawing = [asyncio.create_task(scheduler.draw(wait_for(release, done, "drawn")))]
        await until(lambda: scheduler.load()["draw"].running == MAX_CONCURRENT_PICTURES)
        drawing += [
            asyncio.create_task(scheduler.draw(wait_for(release, done, "drawn")))
            for _ in range(MAX_WAITING_PICTURES)
        ]
        await until(lambda: scheduler.load()["draw"].waiting == MAX_WAITING_PICTURES)
        with pytest.raises(Busy):
            await scheduler.draw(lambda: None)
        await scheduler.collect(lambda: done.append("collected"))
        release.set()
        await asyncio.gather(*drawing)
        return done

    assert asyncio.run(serve())[0] == "collected"


def test_questions_are_read_while_drafts_are_checked() -> None:
    """Drafts wait for each other, and one too many is refused; questions do not wait for them."""

    async def serve() -> list[str]:
        scheduler, release, done = Scheduler(waiting=2), threading.Event(), list[str]()

        def begin() -> Iterator[str]:
            release.wait(PATIENCE)
            yield "draft"

        drafts = [asyncio.create_task(scheduler.in_turns(begin)) for _ in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await scheduler.in_turns(begin)
        await scheduler.read(lambda: done.append("read"))
        release.set()
        return done + [one for items in await asyncio.gather(*drafts) for one in items]

    assert asyncio.run(serve()) == ["read", "draft", "draft", "draft"]


def test_a_small_draft_does_not_wait_for_the_end_of_a_large_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They take turns; each gets all its items in order."""
    monkeypatch.setattr("pullquote.web.scheduler.TURN_SECONDS", 0.0)

    async def serve() -> list[int]:
        scheduler, made = Scheduler(waiting=2), list[int]()

        def items(count: int) -> Iterator[int]:
            for number in range(count):
                made.append(count)
                yield number

        large = asyncio.create_task(scheduler.in_turns(lambda: items(20)))
        small = asyncio.create_task(scheduler.in_turns(lambda: items(3)))
        assert await large == list(range(20))
        assert await small == [0, 1, 2]
        return made

    made = asyncio.run(serve())
    assert made.index(3) < 5
    assert made[-1] == 20


def test_a_draft_that_takes_too_long_is_given_up() -> None:
    """The message speaks of the draft, and names the setting."""

    async def serve() -> None:
        scheduler, release = Scheduler(waiting=2, seconds=0.1), threading.Event()

        def begin() -> Iterator[bool]:
            yield release.wait(PATIENCE)

        with pytest.raises(DraftGivenUp, match=r"longer than 0\.1 s .* question_seconds"):
            await scheduler.in_turns(begin)
        release.set()

    asyncio.run(serve())


def test_readers_are_served_as_they_came() -> None:
    """Questions are read in order; one too many is refused until there is room."""

    async def serve() -> list[str]:
        scheduler, releases, done = (
            Scheduler(waiting=3),
            [threading.Event() for _ in range(5)],
            list[str](),
        )
        first = [
            asyncio.create_task(scheduler.read(wait_for(release, done, "first")))
            for release in releases[:2]
        ]
        others = [
            asyncio.create_task(scheduler.read(wait_for(release, done, name)))
            for release, name in zip(releases[2:], "abc", strict=True)
        ]
        await until(lambda: is_full(scheduler))
        with pytest.raises(Busy, match=r"its queue is full \(3 questions\)"):
            await scheduler.read(lambda: None)
        releases[0].set()  # the other slot stays taken, so questions are read one by one
        for release in releases[2:]:
            release.set()
        await asyncio.gather(*others)
        assert await scheduler.read(lambda: "served") == "served"
        releases[1].set()
        await asyncio.gather(*first)
        return done

    assert asyncio.run(serve()) == ["first", "a", "b", "c", "first"]
