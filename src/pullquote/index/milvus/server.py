"""A Milvus server, as far as an index needs it. pymilvus is used here alone."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import SecretStr

from pullquote.address import MilvusAddress
from pullquote.errors import ExtraMissing, IndexUnreachable, IndexUnwritable
from pullquote.index.milvus.conditions import Condition
from pullquote.index.milvus.tables import MOST_BYTES, Kind, Table

if TYPE_CHECKING:
    from pymilvus import MilvusClient

Row = dict[str, Any]
"""A row as it goes over the wire."""

Consistency = Literal["Strong", "Bounded"]

ROWS_AT_ONCE = 1000
"""Rows of a few hundred bytes that one answer brings."""

WRITING_TAKES = 12
"""Times as long as an answer: a server that builds an index on the way may need it."""

_FULL_TEXT = _TEMPLATES = (2, 5)
_INVERTED = (2, 4)
_NO_COLLECTION = 100
_REFUSED = ("auth check failure", "unauthenticated", "permission", "privilege", "password")
_GONE = ("unavailable", "deadline", "timeout", "connecting", "connection", "closed channel")


@dataclass(frozen=True, slots=True)
class Access:
    """How to be let in, and how long an answer may take."""

    user: str | None
    password: SecretStr | None
    token: SecretStr | None
    certificate: Path | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Version:
    """A server's version, and what follows from it."""

    text: str
    number: tuple[int, int]
    lite: bool

    @property
    def full_text(self) -> bool:
        """Whether it searches by words."""
        return self.lite or self.number >= _FULL_TEXT

    @property
    def templates(self) -> bool:
        """Whether it takes the values of an expression beside it."""
        return not self.lite and self.number >= _TEMPLATES

    @property
    def scalar_index(self) -> str | None:
        """The index by which rows are looked up; None for the server's own choice."""
        return "INVERTED" if self.lite or self.number >= _INVERTED else None


def parse_version(text: str) -> Version:
    """What a server says of its version: "v2.5.4", "v2.3.5-lite" or "milvus_lite-3.2.2".

    The second is a whole server that was packed as one program.
    """
    found = re.search(r"(\d+)\.(\d+)", text)
    number = (0, 0) if found is None else (int(found[1]), int(found[2]))
    return Version(text, number, lite=text.startswith("milvus_lite"))


class Server:
    """Connects when first asked, and again after an error. Threads may share it."""

    def __init__(self, address: MilvusAddress, access: Access) -> None:
        self.place = str(address)
        self._address = address
        self._access = access
        self._lock = threading.Lock()
        self._client: MilvusClient | None = None

    def close(self) -> None:
        """Let go of the connection; the next call makes another."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    @cached_property
    def version(self) -> Version:
        """The server's version."""
        with self._reading() as client:
            return parse_version(client.get_server_version(timeout=self._access.seconds))

    def names(self) -> list[str]:
        """The collections that there are."""
        with self._reading() as client:
            return sorted(client.list_collections(timeout=self._access.seconds))

    def exists(self, name: str) -> bool:
        """Whether there is a collection or an alias of that name."""
        with self._reading() as client:
            return bool(client.has_collection(name, timeout=self._access.seconds))

    def meant(self, alias: str) -> str | None:
        """The collection that an alias means, or that has that name; None where there is none."""
        with self._reading() as client:
            try:
                found = client.describe_collection(alias, timeout=self._access.seconds)
            except Exception as error:
                if getattr(error, "code", None) == _NO_COLLECTION:
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
        with self._reading() as client:
            found = client.query(
                name,
                output_fields=list(columns),
                timeout=self._access.seconds,
                consistency_level=consistency,
                **self._filter(condition),
                **({} if limit is None else {"limit": limit}),
            )
            return [dict(row) for row in found]

    def count(self, name: str, condition: Condition) -> int:
        """How many rows fulfil a condition."""
        return int(self.rows(name, condition, ["count(*)"])[0]["count(*)"])

    def scan(self, name: str, condition: Condition, columns: Sequence[str]) -> Iterator[Row]:
        """All rows that fulfil a condition, some in memory at a time."""
        with self._reading() as client:
            found = client.query_iterator(
                name,
                batch_size=ROWS_AT_ONCE,
                output_fields=list(columns),
                timeout=self._access.seconds,
                consistency_level="Strong",
                **self._filter(condition),
            )
        try:
            while True:
                with self._reading():
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
        with self._reading() as client:
            [hits] = client.search(
                name,
                data=[sought],
                anns_field=column,
                limit=limit,
                output_fields=list(columns),
                timeout=self._access.seconds,
                consistency_level=consistency,
                **self._filter(condition),
            )
            return [dict(hit["entity"]) for hit in hits]

    def create(self, name: str, table: Table, *, dimension: int) -> None:
        """Make an empty collection that can be searched; an error where there is one."""
        with self._writing() as client:
            schema, indexes = self._described(client, table, dimension)
            client.create_collection(
                name, schema=schema, consistency_level="Strong", timeout=self._patience
            )
            # It is empty, so that there is no index to wait for.
            client.create_index(name, indexes, sync=False, timeout=self._patience)
            client.load_collection(name, timeout=self._patience)

    def insert(self, name: str, rows: Sequence[Row]) -> None:
        """Put rows in; Milvus does not look whether there are any of their keys."""
        with self._writing() as client:
            client.insert(name, list(rows), timeout=self._patience)

    def upsert(self, name: str, rows: Sequence[Row]) -> None:
        """Put rows in, each in place of that of its key."""
        with self._writing() as client:
            client.upsert(name, list(rows), timeout=self._patience)

    def delete(self, name: str, condition: Condition) -> None:
        """Remove the rows that fulfil a condition."""
        with self._writing() as client:
            client.delete(name, timeout=self._patience, **self._filter(condition))

    def settle(self, name: str) -> None:
        """Have what was written put in order, so that searching it is quick."""
        with self._writing() as client:
            client.flush(name, timeout=self._patience)

    def drop(self, name: str) -> None:
        """Remove a collection, if it is there."""
        with self._writing() as client:
            client.drop_collection(name, timeout=self._patience)

    def name_first(self, name: str, alias: str) -> bool:
        """Whether an alias was made for a collection; False where there was one already."""
        with self._writing() as client:
            try:
                client.create_alias(name, alias, timeout=self._patience)
            except Exception as error:
                if "exist" in _message(error).lower():
                    return False
                raise
            return True

    def name(self, name: str, alias: str) -> None:
        """Have an alias mean a collection, in one step, whatever it meant before."""
        if not self.name_first(name, alias):
            with self._writing() as client:
                client.alter_alias(name, alias, timeout=self._patience)

    def forget_name(self, alias: str) -> None:
        """Remove an alias."""
        with self._writing() as client:
            client.drop_alias(alias, timeout=self._patience)

    @property
    def _patience(self) -> float:
        return WRITING_TAKES * self._access.seconds

    def _filter(self, condition: Condition) -> Row:
        if self.version.templates:
            return {"filter": condition.expression, "filter_params": dict(condition.values)}
        return {"filter": condition.written()}

    def _described(self, client: MilvusClient, table: Table, dimension: int) -> tuple[Any, Any]:
        """The schema of a table and its indexes, as pymilvus wants them."""
        from pymilvus import DataType, Function, FunctionType  # noqa: PLC0415 - an extra

        schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
        indexes = client.prepare_index_params()
        for place, column in enumerate(table.columns):
            text = table.analysed == column.name and self.version.full_text
            match column.kind:
                case Kind.INT:
                    schema.add_field(column.name, DataType.INT64)
                case Kind.VECTOR:
                    width = dimension if column.name == "vector" else 2
                    schema.add_field(column.name, DataType.FLOAT_VECTOR, dim=width)
                    kind = "AUTOINDEX" if self.version.number >= _INVERTED else "FLAT"
                    indexes.add_index(column.name, index_type=kind, metric_type="IP")
                case Kind.TEXT:
                    how: Row = {"is_primary": True} if place == 0 else {}
                    if text:  # the terms are ours, so that they are only to be parted
                        tokens = {"tokenizer": "standard"}
                        how |= {"enable_analyzer": True, "analyzer_params": tokens}
                    schema.add_field(column.name, DataType.VARCHAR, max_length=MOST_BYTES, **how)
            if column.indexed and self.version.scalar_index is not None:
                indexes.add_index(column.name, index_type=self.version.scalar_index)
            if text:
                schema.add_field("bm25", DataType.SPARSE_FLOAT_VECTOR)
                schema.add_function(Function("bm25", FunctionType.BM25, [column.name], ["bm25"]))
                indexes.add_index("bm25", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25")
        return schema, indexes

    def _connected(self) -> MilvusClient:
        with self._lock:
            if self._client is None:
                self._client = self._connect()
            return self._client

    def _connect(self) -> MilvusClient:
        try:
            from pymilvus import MilvusClient  # noqa: PLC0415 - an extra

            if self._address.file is not None:
                import milvus_lite  # noqa: F401, PLC0415 - the same extra
        except ImportError:
            raise ExtraMissing("milvus", what=f"The index at {self.place}") from None
        # They log every error with its traceback, which we raise anyway.
        for name in ("pymilvus", "milvus_lite"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        access, address = self._access, self._address
        password = address.password if access.password is None else access.password
        user = address.user if access.user is None else access.user
        given: Row = {"uri": address.uri, "timeout": access.seconds}
        if user is not None:
            given["user"] = user
        if password is not None:
            given["password"] = password.get_secret_value()
        if access.token is not None:
            given["token"] = access.token.get_secret_value()
        if address.database:
            given["db_name"] = address.database
        if access.certificate is not None:
            given["server_pem_path"] = str(access.certificate)
        return MilvusClient(**given)

    @contextmanager
    def _reading(self) -> Iterator[MilvusClient]:
        try:
            yield self._connected()
        except (IndexUnreachable, ExtraMissing, GeneratorExit):
            raise
        except Exception as error:  # noqa: BLE001 - grpc's and pymilvus's have no common base
            raise self._unreachable(error) from None

    @contextmanager
    def _writing(self) -> Iterator[MilvusClient]:
        try:
            yield self._connected()
        except (IndexUnreachable, ExtraMissing):
            raise
        except Exception as error:  # noqa: BLE001 - as above
            found = self._unreachable(error)
            if found.reason.startswith(_SAID):
                raise IndexUnwritable(self.place, found.reason) from None
            raise found from None

    def _unreachable(self, error: Exception) -> IndexUnreachable:
        """What an error of pymilvus means; the connection is made anew where it was lost."""
        said = _message(error)
        low = said.lower()
        if any(word in low for word in _REFUSED):
            self.close()
            return IndexUnreachable(
                self.place,
                "the server does not let us in with this user, password or token",
                mend="Set milvus_user and milvus_password, or milvus_token, to those it knows.",
            )
        if any(word in low for word in _GONE):
            self.close()
            return IndexUnreachable(
                self.place,
                f"the server does not answer within {self._access.seconds:g} seconds",
                mend="Start it, or mend the address; questions are answered again as soon as it is "
                "back. Where it is only slow, raise milvus_seconds.",
            )
        return IndexUnreachable(
            self.place,
            f"{_SAID} {said}",
            mend=f"pullquote doctor --index {self.place} says more.",
        )


_SAID = "the server says:"


def _message(error: Exception) -> str:
    """What an error says, in a line."""
    said = getattr(error, "message", None)
    code = getattr(error, "code", None)
    grpc = f"{code()} {error}" if callable(code) else str(error)
    status = "" if callable(code) or code is None else f"{code} "
    return " ".join(f"{status}{said}".split()) if said else " ".join(grpc.split())
