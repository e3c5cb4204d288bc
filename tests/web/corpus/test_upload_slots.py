"""Few uploads run at a time, and no client takes all the slots."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from pullquote.web.corpus.uploads import UploadSlots, paced_chunks


def test_two_clients_never_take_all_slots() -> None:
    """The last slot goes to a client without one; a freed slot can be taken again."""
    slots = UploadSlots()
    one, two, three = "192.0.2.1", "192.0.2.2", "192.0.2.3"
    assert [slots.take(one) for _ in range(3)] == [True, True, False]
    assert [slots.take(two) for _ in range(2)] == [True, False]
    assert [slots.take(three) for _ in range(2)] == [True, False]
    assert not slots.take("192.0.2.4")
    slots.give_back(one)
    assert not slots.take(one)
    assert slots.take("192.0.2.4")


def test_a_line_of_128_kilobits_a_second_is_fast_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """An upload at 16,000 bytes a second arrives whole, however long it takes."""
    now = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: now)

    async def line() -> AsyncIterator[bytes]:
        nonlocal now
        for _ in range(4000):  # 64 MB in 67 minutes
            now += 1.0
            await asyncio.sleep(0)
            yield bytes(16_000)

    async def received() -> int:
        return sum([len(chunk) async for chunk in paced_chunks(line())])

    assert asyncio.run(received()) == 64_000_000
