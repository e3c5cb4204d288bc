"""Tables as Milvus's schemas and indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pullquote.backends.milvus.client.tables import MOST_BYTES, Kind, Table
from pullquote.backends.milvus.client.version import Version

if TYPE_CHECKING:
    from pymilvus import CollectionSchema, MilvusClient
    from pymilvus.milvus_client import IndexParams

_GRAPH: dict[str, Any] = {"index_type": "HNSW", "params": {"M": 32, "efConstruction": 200}}
"""A graph of vectors. Named, since what AUTOINDEX explores in a search cannot be said."""

_EACH: dict[str, Any] = {"index_type": "FLAT"}
"""Each vector is looked at. milvus-lite's graph finds half of what a narrow filter leaves, where
Milvus itself looks at each vector then."""


def described(
    client: MilvusClient, table: Table, *, dimension: int, version: Version
) -> tuple[CollectionSchema, IndexParams]:
    """The schema of a table and its indexes, as pymilvus wants them."""
    from pymilvus import DataType, Function, FunctionType  # noqa: PLC0415 - an extra

    schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
    indexes = client.prepare_index_params()
    for place, column in enumerate(table.columns):
        text = table.analysed == column.name and version.full_text
        match column.kind:
            case Kind.INT:
                schema.add_field(column.name, DataType.INT64)
            case Kind.VECTOR:
                searched = column.name == "vector"
                width = dimension if searched else 2
                schema.add_field(column.name, DataType.FLOAT_VECTOR, dim=width)
                how = _GRAPH if searched and not version.lite else _EACH
                indexes.add_index(column.name, metric_type="IP", **how)
            case Kind.TEXT:
                of_text: dict[str, Any] = {"is_primary": True} if place == 0 else {}
                if text:  # the terms are ours, so that they are only to be parted
                    tokens = {"tokenizer": "standard"}
                    of_text |= {"enable_analyzer": True, "analyzer_params": tokens}
                schema.add_field(column.name, DataType.VARCHAR, max_length=MOST_BYTES, **of_text)
        if column.indexed and version.scalar_index is not None:
            indexes.add_index(column.name, index_type=version.scalar_index)
        if text:
            schema.add_field("bm25", DataType.SPARSE_FLOAT_VECTOR)
            schema.add_function(Function("bm25", FunctionType.BM25, [column.name], ["bm25"]))
            indexes.add_index("bm25", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25")
    return schema, indexes
