"""The figures about the size of an archive equal those that their script computes."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks import scaling

HOW_TO = Path(__file__).parents[1] / "docs" / "how-to"
DOCS = "".join(
    (HOW_TO / name).read_text(encoding="utf-8") for name in ("scaling.md", "scaling-milvus.md")
)


@pytest.mark.parametrize(
    "table",
    [
        scaling.folder_table,
        scaling.embedding_table,
        scaling.milvus_table,
        scaling.kinds_table,
        scaling.committer_table,
    ],
)
def test_every_table_is_the_one_that_is_printed(table) -> None:
    """The tables in the docs equal those of the script."""
    assert table() in DOCS


def test_an_example_worked_by_hand() -> None:
    """Ten million vectors of 384 numbers in an HNSW of 32 links take 18.1 GB."""
    [hnsw] = [kind for kind in scaling.KINDS if kind.name == "HNSW"]
    assert hnsw.memory == 384 * 4 + 272 == 1808
    assert scaling.amount_text(10_000_000 * hnsw.memory) == "18.1 GB"
    assert scaling.duration_text(10_000_000 / (27.0 * 2)) == "51.4 h"
