"""Few files arrive at a time, and nobody keeps the others out."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from pullquote.web.corpus.pace import pieces
from pullquote.web.corpus.places import UploadPlaces


def test_two_clients_never_hold_all_places() -> None:
    """The last place goes to a client that has none; a place given back can be taken again."""
    places = UploadPlaces()
    one, two, three = "192.0.2.1", "192.0.2.2", "192.0.2.3"
    assert [places.take(one) for _ in range(3)] == [True, True, False]
    assert [places.take(two) for _ in range(2)] == [True, False]
    assert [places.take(three) for _ in range(2)] == [True, False]
    assert not places.take("192.0.2.4")
    places.give_back(one)
    assert not places.take(one)
    assert places.take("192.0.2.4")


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
        return sum([len(piece) async for piece in pieces(line())])

    assert asyncio.run(received()) == 64_000_000
