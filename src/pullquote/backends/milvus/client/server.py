"""A Milvus server, as far as an index needs it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from pullquote.backends.milvus.address import MilvusAddress
from pullquote.backends.milvus.client.conditions import Condition
from pullquote.backends.milvus.client.connection import Access, Connection, message_of
from pullquote.backends.milvus.client.schemas import described
from pullquote.backends.milvus.client.tables import Table
from pullquote.backends.milvus.client.version import Version, parse_version
from pullquote.errors import IndexUnreachable

if TYPE_CHECKING:
    from pymilvus import MilvusClient

Row = dict[str, Any]
"""A row as it goes over the wire."""

EXPLORED, LEAST_EXPLORED, MOST_EXPLORED = 8, 512, 32_768
"""Vectors that a search looks at in the graph (HNSW's ef) for each row that is wanted, at least and
at most. On news-dev half of this found all of the 50 nearest for 124 of 130 questions, and this for
all of them."""

Answer = TypeVar("Answer")

Consistency = Literal["Strong", "Bounded"]

LISTED_AGAIN = 5
"""Times; another process would have to remove a collection in each of those moments."""

_REMOVED = "does not exist"

ROWS_AT_ONCE = 500
"""Rows of a few hundred bytes that one answer brings; a title may have 65 KB."""

_NO_COLLECTION, _NOT_LOADED = 100, 101

_NO_COLLECTION_BEFORE = 4
"""Of the older codes; 2.6 gives no other where it answers from what it remembers."""


def is_no_collection(error: Exception) -> bool:
    """Whether a server says that there is no collection or alias of a name."""
    codes = getattr(error, "code", None), getattr(error, "compatible_code", None)
    return codes[0] == _NO_COLLECTION or codes == (0, _NO_COLLECTION_BEFORE)


class Server:
    """Asks and fills collections. Threads may share it.

    Every call raises IndexUnreachable where the server does not answer, or says that it cannot.
    """

    def __init__(self, address: MilvusAddress, access: Access) -> None:
        self._to = Connection(address, access)
        self.place = self._to.place

    def close(self) -> None:
        """Let go of the connection; the next call makes another."""
        self._to.close()

    @cached_property
    def version(self) -> Version:
        """The server's version."""
        with self._to.reading() as client:
            return parse_version(client.get_server_version(timeout=self._to.seconds))

    def names(self) -> list[str]:
        """The collections that there are.

        milvus-lite looks at each for it, and fails over one that somebody removes meanwhile.
        """
        for _ in range(LISTED_AGAIN):
            try:
                return self._names()
            except IndexUnreachable as error:
                if _REMOVED not in error.reason:
                    raise
        return self._names()

    def _names(self) -> list[str]:
        with self._to.reading() as client:
            return sorted(client.list_collections(timeout=self._to.seconds))

    def exists(self, name: str) -> bool:
        """Whether there is a collection or an alias of that name."""
        with self._to.reading() as client:
            return bool(client.has_collection(name, timeout=self._to.seconds))

    def meant(self, alias: str) -> str | None:
        """The collection that an alias means, or that has that name; None where there is none."""
        with self._to.reading() as client:
            try:
                found = client.describe_collection(alias, timeout=self._to.seconds)
            except Exception as error:
                if is_no_collection(error):
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
        """Rows that fulfil a condition, in no order."""
        asked: Row = {
            "output_fields": list(columns),
            "timeout": self._to.seconds,
            "consistency_level": consistency,
            **self._filter(condition),
            **({} if limit is None else {"limit": limit}),
        }
        with self._to.reading() as client:
            return [dict(row) for row in self._loaded(client, name, client.query, asked)]

    def count(self, name: str, condition: Condition, *, consistency: Consistency = "Strong") -> int:
        """How many rows fulfil a condition."""
        [found] = self.rows(name, condition, ["count(*)"], consistency=consistency)
        return int(found["count(*)"])

    def scan(self, name: str, condition: Condition, columns: Sequence[str]) -> Iterator[Row]:
        """All rows that fulfil a condition, some in memory at a time."""
        asked: Row = {
            "batch_size": ROWS_AT_ONCE,
            "output_fields": list(columns),
            "timeout": self._to.seconds,
            "consistency_level": "Strong",
            **self._filter(condition, values="expr_params"),
        }
        with self._to.reading() as client:
            found = self._loaded(client, name, client.query_iterator, asked)
        try:
            while True:
                with self._to.reading(client):
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
            "timeout": self._to.seconds,
            "consistency_level": consistency,
            **self._filter(condition),
        }
        with self._to.reading() as client:
            [hits] = self._loaded(client, name, client.search, asked)
            return [dict(hit["entity"]) for hit in hits]

    def create(self, name: str, table: Table, *, dimension: int) -> None:
        """Make an empty collection that can be searched; an error where there is one."""
        with self._to.writing() as client:
            schema, indexes = described(client, table, dimension=dimension, version=self.version)
            client.create_collection(
                name, schema=schema, consistency_level="Strong", timeout=self._to.patience
            )
            # It is empty, so that there is no index to wait for.
            client.create_index(name, indexes, sync=False, timeout=self._to.patience)
            client.load_collection(name, timeout=self._to.patience)

    def upsert(self, name: str, rows: Sequence[Row], *, at_once: bool = False) -> None:
        """Put rows in, each in place of that of its key; `at_once` or not at all.

        New ones too: pymilvus sends them again where it does not know whether they have come, and
        what is inserted twice is there twice.
        """
        seconds = self._to.seconds if at_once else self._to.patience
        with self._to.writing() as client:
            client.upsert(name, list(rows), timeout=seconds)

    def delete(self, name: str, condition: Condition) -> None:
        """Remove the rows that fulfil a condition."""
        with self._to.writing() as client:
            client.delete(name, timeout=self._to.patience, **self._filter(condition))

    def settle(self, name: str) -> None:
        """Have what was written put in order, so that searching it is quick."""
        with self._to.writing() as client:
            client.flush(name, timeout=self._to.patience)

    def drop(self, name: str) -> None:
        """Remove a collection, if it is there."""
        with self._to.writing() as client:
            client.drop_collection(name, timeout=self._to.patience)

    def name_first(self, name: str, alias: str) -> bool:
        """Whether an alias was made for a collection; False where there was one already."""
        with self._to.writing() as client:
            try:
                client.create_alias(name, alias, timeout=self._to.patience)
            except Exception as error:
                if "exist" in message_of(error).lower():
                    return False
                raise
            return True

    def name(self, name: str, alias: str) -> None:
        """Have an alias mean a collection, in one step, whatever it meant before."""
        if not self.name_first(name, alias):
            with self._to.writing() as client:
                client.alter_alias(name, alias, timeout=self._to.patience)

    def forget_name(self, alias: str) -> None:
        """Remove an alias."""
        with self._to.writing() as client:
            client.drop_alias(alias, timeout=self._to.patience)

    def _loaded(
        self, client: MilvusClient, name: str, ask: Callable[..., Answer], asked: Row
    ) -> Answer:
        """What a collection answers, which is loaded for it where it is not.

        milvus-lite has none loaded when it starts, and whoever keeps a server may release one.
        """
        try:
            return ask(name, **asked)
        except Exception as error:
            if getattr(error, "code", None) != _NOT_LOADED:
                raise
        client.load_collection(name, timeout=self._to.seconds)
        return ask(name, **asked)

    def _filter(self, condition: Condition, *, values: str = "filter_params") -> Row:
        """A condition as pymilvus takes it; its iterators know the values by another name."""
        if self.version.templates:
            return {"filter": condition.expression, values: dict(condition.values)}
        return {"filter": condition.written()}
