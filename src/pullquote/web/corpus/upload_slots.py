"""A few slots for simultaneous uploads; the last one is only for a client that has none."""

from __future__ import annotations

from typing import Final

from pullquote.web.access.shares import ShareByAddress

SLOTS: Final = 4
"""Maximum number of simultaneous uploads by all clients."""

SLOTS_PER_ADDRESS: Final = 2
"""The page sends one file after the other. A second slot serves a second person."""


class UploadSlots:
    """The slots, counted by client address.

    A client takes a second slot only while two or more are free. So two clients alone never
    occupy all slots, however slowly they send.
    """

    def __init__(self) -> None:
        self._taken = ShareByAddress(SLOTS_PER_ADDRESS)

    def take(self, address: str) -> bool:
        """Take a slot for an address. Returns False if the address cannot have one now."""
        free = SLOTS - self._taken.total
        needed = 2 if self._taken.count(address) else 1
        return free >= needed and self._taken.take(address)

    def give_back(self, address: str) -> None:
        """Free a slot of an address."""
        self._taken.give_back(address)
