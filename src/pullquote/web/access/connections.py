"""Limits connections: in total, for each address, and by their time without progress.

uvicorn closes a connection that is idle for too long between two requests. It never closes a
connection whose client sends a request byte by byte, or does not read the answer. It limits
only the total of all clients. An event stream may be quiet for a long time while a page is open. So
this module counts time only while bytes wait for the client to read them, or while the server waits
for a request.
"""

from __future__ import annotations

import asyncio
import struct
import sys
import time
from collections.abc import Callable
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from pullquote.web.access.health import PROBES
from pullquote.web.access.networks import Networks, ShareByAddress, network_of
from pullquote.web.access.refusals import (
    ALL_CONNECTIONS_TAKEN,
    address_limit,
    raw_response,
    refusal,
    with_headers,
)


def unsent_bytes(transport: asyncio.WriteTransport) -> int:
    """Unread bytes in the buffers of this process and of the system; 0 if this process has none.

    The system accepts more bytes only when a third of its buffer is free. So, if a client
    reads slowly, this process's own buffer may stay the same size for a long time.
    """
    waiting = transport.get_write_buffer_size()
    return waiting + _in_system(transport.get_extra_info("socket").fileno()) if waiting else 0


if sys.platform == "linux":
    import fcntl
    import termios

    def _in_system(descriptor: int) -> int:
        """Bytes that the peer has not acknowledged."""
        try:
            answer = fcntl.ioctl(descriptor, termios.TIOCOUTQ, b"\0\0\0\0")
        except (OSError, ValueError):
            return 0
        size: int = struct.unpack("i", answer)[0]
        return size

else:

    def _in_system(descriptor: int) -> int:
        """Always 0, because the number is not known on this system."""
        del descriptor
        return 0


MOST_CONNECTIONS = 800
"""An open page has two connections; most systems allow a process 1,024 open files."""

RESERVED_CONNECTIONS = 32
"""Connections beyond the limits; they can only request `/healthz`."""

RESERVED_PER_ADDRESS = 4

RESERVED_SECONDS = 5.0
"""How long a reserved connection may last, including the answer."""

REQUEST_SECONDS = 20.0
"""How long the head of a request may take, from its first byte to its last."""

KEEP_ALIVE_SECONDS = 15
"""How long a connection may be idle between requests; even a slow client needs less."""

STALLED_SECONDS = 20.0
"""How long bytes may wait for a client that reads fewer than `PROGRESS_BYTES` of them."""

PROGRESS_BYTES = 4096
"""About 200 bytes a second; even the slowest phone reads many times that."""

PIPELINED_BYTES = 16_384
"""Bytes that may follow a request before its answer: about as many as one more head."""


class Connections:
    """Counts the open connections of a server, and closes those that make no progress.

    `warn` is called once, with the address, when an address first reaches its limit.
    """

    def __init__(
        self,
        *,
        per_address: int,
        trusted: Networks,
        most: int = MOST_CONNECTIONS,
        warn: Callable[[str], None] | None = None,
    ) -> None:
        self._warn = warn
        self._most = most
        self._trusted = trusted
        self._counts = ShareByAddress(per_address)
        self._reserved_counts = ShareByAddress(RESERVED_PER_ADDRESS)
        self._full: dict[ClientConnection, str] = {}
        self._reserved: dict[ClientConnection, str] = {}

    def add(self, connection: ClientConnection, address: str) -> str | None:
        """Count a new connection; returns why it is refused, or None if it stays open.

        A connection beyond the limits may be reserved. It can request `/healthz`; any other request
        is refused with the reason.
        """
        proxied = address in self._trusted  # the proxy's clients are counted instead
        counted = "" if proxied else network_of(address)
        if len(self._full) >= self._most:
            self._close_idle_of_largest(counted)
        if len(self._full) < self._most and (proxied or self._counts.take(counted)):
            self._full[connection] = counted
            return None
        reason = (
            ALL_CONNECTIONS_TAKEN if len(self._full) >= self._most else self._address_limit(address)
        )
        if len(self._reserved) < RESERVED_CONNECTIONS and self._reserved_counts.take(address):
            self._reserved[connection] = address
            connection.reserve(reason)
            return None
        return reason

    def _address_limit(self, address: str) -> str:
        """The refusal for an address at its limit; warns the first time."""
        if self._warn is not None:
            self._warn(address)
            self._warn = None
        return address_limit(self._counts.most)

    def remove(self, connection: ClientConnection) -> None:
        """Forget a connection that is closed."""
        if address := self._full.pop(connection, ""):
            self._counts.give_back(address)
        if address := self._reserved.pop(connection, ""):
            self._reserved_counts.give_back(address)

    def _close_idle_of_largest(self, newcomer: str) -> None:
        """Close the oldest idle connection of the client with the most, if `newcomer` has fewer."""
        largest = self._counts.largest()
        if largest is None or self._counts.count(largest) <= self._counts.count(newcomer) + 1:
            return
        for connection, holder in self._full.items():
            if holder == largest and connection.awaits_request():
                connection.transport.abort()
                self.remove(connection)
                return

    def close_stuck(self, now: float) -> None:
        """Close the connections without progress; to be called about once a second."""
        for connection in (*self._full, *self._reserved):
            connection.close_if_stuck(now)


class ClientConnection(H11Protocol):
    """A connection of uvicorn that measures its time without progress."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        connections: Connections,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._connections = connections
        self._began = self._idle_since = time.monotonic()
        self._head_since: float | None = None
        self._is_reserved = False
        self._unsent = 0
        self._unsent_since = self._began

    def reserve(self, reason: str) -> None:
        """Answer only one request: `/healthz`, or any other with a refusal for this reason."""
        self._is_reserved = True
        self.app = _health_only(self.app, reason)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Accept the connection, or refuse it if there are too many."""
        super().connection_made(transport)
        address = "" if self.client is None else self.client[0]
        reason = self._connections.add(self, address)
        if reason is not None:
            transport.write(raw_response(reason))
            transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop counting the connection."""
        self._connections.remove(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Process bytes of a request; after a pipelined request the connection ends.

        Browsers do not pipeline. A client that pipelines and reads nothing would cause thousands of
        answers.
        """
        if self._head_since is None and self.awaits_request():
            self._head_since = time.monotonic()
        super().data_received(data)
        if self.awaits_request():
            return
        self._head_since = None
        if self.cycle.more_body:
            return
        pipelined = len(self.conn.trailing_data[0])
        if pipelined > PIPELINED_BYTES:
            self.transport.abort()
        elif pipelined:
            self.cycle.keep_alive = False

    def on_response_complete(self) -> None:
        """Start to wait for the next request."""
        self._idle_since = time.monotonic()
        super().on_response_complete()

    def close_if_stuck(self, now: float) -> None:
        """Close the connection if its client reads or sends nothing for too long."""
        if self.transport is None:
            return
        if self._reads_nothing(now) or (self._is_reserved and now - self._began > RESERVED_SECONDS):
            self.transport.abort()  # close() would wait until all is read
        elif self.awaits_request() and now - self._waits_since() > REQUEST_SECONDS:
            self.transport.close()

    def _waits_since(self) -> float:
        """When the next request began, or when the wait for its first byte began."""
        return self._idle_since if self._head_since is None else self._head_since

    def awaits_request(self) -> bool:
        """Whether no request is being answered."""
        return self.cycle is None or self.cycle.response_complete

    def _reads_nothing(self, now: float) -> bool:
        """Whether bytes have waited too long for the client; new bytes are not progress."""
        unsent = unsent_bytes(self.transport)
        if unsent == 0 or unsent <= self._unsent - PROGRESS_BYTES:
            self._unsent, self._unsent_since = unsent, now
            return False
        if self._unsent == 0:
            self._unsent_since = now
        self._unsent = max(self._unsent, unsent)
        return now - self._unsent_since > STALLED_SECONDS


def _health_only(app: ASGIApp, reason: str) -> ASGIApp:
    """The application for reserved connections, which close after one answer."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        send = with_headers(send, {"Connection": "close"})
        if scope["type"] == "http" and scope["path"] in PROBES:
            await app(scope, receive, send)
        else:
            await refusal(reason)(scope, receive, send)

    return serve
