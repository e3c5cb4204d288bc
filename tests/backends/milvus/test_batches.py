"""Rows are sent in batches that fit into a message."""

from __future__ import annotations

import pytest

from pullquote_milvus import batches as module
from pullquote_milvus.batches import RowBatches
from pullquote_milvus.client.server import Row
from pullquote_milvus.rows import row_bytes


class RecordingServer:
    """Records the rows that a server gets."""

    def __init__(self) -> None:
        self.sent: list[list[Row]] = []

    def upsert(self, name: str, rows: list[Row]) -> None:
        assert name == "bay"
        self.sent.append(list(rows))


def row(size: int) -> Row:
    """A row of so many bytes: a text with two bytes a letter."""
    return {"key": "é" * (size // 2)}


def test_a_row_is_measured_as_it_is_sent() -> None:
    """Texts count as UTF-8; each number counts eight bytes, also in vectors."""
    assert row_bytes({"key": "é€", "day": 3, "vector": [0.6, 0.8, 0.0]}) == 5 + 8 + 24


@pytest.mark.parametrize(
    ("sizes", "sent"),
    [
        ([40, 40, 40, 40], [[40, 40], [40, 40]]),
        ([100, 2], [[100], [2]]),
        ([300, 2], [[300], [2]]),  # a single row is sent, whatever its length
        ([2] * 7, [[2] * 5, [2] * 2]),
        ([], []),
    ],
)
def test_no_batch_exceeds_its_limits(
    sizes: list[int], sent: list[list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Batches have at most 100 bytes and 5 rows here, in order."""
    monkeypatch.setattr(module, "BATCH_BYTES", 100)
    monkeypatch.setattr(module, "BATCH_ROWS", 5)
    server = RecordingServer()
    batches = RowBatches(server, "bay", lambda: None)  # type: ignore[arg-type]
    batches.add(map(row, sizes))
    batches.flush()
    batches.flush()
    assert [[row_bytes(one) for one in some] for some in server.sent] == sent
    assert (batches.rows, batches.bytes) == (len(sizes), sum(sizes))
