"""The schemas and indexes of our tables in Milvus."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pullquote_milvus.client.tables import MOST_BYTES, ColumnKind, MilvusTable

if TYPE_CHECKING:
    from pymilvus import CollectionSchema, MilvusClient
    from pymilvus.milvus_client import IndexParams


_FULL_TEXT = _TEMPLATES = (2, 5)
_INVERTED = (2, 4)


@dataclass(frozen=True, slots=True)
class Version:
    """A server's version, and the features that it implies."""

    text: str
    number: tuple[int, int]
    lite: bool

    @property
    def full_text(self) -> bool:
        """Whether the server can search by words."""
        return self.lite or self.number >= _FULL_TEXT

    @property
    def templates(self) -> bool:
        """Whether the server accepts the values of an expression separately."""
        return not self.lite and self.number >= _TEMPLATES

    @property
    def scalar_index(self) -> str | None:
        """The type of index for lookups; None for the server's own choice."""
        return "INVERTED" if self.lite or self.number >= _INVERTED else None


def parse_version(text: str) -> Version:
    """Parse the version that a server reports: "v2.5.4", "v2.3.5-lite" or "milvus_lite-3.2.2".

    The ending "-lite" stands for a whole server in one program, which is not milvus-lite.
    """
    found = re.search(r"(\d+)\.(\d+)", text)
    number = (0, 0) if found is None else (int(found[1]), int(found[2]))
    return Version(text, number, lite=text.startswith("milvus_lite"))


_GRAPH: dict[str, Any] = {"index_type": "HNSW", "params": {"M": 32, "efConstruction": 200}}
"""A graph of vectors. AUTOINDEX would not let a search set how many vectors it explores."""

_FLAT: dict[str, Any] = {"index_type": "FLAT"}
"""Compares every vector. With a narrow filter, milvus-lite's graph finds only half of the matches.
A Milvus server compares every vector in that case, even if the index is a graph."""


def schema_and_indexes(
    client: MilvusClient, table: MilvusTable, *, dimension: int, version: Version
) -> tuple[CollectionSchema, IndexParams]:
    """The schema and the indexes of a table, as pymilvus expects them."""
    from pymilvus import DataType, Function, FunctionType  # noqa: PLC0415 - an extra

    schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
    indexes = client.prepare_index_params()
    for position, column in enumerate(table.columns):
        full_text = table.analysed == column.name and version.full_text
        match column.kind:
            case ColumnKind.INT:
                schema.add_field(column.name, DataType.INT64)
            case ColumnKind.VECTOR:
                searched = column.name == "vector"
                width = dimension if searched else 2
                schema.add_field(column.name, DataType.FLOAT_VECTOR, dim=width)
                index = _GRAPH if searched and not version.lite else _FLAT
                indexes.add_index(column.name, metric_type="IP", **index)
            case ColumnKind.TEXT:
                of_text: dict[str, Any] = {"is_primary": True} if position == 0 else {}
                if full_text:  # the terms are normalised already, so Milvus only splits them
                    tokens = {"tokenizer": "standard"}
                    of_text |= {"enable_analyzer": True, "analyzer_params": tokens}
                schema.add_field(column.name, DataType.VARCHAR, max_length=MOST_BYTES, **of_text)
        if column.indexed and version.scalar_index is not None:
            indexes.add_index(column.name, index_type=version.scalar_index)
        if full_text:
            schema.add_field("bm25", DataType.SPARSE_FLOAT_VECTOR)
            schema.add_function(Function("bm25", FunctionType.BM25, [column.name], ["bm25"]))
            indexes.add_index("bm25", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25")
    return schema, indexes
