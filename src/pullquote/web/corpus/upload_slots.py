"""A few slots for simultaneous uploads; the last one goes to a client that has none."""

from __future__ import annotations

from typing import Final

from pullquote.web.access.shares import ShareByAddress

SLOTS: Final = 4
"""Simultaneous uploads in all."""

SLOTS_PER_ADDRESS: Final = 2
"""The page sends one file after the other; a second slot is for a second person."""


class UploadSlots:
    """The slots, counted by client address.

    A client takes a second slot only while two or more are free. So two clients never occupy all
    of them, however slowly they send.
    """

    def __init__(self) -> None:
        self._taken = ShareByAddress(SLOTS_PER_ADDRESS)

    def take(self, address: str) -> bool:
        """Take a slot for an address; False if there is none for it now."""
        free = SLOTS - self._taken.total
        needed = 2 if self._taken.count(address) else 1
        return free >= needed and self._taken.take(address)

    def give_back(self, address: str) -> None:
        """Free a slot of an address."""
        self._taken.give_back(address)
