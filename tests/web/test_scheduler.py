"""Hits are found for everybody at once, questions are read in turn, and too many are refused."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest

from pullquote.errors import Busy
from pullquote.web.scheduler import READ_AT_ONCE, Desk


def held(gate: threading.Event, done: list[str], name: str) -> Callable[[], None]:
    """Work that is done when the gate opens, and says so."""

    def work() -> None:
        gate.wait(60)
        done.append(name)

    return work


async def until(condition: Callable[[], bool]) -> None:
    """Until something is so."""
    for _ in range(6000):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come to pass")


def is_full(desk: Desk) -> bool:
    """Whether whoever comes now is refused."""
    try:
        desk.check()
    except Busy:
        return True
    return False


def test_hits_do_not_wait_for_what_is_read() -> None:
    """With every place taken and more waiting, what is quick is done at once."""

    async def serve() -> list[str]:
        desk, gate, done = Desk(waiting=5), threading.Event(), list[str]()
        reading = [
            asyncio.create_task(desk.read(held(gate, done, "read")))
            for _ in range(READ_AT_ONCE + 5)
        ]
        await until(lambda: is_full(desk))
        await desk.find(lambda: done.append("found"))
        gate.set()
        await asyncio.gather(*reading)
        return done

    assert asyncio.run(serve()) == ["found", *["read"] * (READ_AT_ONCE + 5)]


def test_readers_are_served_as_they_came() -> None:
    """Nobody is passed over, and one more than may wait is refused, until there is room."""

    async def serve() -> list[str]:
        desk, gates, done = Desk(waiting=3), [threading.Event() for _ in range(5)], list[str]()
        first = [asyncio.create_task(desk.read(held(gate, done, "first"))) for gate in gates[:2]]
        others = [
            asyncio.create_task(desk.read(held(gate, done, name)))
            for gate, name in zip(gates[2:], "abc", strict=True)
        ]
        await until(lambda: is_full(desk))
        with pytest.raises(Busy, match="3 questions are waiting, as many as it takes"):
            await desk.read(lambda: None)
        gates[0].set()  # the other place stays taken, so that they are read one by one
        for gate in gates[2:]:
            gate.set()
        await asyncio.gather(*others)
        assert await desk.read(lambda: "served") == "served"
        gates[1].set()
        await asyncio.gather(*first)
        return done

    assert asyncio.run(serve()) == ["first", "a", "b", "c", "first"]
