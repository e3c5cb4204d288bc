"""IP addresses: which ones count as one client, and which belong to a trusted proxy."""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Iterable

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_IPV6_PREFIX = 64
"""Bits of an IPv6 address that name the network. A subscriber has all 2^64 addresses in it."""


def parse_ip(text: str) -> _Address | None:
    """The IP address in "192.0.2.1", "192.0.2.1:8080", "2001:db8::1" or "[2001:db8::1]:8080".

    An IPv4 address that is written as IPv6 (`::ffff:192.0.2.1`) is returned as IPv4. Returns
    None for any other text.
    """
    host = text.strip()
    if host.startswith("["):
        host, _, port = host[1:].partition("]")
        if port and not (port[0] == ":" and port[1:].isdecimal()):
            return None
    elif host.count(":") == 1:
        host, _, port = host.partition(":")
        if not port.isdecimal():
            return None
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return address if mapped is None else mapped


def network_of(address: str) -> str:
    """The unit in which clients are counted: an IPv4 address, or the /64 of an IPv6 address."""
    ip = parse_ip(address)
    if ip is None:
        return address
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    return str(ipaddress.ip_network((int(ip), _IPV6_PREFIX), strict=False))


class Networks:
    """A set of addresses and networks, such as the trusted proxies."""

    def __init__(self, named: Iterable[str]) -> None:
        self._networks = [ipaddress.ip_network(name, strict=False) for name in named]

    def __bool__(self) -> bool:
        return bool(self._networks)

    def __contains__(self, address: str) -> bool:
        ip = parse_ip(address)
        return ip is not None and any(ip in network for network in self._networks)


class ShareByAddress:
    """Counts the connections, requests or uploads of each client; each may have at most `most`.

    A client is an IPv4 address or the /64 network of an IPv6 address.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._counts: Counter[str] = Counter()

    @property
    def total(self) -> int:
        """The sum for all clients."""
        return self._counts.total()

    def take(self, address: str) -> bool:
        """Count one more for an address. Returns False, and counts nothing, if it has `most`."""
        network = network_of(address)
        if self._counts[network] >= self.most:
            return False
        self._counts[network] += 1
        return True

    def give_back(self, address: str) -> None:
        """Count one less for an address."""
        network = network_of(address)
        self._counts[network] -= 1
        if self._counts[network] <= 0:
            del self._counts[network]

    def count(self, address: str) -> int:
        """The count of an address."""
        return self._counts[network_of(address)]

    def largest(self) -> str | None:
        """The client with the highest count, or None if there are no clients."""
        return max(self._counts, key=self._counts.__getitem__, default=None)
