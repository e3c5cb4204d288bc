"""How fast an upload must come, so that a client cannot keep one of the few places for ever."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

PIECE_SECONDS = 20.0
"""How long the next piece of an upload may take to arrive."""

GRACE_SECONDS = 30.0
"""How long an upload may take beside what its size allows."""

LEAST_RATE = 8_192
"""Bytes a second, half of what a line of 128 kbit/s sends. 64 MB may take 137 minutes."""


async def pieces(stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The pieces of a body as they come.

    Raises:
        TimeoutError: the next one takes too long, or all of them come too slowly.
    """
    began = time.monotonic()
    received = 0
    while True:
        left = began + GRACE_SECONDS + received / LEAST_RATE - time.monotonic()
        async with asyncio.timeout(min(PIECE_SECONDS, left)):
            piece = await anext(stream, None)
        if piece is None:
            return
        received += len(piece)
        yield piece
