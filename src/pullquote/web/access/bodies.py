"""Bodies of requests: read whole before the application sees them, and bounded in total."""

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
"""Bytes of bodies in memory at a time, of all requests; one body may always be as large as any."""

SHARE = 4
"""One client may have a quarter of them."""

SMALL_BYTES = 65_536
"""The first bytes of a body, which do not count towards `BODIES_BYTES`: a question fits into them.

So a few clients with large bodies do not keep the others from asking. The limit of connections
bounds these bytes: 800 times 64 KB are 50 MB.
"""


class ClientGone(Exception):
    """The client has left."""


class BodyTooLarge(Exception):
    """The body is larger than is taken."""


class TooManyBodies(Exception):
    """As many bytes of bodies are in memory as may be."""


class Bodies:
    """Reads bodies of at most `most` bytes each, and counts what is in memory by client.

    The first `small` bytes of a body count for the share of its client alone, and not in `total`.
    Where all of `total` is taken, a body that is arriving from a client that holds more is dropped.
    """

    def __init__(self, most: int, *, total: int = BODIES_BYTES, small: int = SMALL_BYTES) -> None:
        self._most = most
        self._total = max(total, most)
        self._share = max(total // SHARE, most)
        self._small = small
        self._held = 0
        self._held_by: Counter[str] = Counter()
        self._arriving: list[_Counted] = []

    @asynccontextmanager
    async def reading(self, receive: Receive, address: str) -> AsyncIterator[bytes]:
        """The body of a request from an address; it counts until the context is left.

        Raises:
            TimeoutError: it does not arrive in `BODY_SECONDS`.
            ClientGone: the client left before its end.
            BodyTooLarge: it is larger than `most`.
            TooManyBodies: other bodies take all the memory that there is for them, or this one had
                to make room for a client that holds less.
        """
        counted = _Counted(network_of(address))
        try:
            yield await self._read(receive, counted)
        finally:
            self._hold(counted, -counted.size)

    async def _read(self, receive: Receive, counted: _Counted) -> bytes:
        self._arriving.append(counted)
        try:
            async with asyncio.timeout(BODY_SECONDS) as counted.timeout:
                return await self._parts(receive, counted)
        except TimeoutError:
            if counted.is_dropped:
                raise TooManyBodies from None
            raise
        finally:
            self._arriving.remove(counted)

    async def _parts(self, receive: Receive, counted: _Counted) -> bytes:
        parts: list[bytes] = []
        more = True
        while more:
            message = await receive()
            part = _part(message)
            if counted.is_dropped:
                raise TooManyBodies
            if counted.size + len(part) > self._most:
                raise BodyTooLarge
            parts.append(part)
            self._hold(counted, len(part))
            self._check(counted)
            more = message.get("more_body", False)
        return b"".join(parts)

    def _hold(self, counted: _Counted, size: int) -> None:
        """Count bytes of a body that came, or with a minus that went."""
        before = self._large(counted)
        counted.size += size
        self._held += self._large(counted) - before
        self._held_by[counted.network] += size
        if self._held_by[counted.network] <= 0:
            del self._held_by[counted.network]

    def _check(self, counted: _Counted) -> None:
        """Raise `TooManyBodies` if a body that has grown takes more than there is for it."""
        if self._held_by[counted.network] > self._share:
            raise TooManyBodies
        while self._held > self._total and self._large(counted) > 0:
            if not self._drop_for(counted):
                raise TooManyBodies

    def _drop_for(self, counted: _Counted) -> bool:
        """Drop the newest large body that arrives from a client that holds more than this one.

        Of such clients it is the one that holds the most. False if there is none.
        """
        held = self._held_by
        others = [other for other in reversed(self._arriving) if self._large(other) > 0]
        greediest = max(others, key=lambda other: held[other.network])
        if held[greediest.network] <= held[counted.network]:
            return False
        greediest.drop()
        self._hold(greediest, -greediest.size)
        return True

    def _large(self, counted: _Counted) -> int:
        """The bytes of a body beyond the first `small` ones."""
        return max(0, counted.size - self._small)


class _Counted:
    """A body that is being read or worked on: whose it is, and how large so far."""

    def __init__(self, network: str) -> None:
        self.network = network
        self.size = 0
        self.is_dropped = False
        self.timeout: asyncio.Timeout | None = None

    def drop(self) -> None:
        """End the reading of it."""
        self.is_dropped = True
        if self.timeout is not None:
            self.timeout.reschedule(asyncio.get_running_loop().time())


def _part(message: Message) -> bytes:
    if message["type"] == "http.disconnect":
        raise ClientGone
    body: bytes = message.get("body", b"")
    return body
