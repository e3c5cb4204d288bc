"""How surely a server is to have taken in what was written last, before it answers."""

from __future__ import annotations

import time

from pullquote.backends.milvus.client.server import Consistency

SETTLED_SECONDS = 10.0
"""After so long every replica has what was written before a generation was opened; by its own word
none is more than 5 seconds behind. To wait for certainty takes Milvus 0.2 s for each call."""


class Settling:
    """Tells it for one generation, from the moment it was opened."""

    def __init__(self) -> None:
        self._opened = time.monotonic()

    @property
    def consistency(self) -> Consistency:
        """What to ask for now."""
        settled = time.monotonic() - self._opened > SETTLED_SECONDS
        return "Bounded" if settled else "Strong"
