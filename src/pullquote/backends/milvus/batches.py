"""Rows on their way to the server, by their size."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pullquote.backends.milvus.client.server import Row, Server
from pullquote.backends.milvus.rows import bytes_of

BATCH_BYTES = 8 << 20
"""Sent at once. A message may have 64 MB on either side; vectors take a little more than they are
counted here."""

BATCH_ROWS = 2000


class Batches:
    """Sends the rows for one collection some at a time; `flush` sends what is left.

    `before_writing` is called before any are sent, and raises where none may be.
    """

    def __init__(self, server: Server, name: str, before_writing: Callable[[], None]) -> None:
        self._server = server
        self._before_writing = before_writing
        self.name = name
        self._rows: list[Row] = []
        self._bytes = 0
        self.rows = 0
        self.bytes = 0

    def add(self, rows: Iterable[Row]) -> None:
        """Take rows in."""
        for row in rows:
            size = bytes_of(row)
            if self._rows and (self._bytes + size > BATCH_BYTES or len(self._rows) == BATCH_ROWS):
                self.flush()
            self._rows.append(row)
            self._bytes += size
            self.bytes += size
            self.rows += 1

    def flush(self) -> None:
        """Send what there is."""
        if self._rows:
            self._before_writing()
            self._server.upsert(self.name, self._rows)
        self._rows, self._bytes = [], 0
