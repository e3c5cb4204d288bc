"""The head of a cluster: whether it is still there."""

from __future__ import annotations

import socket
import time

from pullquote.errors import ClusterUnusable

LOOK_SECONDS = 5.0
"""How often it is looked for."""

GONE_SECONDS = 20.0
"""For which it may be gone from when it was first missed, as where it is started anew. After 60 Ray
ends the whole process, be it a web chat that rebuilds."""


class HeadMonitor:
    """Looks for the head at `place`, HOST:PORT; for none where whoever joined cannot be ended."""

    def __init__(self, address: str, place: str | None) -> None:
        self._address = address
        self._place = place
        self._looked = time.monotonic()
        self._missed: float | None = None

    def check(self) -> None:
        """Look, if it is time to.

        Raises:
            ClusterUnusable: it has been gone for too long.
        """
        now = time.monotonic()
        if self._place is None or now - self._looked < LOOK_SECONDS:
            return
        self._looked = now
        host, _, port = self._place.rpartition(":")
        try:
            socket.create_connection((host, int(port)), timeout=LOOK_SECONDS).close()
        except OSError as error:
            self._missed = now if self._missed is None else self._missed
            if now - self._missed > GONE_SECONDS:
                told = f"its head at {self._place} has been gone for {GONE_SECONDS:g} seconds"
                raise ClusterUnusable(self._address, told) from error
        else:
            self._missed = None
