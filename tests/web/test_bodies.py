"""Bodies of requests in memory: bounded for each client and in total."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest
from starlette.types import Message

from pullquote.web.access.bodies import Bodies, BodyTooLarge, ClientGone, TooManyBodies


class Sender:
    """A client that sends some chunks, the last one only when allowed."""

    def __init__(self, *parts: bytes) -> None:
        self._parts = list(parts)
        self.may_end = asyncio.Event()

    async def __call__(self) -> Message:
        """The next chunk."""
        part = self._parts.pop(0)
        if not self._parts:
            await self.may_end.wait()
        return {"type": "http.request", "body": part, "more_body": bool(self._parts)}


async def read_whole(bodies: Bodies, sender: Sender, address: str) -> bytes:
    """Read a body and stop counting it."""
    async with bodies.reading(sender, address) as body:
        return body


async def begun(bodies: Bodies, address: str, size: int) -> tuple[Sender, asyncio.Task[bytes]]:
    """Start a body, and wait until all but its last byte has arrived."""
    sender = Sender(b"x" * (size - 1), b"x")
    task = asyncio.create_task(read_whole(bodies, sender, address))
    await asyncio.sleep(0)
    return sender, task


def test_a_body_is_returned_whole() -> None:
    """A body may have any number of chunks."""

    async def read() -> bytes:
        sender = Sender(b"one ", b"two ", b"three")
        sender.may_end.set()
        return await read_whole(Bodies(100), sender, "192.0.2.1")

    assert asyncio.run(read()) == b"one two three"


def test_one_client_has_a_share_of_the_memory() -> None:
    """A client over its share is refused, others are not; read bodies free the share."""

    async def read() -> None:
        bodies = Bodies(100, total=800)  # 200 for each
        first, one = await begun(bodies, "192.0.2.1", 100)
        _, two = await begun(bodies, "192.0.2.1", 100)
        _, three = await begun(bodies, "192.0.2.1", 100)
        with pytest.raises(TooManyBodies):
            await three
        other, four = await begun(bodies, "192.0.2.2", 100)
        first.may_end.set()
        other.may_end.set()
        assert (len(await one), len(await four)) == (100, 100)
        again, five = await begun(bodies, "192.0.2.1", 100)
        again.may_end.set()
        assert len(await five) == 100
        two.cancel()
        with suppress(asyncio.CancelledError):
            await two

    asyncio.run(read())


def test_all_clients_together_have_a_limit() -> None:
    """The total is limited for any number of clients."""

    async def read() -> list[type[BaseException] | None]:
        bodies = Bodies(100, total=400, small=0)
        begun_now = [await begun(bodies, f"192.0.2.{n}", 100) for n in range(6)]
        for sender, _ in begun_now:
            sender.may_end.set()
        ends = await asyncio.gather(*(task for _, task in begun_now), return_exceptions=True)
        return [type(end) if isinstance(end, BaseException) else None for end in ends]

    assert asyncio.run(read()) == [None] * 4 + [TooManyBodies] * 2


def test_a_body_that_is_too_large_is_that_and_no_crowd() -> None:
    """The error is `BodyTooLarge`, even at the client's limit."""

    async def read() -> bytes:
        sender = Sender(b"x" * 101, b"")
        return await read_whole(Bodies(100, total=100), sender, "192.0.2.1")

    with pytest.raises(BodyTooLarge):
        asyncio.run(read())


def test_a_client_that_leaves_holds_nothing() -> None:
    """Its memory is free again."""

    async def read() -> int:
        bodies = Bodies(100, total=100)
        messages: list[Message] = [
            {"type": "http.request", "body": b"x" * 90, "more_body": True},
            {"type": "http.disconnect"},
        ]

        async def receive() -> Message:
            return messages.pop(0)

        with pytest.raises(ClientGone):
            async with bodies.reading(receive, "192.0.2.1"):
                pass
        sender = Sender(b"x" * 100)
        sender.may_end.set()
        return len(await read_whole(bodies, sender, "192.0.2.1"))

    assert asyncio.run(read()) == 100


def test_small_bodies_are_read_while_large_ones_take_all_the_memory() -> None:
    """Large bodies block another large one, but no question."""

    async def read() -> int:
        bodies = Bodies(100, total=400, small=10)
        tasks = [(await begun(bodies, f"192.0.2.{n}", 100))[1] for n in range(4)]
        with pytest.raises(TooManyBodies):
            await read_whole(bodies, Sender(b"x" * 100, b""), "192.0.2.5")
        question = Sender(b"x" * 10)
        question.may_end.set()
        size = len(await read_whole(bodies, question, "192.0.2.6"))
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return size

    assert asyncio.run(read()) == 10


def test_where_all_is_taken_the_greediest_makes_room() -> None:
    """The newest arriving body of the client with the most bytes is dropped."""

    async def read() -> list[object]:
        bodies = Bodies(50, total=400, small=0)  # 100 for each
        holders = [f"192.0.2.{n}" for n in (1, 1, 2, 2, 3, 3, 4, 4)]
        begun_now = [await begun(bodies, address, 50) for address in (*holders, "192.0.2.5")]
        for sender, _ in begun_now:
            sender.may_end.set()
        ends = await asyncio.gather(*(task for _, task in begun_now), return_exceptions=True)
        return [type(end) if isinstance(end, BaseException) else len(end) for end in ends]

    assert asyncio.run(read()) == [50] * 7 + [TooManyBodies, 50]


def test_small_bodies_count_for_the_share_of_their_client() -> None:
    """Many small bodies of one client cannot exceed its share."""

    async def read() -> None:
        bodies = Bodies(10, total=80, small=10)  # 20 for each
        tasks = [(await begun(bodies, "192.0.2.1", 10))[1] for _ in range(2)]
        with pytest.raises(TooManyBodies):
            await read_whole(bodies, Sender(b"x" * 10, b""), "192.0.2.1")
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(read())


def test_a_body_counts_until_its_context_is_left() -> None:
    """A body counts while the application works on it."""

    async def read() -> int:
        bodies = Bodies(100, total=100)
        first, second, third = (Sender(b"x" * 100) for _ in range(3))
        for sender in (first, second, third):
            sender.may_end.set()
        async with bodies.reading(first, "192.0.2.1"):
            with pytest.raises(TooManyBodies):
                await read_whole(bodies, second, "192.0.2.1")
        return len(await read_whole(bodies, third, "192.0.2.1"))

    assert asyncio.run(read()) == 100
