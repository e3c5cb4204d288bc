"""Watches the head of a cluster."""

from __future__ import annotations

import socket
import time

from pullquote.schema.errors import ClusterUnusable

LOOK_SECONDS = 5.0
"""Seconds between two checks."""

GONE_SECONDS = 20.0
"""How many seconds the head may be gone, for example while it restarts. After 60 seconds, Ray would
end this whole process, even if that serves the web chat."""


class HeadMonitor:
    """Checks that the head listens at `listens_at`, HOST:PORT. If that is None, it does nothing."""

    def __init__(self, address: str, listens_at: str | None) -> None:
        self._address = address
        self._listens_at = listens_at
        self._checked = time.monotonic()
        self._missed: float | None = None

    def check(self) -> None:
        """Check the head if the last check was at least `LOOK_SECONDS` ago.

        Raises:
            ClusterUnusable: the head has been gone for too long.
        """
        now = time.monotonic()
        if self._listens_at is None or now - self._checked < LOOK_SECONDS:
            return
        self._checked = now
        host, _, port = self._listens_at.rpartition(":")
        try:
            socket.create_connection((host, int(port)), timeout=LOOK_SECONDS).close()
        except OSError as error:
            self._missed = now if self._missed is None else self._missed
            if now - self._missed > GONE_SECONDS:
                reason = (
                    f"its head at {self._listens_at} has been gone for {GONE_SECONDS:g} seconds"
                )
                raise ClusterUnusable(self._address, reason) from error
        else:
            self._missed = None
