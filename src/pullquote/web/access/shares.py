"""How much of something each client holds, for limits that count by client."""

from __future__ import annotations

from collections import Counter

from pullquote.web.access.networks import network_of


class ShareByAddress:
    """Counts what each client holds (connections, requests, uploads); each may hold `most`.

    A client is an IPv4 address or the /64 network of an IPv6 address.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._counts: Counter[str] = Counter()

    @property
    def total(self) -> int:
        """How much all clients hold together."""
        return self._counts.total()

    def take(self, address: str) -> bool:
        """Count one more for an address; False, and nothing counted, if it holds `most`."""
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
        """How much an address holds."""
        return self._counts[network_of(address)]

    def largest(self) -> str | None:
        """The client that holds the most, or None if nobody holds anything."""
        return max(self._counts, key=self._counts.__getitem__, default=None)
