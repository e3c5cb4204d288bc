"""The consistency level of reads: whether an answer waits for the latest writes."""

from __future__ import annotations

import time

from pullquote_milvus.client.server import Consistency

CONSISTENT_AFTER_SECONDS = 10.0
"""Seconds until every replica has what was written before a generation was opened. Milvus promises
that no replica is more than 5 seconds behind. Strong consistency costs 0.2 seconds per call."""


class ReadConsistency:
    """The consistency level for one generation; strong only for a short time after it is opened."""

    def __init__(self) -> None:
        self._opened = time.monotonic()

    @property
    def level(self) -> Consistency:
        """The level to ask for now."""
        everywhere = time.monotonic() - self._opened > CONSISTENT_AFTER_SECONDS
        return "Bounded" if everywhere else "Strong"
