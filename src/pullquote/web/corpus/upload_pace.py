"""A minimum speed for uploads, so that slow clients cannot occupy the few upload slots."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

CHUNK_SECONDS = 20.0
"""How long the next chunk of an upload may take to arrive."""

GRACE_SECONDS = 30.0
"""How long an upload may take in addition to the time that its size allows."""

MIN_BYTES_PER_SECOND = 8_192
"""Half the speed of a 128 kbit/s line. At this speed, 64 MB take 137 minutes."""


async def paced_chunks(stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The chunks of a request body as they arrive.

    Raises:
        TimeoutError: the next chunk takes too long, or the upload as a whole is too slow.
    """
    began = time.monotonic()
    received = 0
    while True:
        left = began + GRACE_SECONDS + received / MIN_BYTES_PER_SECOND - time.monotonic()
        async with asyncio.timeout(min(CHUNK_SECONDS, left)):
            chunk = await anext(stream, None)
        if chunk is None:
            return
        received += len(chunk)
        yield chunk
