"""Counts what each client has in progress, for limits."""

from __future__ import annotations

from collections import Counter

from pullquote.web.access.networks import network_of


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
