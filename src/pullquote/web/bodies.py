"""Bodies of requests: read whole before the application sees them, and bounded in total."""

from __future__ import annotations

import asyncio
from collections import Counter

from starlette.types import Message, Receive

from pullquote.web.networks import network_of

BODY_SECONDS = 20.0
"""How long a request's body may take to arrive."""

BODIES_BYTES = 33_554_432
"""Bytes of bodies in memory at a time, of all requests; one body may always be as large as any."""

SHARE = 4
"""One client may have a quarter of them."""


class ClientGone(Exception):
    """The client has left."""


class BodyTooLarge(Exception):
    """The body is larger than is taken."""


class TooManyBodies(Exception):
    """As many bytes of bodies are in memory as may be."""


class Bodies:
    """Reads bodies of at most `most` bytes each, and counts what is in memory by client."""

    def __init__(self, most: int, *, total: int = BODIES_BYTES) -> None:
        self._most = most
        self._total = max(total, most)
        self._share = max(total // SHARE, most)
        self._held = 0
        self._held_by: Counter[str] = Counter()

    async def read(self, receive: Receive, address: str) -> bytes:
        """The body of a request from an address.

        Raises:
            TimeoutError: it does not arrive in `BODY_SECONDS`.
            ClientGone: the client left before its end.
            BodyTooLarge: it is larger than `most`.
            TooManyBodies: other bodies take all the memory that there is for them.
        """
        network, size = network_of(address), 0
        parts: list[bytes] = []
        try:
            async with asyncio.timeout(BODY_SECONDS):
                more = True
                while more:
                    message = await receive()
                    part = _part(message)
                    if size + len(part) > self._most:
                        raise BodyTooLarge
                    size += len(part)
                    parts.append(part)
                    self._hold(network, len(part))
                    more = message.get("more_body", False)
            return b"".join(parts)
        finally:
            self._hold(network, -size)

    def _hold(self, network: str, size: int) -> None:
        """Count bytes that came, or with a minus that went."""
        self._held += size
        self._held_by[network] += size
        if self._held_by[network] <= 0:
            del self._held_by[network]
        if size > 0 and (self._held > self._total or self._held_by[network] > self._share):
            raise TooManyBodies


def _part(message: Message) -> bytes:
    if message["type"] == "http.disconnect":
        raise ClientGone
    body: bytes = message.get("body", b"")
    return body
