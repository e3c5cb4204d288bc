"""Reads request bodies whole before the application sees them, and limits their total size."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.types import Message, Receive

from pullquote.web.access.networks import network_of

BODY_SECONDS = 20.0
"""How long a request's body may take to arrive."""

BODIES_BYTES = 33_554_432
"""Maximum size of all bodies in memory, in bytes. It always allows one body of the largest size."""

CLIENT_SHARE = 4
"""One client may have a quarter of `BODIES_BYTES`."""

SMALL_BYTES = 65_536
"""This many bytes at the start of each body do not count towards `BODIES_BYTES`.

A question fits into them, so a few clients with large bodies do not stop others from asking. The
limit on connections bounds the memory for these bytes: 800 × 64 KB is 50 MB.
"""


class ClientGone(Exception):
    """The client left before the end of the body."""


class BodyTooLarge(Exception):
    """The body is larger than allowed."""


class TooManyBodies(Exception):
    """There is no memory left for the body, because other bodies take it all."""


class Bodies:
    """Reads bodies of at most `most` bytes each, and counts the bytes in memory by client.

    The first `small` bytes of a body count towards the share of its client, but not towards
    `total`. When `total` is used up, a new body can displace one that is still
    arriving from a client with more bytes.
    """

    def __init__(self, most: int, *, total: int = BODIES_BYTES, small: int = SMALL_BYTES) -> None:
        self._most = most
        self._total = max(total, most)
        self._share = max(total // CLIENT_SHARE, most)
        self._small = small
        self._large_bytes = 0
        self._bytes_by_client: Counter[str] = Counter()
        self._arriving: list[_BodyInMemory] = []

    @asynccontextmanager
    async def reading(self, receive: Receive, address: str) -> AsyncIterator[bytes]:
        """The body of a request; its bytes count towards the limits until the context ends.

        Raises:
            TimeoutError: the body does not arrive within `BODY_SECONDS`.
            ClientGone: the client left before the end of the body.
            BodyTooLarge: the body is larger than `most`.
            TooManyBodies: other bodies take all the memory, or this body was dropped in favour of
                a client with fewer bytes.
        """
        body = _BodyInMemory(network_of(address))
        try:
            yield await self._read(receive, body)
        finally:
            self._count(body, -body.size)

    async def _read(self, receive: Receive, body: _BodyInMemory) -> bytes:
        self._arriving.append(body)
        try:
            async with asyncio.timeout(BODY_SECONDS) as body.timeout:
                return await self._read_parts(receive, body)
        except TimeoutError:
            if body.is_dropped:
                raise TooManyBodies from None
            raise
        finally:
            self._arriving.remove(body)

    async def _read_parts(self, receive: Receive, body: _BodyInMemory) -> bytes:
        parts: list[bytes] = []
        more = True
        while more:
            message = await receive()
            part = _part_of(message)
            if body.is_dropped:
                raise TooManyBodies
            if body.size + len(part) > self._most:
                raise BodyTooLarge
            parts.append(part)
            self._count(body, len(part))
            self._check(body)
            more = message.get("more_body", False)
        return b"".join(parts)

    def _count(self, body: _BodyInMemory, size: int) -> None:
        """Add bytes to the counts of a body; a negative size removes them."""
        before = self._large(body)
        body.size += size
        self._large_bytes += self._large(body) - before
        self._bytes_by_client[body.network] += size
        if self._bytes_by_client[body.network] <= 0:
            del self._bytes_by_client[body.network]

    def _check(self, body: _BodyInMemory) -> None:
        """Raise `TooManyBodies` if a body that has grown exceeds a limit."""
        if self._bytes_by_client[body.network] > self._share:
            raise TooManyBodies
        while self._large_bytes > self._total and self._large(body) > 0:
            if not self._drop_for(body):
                raise TooManyBodies

    def _drop_for(self, body: _BodyInMemory) -> bool:
        """Drop the newest large body that is arriving from the client with the most bytes.

        Returns False if no other client that is sending a large body has more bytes in memory than
        the client that sent `body`.
        """
        by_client = self._bytes_by_client
        others = [other for other in reversed(self._arriving) if self._large(other) > 0]
        largest = max(others, key=lambda other: by_client[other.network])
        if by_client[largest.network] <= by_client[body.network]:
            return False
        largest.drop()
        self._count(largest, -largest.size)
        return True

    def _large(self, body: _BodyInMemory) -> int:
        """The bytes of a body beyond the first `small` ones."""
        return max(0, body.size - self._small)


class _BodyInMemory:
    """A body in memory: its client, and its size so far."""

    def __init__(self, network: str) -> None:
        self.network = network
        self.size = 0
        self.is_dropped = False
        self.timeout: asyncio.Timeout | None = None

    def drop(self) -> None:
        """Stop reading the body."""
        self.is_dropped = True
        if self.timeout is not None:
            self.timeout.reschedule(asyncio.get_running_loop().time())


def _part_of(message: Message) -> bytes:
    if message["type"] == "http.disconnect":
        raise ClientGone
    body: bytes = message.get("body", b"")
    return body
