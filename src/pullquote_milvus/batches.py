"""Rows and values in batches that fit into a message to the server."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from pullquote_milvus.client.server import Row, Server
from pullquote_milvus.rows import row_bytes

BATCH_BYTES = 8 << 20
"""Maximum size of one message, in bytes. Client and server accept 64 MB; vectors take a little more
than is counted here."""

BATCH_ROWS = 2000

Value = TypeVar("Value")


class RowBatches:
    """Sends the rows of one collection in batches; `flush` sends the rest.

    `before_writing` is called before each batch. It raises if nothing may be written any more.
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
        """Add rows, and send each batch that is full."""
        for row in rows:
            size = row_bytes(row)
            if self._rows and (self._bytes + size > BATCH_BYTES or len(self._rows) == BATCH_ROWS):
                self.flush()
            self._rows.append(row)
            self._bytes += size
            self.bytes += size
            self.rows += 1

    def flush(self) -> None:
        """Send the rows that have not been sent yet."""
        if self._rows:
            self._before_writing()
            self._server.upsert(self.name, self._rows)
        self._rows, self._bytes = [], 0


def chunks_of(values: Sequence[Value], size: int) -> Iterator[list[Value]]:
    """The values in lists of length `size`; the last list may be shorter."""
    for start in range(0, len(values), size):
        yield list(values[start : start + size])
