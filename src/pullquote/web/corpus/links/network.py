"""Connects to web sites, but never to an address inside the network of this server.

A host name is looked up once, and the connection is made to one of the addresses found. So a name
cannot have a public address when it is checked, and another one when it is used (DNS rebinding).
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import typing
from collections.abc import Iterable

import anyio
import httpcore

from pullquote.web.corpus.links.address import LinkRefused, site_failed

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

CONNECT_SECONDS = 10.0
"""How long a connection to one address may take."""

HEAD_BYTES = 65_536
"""Bytes after which no more are read for the head of a response, with all informational responses
(103) before it. A site may send these without end, and each takes time that others wait for."""

_PUBLIC_IPV6 = ipaddress.ip_network("2000::/3")
"""The only range from which public IPv6 addresses are given out. It excludes IPv4 addresses written
as IPv6, and those behind a translator (NAT64)."""

_NOT_PUBLIC = [
    ipaddress.ip_network(name)
    for name in (
        "192.0.0.0/24",  # Versions of Python differ on this network.
        "192.88.99.0/24",  # Relays of 6to4.
        "168.63.129.16/32",  # Looks public, but is a service inside Azure's machines.
        "2001::/23",  # Teredo and others: an address may contain a private IPv4 address.
        "2002::/16",  # 6to4: likewise.
        "3fff::/20",  # Documentation.
    )
]
"""Networks that are not public, besides those that Python's `is_global` knows."""


def is_public(address: _Address) -> bool:
    """Whether an address belongs to the public internet."""
    if isinstance(address, ipaddress.IPv6Address) and address not in _PUBLIC_IPV6:
        return False
    special = address.is_multicast or address.is_reserved or not address.is_global
    return not special and not any(address in network for network in _NOT_PUBLIC)


async def resolve(host: str, port: int) -> list[str]:
    """The IP addresses of a host, preferred ones first.

    Raises:
        LinkRefused: there is no such host, or names cannot be looked up.
    """
    try:
        found = await anyio.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN:
            raise site_failed(
                f"The name {host} could not be looked up. Check that the server is connected to "
                "the internet, and try again."
            ) from error
        raise _unknown(host) from error
    except UnicodeError as error:  # a part of the name is too long
        raise _unknown(host) from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class GuardedNetwork(httpcore.AnyIOBackend):
    """Connects only to public addresses and to addresses in `networks`."""

    def __init__(self, networks: Iterable[str]) -> None:
        self._networks = [ipaddress.ip_network(name, strict=False) for name in networks]

    def allows(self, address: str) -> bool:
        """Whether it connects to an IP address."""
        return is_public(ipaddress.ip_address(address)) or self._is_named(address)

    def _is_named(self, address: str) -> bool:
        return any(ipaddress.ip_address(address) in network for network in self._networks)

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: typing.Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the first allowed address of a host that accepts one.

        Raises:
            LinkRefused: the host is unknown, none of its addresses is allowed, or it is this
                machine.
            httpcore.ConnectError: no address accepts a connection.
        """
        allowed = [address for address in await resolve(host, port) if self.allows(address)]
        if not allowed:
            raise _inside(host)
        failure: Exception = httpcore.ConnectError()
        for address in allowed:
            try:
                # An IP address is never looked up again.
                stream = await super().connect_tcp(
                    address, port, CONNECT_SECONDS, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
                continue
            if _is_own(stream) and not self._is_named(address):
                await stream.aclose()
                raise _inside(host)
            return BoundedHeadStream(stream)
        raise failure


class BoundedHeadStream(httpcore.AsyncNetworkStream):
    """A connection of which at most `HEAD_BYTES` are read until `head_ended` is called."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream
        self._of_head: int | None = 0

    def head_ended(self) -> None:
        """Stop counting: what follows is the body, which has a limit of its own."""
        self._of_head = None

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """The next bytes.

        Raises:
            httpcore.RemoteProtocolError: the head of the response is too long.
        """
        if self._of_head is not None and self._of_head >= HEAD_BYTES:
            raise httpcore.RemoteProtocolError(f"its head is longer than {HEAD_BYTES:,} bytes")
        arrived = await self._stream.read(max_bytes, timeout)
        if self._of_head is not None:
            self._of_head += len(arrived)
        return arrived

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send bytes."""
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        """Close the connection."""
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> BoundedHeadStream:
        """The same connection with TLS."""
        secure = await self._stream.start_tls(ssl_context, server_hostname, timeout)
        return BoundedHeadStream(secure)

    def get_extra_info(self, info: str) -> typing.Any:  # noqa: ANN401
        """A fact about the connection."""
        return self._stream.get_extra_info(info)


def _is_own(stream: httpcore.AsyncNetworkStream) -> bool:
    """Whether a connection leads to this machine, under an address that may be public.

    Services of this machine that a firewall hides from others can be reached in this way.
    """
    ends = (stream.get_extra_info(end) for end in ("client_addr", "server_addr"))
    client, server = (str(end[0]) for end in ends)
    return client == server


def _unknown(host: str) -> LinkRefused:
    return site_failed(f"There is no site named {host}. Check the address for typing errors.")


def _inside(host: str) -> LinkRefused:
    return LinkRefused(
        f"{host} is inside this network, and pages there are not fetched. If they may be, add the "
        "network to the setting link_networks.",
        status=422,
    )
