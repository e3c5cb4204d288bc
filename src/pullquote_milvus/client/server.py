"""Calls to a Milvus server."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from pullquote.schema.errors import IndexUnreachable
from pullquote_milvus.client.conditions import Condition
from pullquote_milvus.client.connection import MilvusConnection, error_text
from pullquote_milvus.client.schemas import Version, parse_version, schema_and_indexes
from pullquote_milvus.client.tables import MilvusTable

if TYPE_CHECKING:
    from pymilvus import MilvusClient


Row = dict[str, Any]
"""A row in the form that pymilvus accepts and returns."""

EXPLORED, LEAST_EXPLORED, MOST_EXPLORED = 8, 512, 32_768
"""How many vectors a search explores in the graph (HNSW's ef): the number for each wanted row, and
the minimum and maximum of the product. On news-dev, this found all 50 nearest passages for all 130
questions. Exploring half as many vectors found all of them for 124 questions."""

Answer = TypeVar("Answer")

Consistency = Literal["Strong", "Bounded"]

LISTING_RETRIES = 5
"""How many times to retry listing the collections. It fails only if another process removes a
collection during every attempt."""

_REMOVED = "does not exist"

ROWS_AT_ONCE = 500
"""How many rows one answer to a scan has. Most rows are a few hundred bytes, but a title may be 65
KB."""

_NO_COLLECTION, _NOT_LOADED = 100, 101

_OLD_NO_COLLECTION = 4
"""An older error code for a missing collection. When Milvus 2.6 answers from its cache, it returns
only this code."""


def is_missing_collection(error: Exception) -> bool:
    """Whether a server reports that no collection or alias has that name."""
    codes = getattr(error, "code", None), getattr(error, "compatible_code", None)
    return codes[0] == _NO_COLLECTION or codes == (0, _OLD_NO_COLLECTION)


class Server(MilvusConnection):
    """Reads and writes collections. Threads may share it.

    Every call raises IndexUnreachable if the server does not answer, or reports an error.
    """

    @cached_property
    def version(self) -> Version:
        """The server's version."""
        with self.reading() as client:
            return parse_version(client.get_server_version(timeout=self.seconds))

    def collections(self) -> list[str]:
        """The names of all collections, sorted.

        milvus-lite fails if another process removes a collection at the same time, so this is tried
        again.
        """
        for _ in range(LISTING_RETRIES):
            try:
                return self._list_collections()
            except IndexUnreachable as error:
                if _REMOVED not in error.reason:
                    raise
        return self._list_collections()

    def _list_collections(self) -> list[str]:
        with self.reading() as client:
            return sorted(client.list_collections(timeout=self.seconds))

    def exists(self, name: str) -> bool:
        """Whether a collection or an alias has that name."""
        with self.reading() as client:
            return bool(client.has_collection(name, timeout=self.seconds))

    def resolve_alias(self, alias: str) -> str | None:
        """The collection that an alias points at, or that has that name; None if there is none."""
        with self.reading() as client:
            try:
                found = client.describe_collection(alias, timeout=self.seconds)
            except Exception as error:
                if is_missing_collection(error):
                    return None
                raise
            return str(found["collection_name"])

    def rows(
        self,
        name: str,
        condition: Condition,
        columns: Sequence[str],
        *,
        limit: int | None = None,
        consistency: Consistency = "Strong",
    ) -> list[Row]:
        """The rows that fulfil a condition, in no particular order."""
        asked: Row = {
            "output_fields": list(columns),
            "timeout": self.seconds,
            "consistency_level": consistency,
            **self._filter(condition),
            **({} if limit is None else {"limit": limit}),
        }
        with self.reading() as client:
            return [dict(row) for row in self._loaded(client, name, client.query, asked)]

    def count(self, name: str, condition: Condition, *, consistency: Consistency = "Strong") -> int:
        """How many rows fulfil a condition."""
        [found] = self.rows(name, condition, ["count(*)"], consistency=consistency)
        return int(found["count(*)"])

    def scan(self, name: str, condition: Condition, columns: Sequence[str]) -> Iterator[Row]:
        """All rows that fulfil a condition, `ROWS_AT_ONCE` in memory at a time."""
        asked: Row = {
            "batch_size": ROWS_AT_ONCE,
            "output_fields": list(columns),
            "timeout": self.seconds,
            "consistency_level": "Strong",
            **self._filter(condition, values="expr_params"),
        }
        with self.reading() as client:
            found = self._loaded(client, name, client.query_iterator, asked)
        try:
            while True:
                with self.reading(client):
                    batch = found.next()
                if not batch:
                    return
                yield from map(dict, batch)
        finally:
            found.close()

    def search(
        self,
        name: str,
        *,
        column: str,
        sought: object,
        condition: Condition,
        columns: Sequence[str],
        limit: int,
        consistency: Consistency,
    ) -> list[Row]:
        """The rows that are nearest to a vector or match a text best, best first."""
        explored = min(max(LEAST_EXPLORED, EXPLORED * limit), MOST_EXPLORED)
        asked: Row = {
            "data": [sought],
            "search_params": {"params": {"ef": explored} if column == "vector" else {}},
            "anns_field": column,
            "limit": limit,
            "output_fields": list(columns),
            "timeout": self.seconds,
            "consistency_level": consistency,
            **self._filter(condition),
        }
        with self.reading() as client:
            [hits] = self._loaded(client, name, client.search, asked)
            return [dict(hit["entity"]) for hit in hits]

    def create(self, name: str, table: MilvusTable, *, dimension: int) -> None:
        """Create an empty collection and load it. Fails if it exists."""
        with self.writing() as client:
            schema, indexes = schema_and_indexes(
                client, table, dimension=dimension, version=self.version
            )
            client.create_collection(
                name,
                schema=schema,
                consistency_level="Strong",
                timeout=self.write_seconds,
            )
            # An empty collection has no index to wait for.
            client.create_index(name, indexes, sync=False, timeout=self.write_seconds)
            client.load_collection(name, timeout=self.write_seconds)

    def upsert(self, name: str, rows: Sequence[Row], *, at_once: bool = False) -> None:
        """Write rows; each replaces the row with its key, if there is one.

        `at_once` allows only as much time as a read.

        Milvus's insert is not used. pymilvus repeats a call that may have failed, and a row that
        was inserted twice would be stored twice.
        """
        seconds = self.seconds if at_once else self.write_seconds
        with self.writing() as client:
            client.upsert(name, list(rows), timeout=seconds)

    def delete(self, name: str, condition: Condition) -> None:
        """Remove the rows that fulfil a condition."""
        with self.writing() as client:
            client.delete(name, timeout=self.write_seconds, **self._filter(condition))

    def flush(self, name: str) -> None:
        """Make the server index what was written, so that searches are quick."""
        with self.writing() as client:
            client.flush(name, timeout=self.write_seconds)

    def drop(self, name: str) -> None:
        """Remove a collection, if it exists."""
        with self.writing() as client:
            client.drop_collection(name, timeout=self.write_seconds)

    def create_alias(self, name: str, alias: str) -> bool:
        """Create an alias for a collection; False if the alias exists already."""
        with self.writing() as client:
            try:
                client.create_alias(name, alias, timeout=self.write_seconds)
            except Exception as error:
                if "exist" in error_text(error).lower():
                    return False
                raise
            return True

    def set_alias(self, name: str, alias: str) -> None:
        """Point an alias at a collection, in one step."""
        if not self.create_alias(name, alias):
            with self.writing() as client:
                client.alter_alias(name, alias, timeout=self.write_seconds)

    def drop_alias(self, alias: str) -> None:
        """Remove an alias."""
        with self.writing() as client:
            client.drop_alias(alias, timeout=self.write_seconds)

    def _loaded(
        self, client: MilvusClient, name: str, ask: Callable[..., Answer], asked: Row
    ) -> Answer:
        """Call `ask`. If the collection is not loaded, load it and call `ask` again.

        milvus-lite starts with no collection loaded, and the administrator of a server may unload a
        collection.
        """
        try:
            return ask(name, **asked)
        except Exception as error:
            if getattr(error, "code", None) != _NOT_LOADED:
                raise
        client.load_collection(name, timeout=self.seconds)
        return ask(name, **asked)

    def _filter(self, condition: Condition, *, values: str = "filter_params") -> Row:
        """A condition as arguments of pymilvus. `values` is the name of the second argument."""
        if self.version.templates:
            return {"filter": condition.expression, values: dict(condition.values)}
        return {"filter": condition.written()}
