"""Headers in which proxies describe their clients: only trusted proxies may send them.

Anyone can send `X-Forwarded-For`. Gradio builds the address of its page from `X-Forwarded-Host`,
`X-Forwarded-Proto` and `X-Gradio-Server`, whoever sends them. So these headers are removed first,
unless a trusted proxy has sent them.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from pullquote.web.access.health import PROBES
from pullquote.web.access.networks import Networks, ShareByAddress, parse_ip
from pullquote.web.access.refusals import RETRY_AFTER, RETRY_SECONDS

_PREFIXES = (b"x-forwarded", b"x-gradio-", b"x-direct-", b"x-original-", b"x-rewrite-")

_NAMES = frozenset(
    (
        b"forwarded",
        b"x-real-ip",
        b"x-client-ip",
        b"x-cluster-client-ip",
        b"true-client-ip",
        b"x-ip-token",
        b"x-scheme",
        b"x-script-name",
    )
)
"""Headers of proxies and hosting services that do not begin with one of `_PREFIXES`."""

_NEVER_USERS = frozenset(
    (b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"x-gradio-server")
)
"""Headers that change what Gradio writes; they are dropped even if `proxy_header` names them."""

_Header = tuple[bytes, bytes]


class Proxies:
    """Replaces a trusted proxy with the client that the proxy names.

    `user_header` is the header in which a proxy names the user. If there are trusted proxies,
    this header is dropped from the requests of every other peer. `counts` limits how many requests
    of one client behind a proxy are in progress. `warn` is called once, with the peer's address,
    when an untrusted peer sends `X-Forwarded-For`.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        trusted: Networks,
        user_header: str | None,
        counts: ShareByAddress,
        warn: Callable[[str], None] | None = None,
    ) -> None:
        self._app = app
        self._trusted = trusted
        name = "" if user_header is None else user_header
        self._user_header = name.lower().encode("latin-1", "replace")
        self._counts = counts
        self._warn = warn

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        peer = scope["client"][0] if scope.get("client") else ""
        if peer not in self._trusted:
            await self._app(self._direct(scope, peer), receive, send)
            return
        scope = _forwarded(scope, self._trusted, self._filtered_headers(scope, trusted=True))
        client = scope["client"][0]
        if client in self._trusted or scope["path"] in PROBES:
            await self._app(scope, receive, send)
            return
        if not self._counts.take(client):
            await _too_many(self._counts.most)(scope, receive, send)
            return
        try:
            await self._app(scope, receive, send)
        finally:
            self._counts.give_back(client)

    def _direct(self, scope: Scope, peer: str) -> Scope:
        """The request of a peer that is not a trusted proxy, without the headers of proxies."""
        if self._warn is not None and any(n == b"x-forwarded-for" for n, _ in scope["headers"]):
            self._warn(peer)
            self._warn = None
        return {**scope, "headers": self._filtered_headers(scope, trusted=not self._trusted)}

    def _filtered_headers(self, scope: Scope, *, trusted: bool) -> list[_Header]:
        """The headers without those of proxies; the user's header stays if `trusted` is true."""
        return [
            header
            for header in scope["headers"]
            if (trusted if header[0] == self._user_header else not _is_of_proxies(header[0]))
            and header[0] not in _NEVER_USERS
        ]


def _forwarded(scope: Scope, trusted: Networks, headers: list[_Header]) -> Scope:
    """The request of a trusted proxy, with the client, scheme and host that it names."""
    received = Headers(scope=scope)
    scope = {**scope, "headers": headers}
    client = _client(_header_values(received.getlist("x-forwarded-for")), trusted)
    if client is not None:
        scope["client"] = (client, 0)
    # If there are several values, the last one is from the nearest proxy.
    scheme = [name.lower() for name in _header_values(received.getlist("x-forwarded-proto"))][-1:]
    if scheme in (["http"], ["https"]):
        scope["scheme"] = scheme[0]
        headers.append((b"x-forwarded-proto", scheme[0].encode()))
    if host := _header_values(received.getlist("x-forwarded-host"))[-1:]:
        headers.append((b"x-forwarded-host", host[0].encode("latin-1")))
    return scope


def _client(hops: list[str], trusted: Networks) -> str | None:
    """The rightmost address that is not a trusted proxy, or the leftmost if all are trusted.

    Each proxy appends the address of its peer. Entries to the left of an invalid one are ignored,
    because no trusted proxy wrote them.
    """
    found: ipaddress.IPv4Address | ipaddress.IPv6Address | None = None
    for hop in reversed(hops):
        address = parse_ip(hop)
        if address is None:
            break
        found = address
        if str(address) not in trusted:
            break
    return None if found is None else str(found)


def _header_values(values: Iterable[str]) -> list[str]:
    """The members of a list that may be split over several headers of one name."""
    return [part.strip() for value in values for part in value.split(",") if part.strip()]


def _is_of_proxies(name: bytes) -> bool:
    return name.startswith(_PREFIXES) or name in _NAMES


def _too_many(most: int) -> PlainTextResponse:
    return PlainTextResponse(
        f"{most} requests from your address are already in progress. Try again in {RETRY_SECONDS} "
        "seconds. If this keeps happening, ask the administrator to raise "
        "connections_per_address.\n",
        status_code=503,
        headers={**RETRY_AFTER, "Connection": "close"},
    )
