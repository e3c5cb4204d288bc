"""Places for uploads: few in all, and one is left for a client that has none."""

from __future__ import annotations

from typing import Final

from pullquote.web.access.shares import ShareByAddress

PLACES: Final = 4
"""Uploads at a time."""

PLACES_PER_ADDRESS: Final = 2
"""The page sends one file after the other; a second place is for a second person."""


class UploadPlaces:
    """The places, counted by client.

    A client takes a second place only while two or more are free. So two clients never hold all
    of them, however slowly they send.
    """

    def __init__(self) -> None:
        self._taken = ShareByAddress(PLACES_PER_ADDRESS)

    def take(self, address: str) -> bool:
        """Take a place for an address; False if there is none for it now."""
        free = PLACES - self._taken.total
        needed = 2 if self._taken.count(address) else 1
        return free >= needed and self._taken.take(address)

    def give_back(self, address: str) -> None:
        """Free a place of an address."""
        self._taken.give_back(address)
