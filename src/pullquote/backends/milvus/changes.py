"""Changes to rows that were written before: each row keeps to the generations that it was in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from pullquote.backends.milvus.batches import Batches
from pullquote.backends.milvus.client.conditions import Condition, alive_at, among
from pullquote.backends.milvus.client.server import Row, Server
from pullquote.backends.milvus.client.tables import (
    ARTICLES,
    DATA,
    NEVER,
    PASSAGES,
    Table,
    collection,
)
from pullquote.backends.milvus.manifest import MilvusManifest
from pullquote.backends.milvus.relations import Belonging, Differing

ASKED_AT_ONCE = 200
"""Files, articles or rows that one question to the server names: whole rows are mostly some 5 KB,
and never more than 0.3 MB, so that the answer stays under the 64 MB that gRPC carries."""

Value = TypeVar("Value")


class Changes:
    """Ends rows with a step, and has others take their place from it on."""

    def __init__(
        self,
        server: Server,
        index: str,
        base: str,
        *,
        step: int,
        before_writing: Callable[[], None],
    ) -> None:
        self._server = server
        self._index = index
        self._base = base
        self._before_writing = before_writing
        self.step = step

    def _name(self, table: Table) -> str:
        return collection(self._index, table, self._base)

    def rows(self, table: Table, condition: Condition) -> Iterator[list[Row]]:
        """The rows of a table that fulfil a condition, whole, some at a time.

        Which they are is told before the first is given, so that they may be changed meanwhile.
        """
        return whole_rows(self._server, self._name(table), table, condition)

    def end(self, table: Table, rows: Sequence[Row]) -> None:
        """Have rows be in no generation from this one on."""
        batches = Batches(self._server, self._name(table), self._before_writing)
        batches.add({**row, "died": self.step} for row in rows)
        batches.flush()

    def note(self, differing: Sequence[Differing]) -> None:
        """Write what articles belong to into their rows, and into their passages' what hides them.

        A row of a generation before stays as it is for that, and a copy of it begins with this.
        """
        alive = alive_at(self.step)
        for some in some_of(differing):
            now = {one.id: one.now for one in some}
            for rows in self.rows(ARTICLES, among("key", [one.key for one in some])):
                changed = [{**row, **_belonging(now[row["id"]])} for row in rows]
                self._replace(ARTICLES, rows, changed)
            hidden = [one.id for one in some if one.before.superseded != one.now.superseded]
            for ids in some_of(hidden):
                for rows in self.rows(PASSAGES, among("article", ids) & alive):
                    changed = [
                        {**row, "superseded": now[row["article"]].superseded} for row in rows
                    ]
                    self._replace(PASSAGES, rows, changed)

    def _replace(self, table: Table, rows: Sequence[Row], changed: Sequence[Row]) -> None:
        """Have rows be others from this step on."""
        self.end(table, [row for row in rows if row["born"] < self.step])
        batches = Batches(self._server, self._name(table), self._before_writing)
        batches.add(
            {**row, "key": f"{row['key'].partition('.')[0]}.{self.step}", "born": self.step}
            for row in changed
        )
        batches.flush()


def _belonging(now: Belonging) -> Row:
    return {
        "superseded": now.superseded,
        "edition": now.edition,
        "copies": now.copies,
        "origin": now.origin,
    }


def take_back(
    server: Server, index: str, kept: MilvusManifest, *, before_writing: Callable[[], None]
) -> None:
    """Undo what a rebuild that did not end has done to the rows of a generation that is kept."""
    for table in DATA:
        name = kept.holds(table, index=index)
        later = Condition("born > {step}", {"step": kept.step})
        before_writing()
        server.delete(name, later)
        ended = Condition("died > {step} and died < {never}", {"step": kept.step, "never": NEVER})
        for rows in whole_rows(server, name, table, ended):
            before_writing()
            server.upsert(name, [{**row, "died": NEVER} for row in rows])


def whole_rows(
    server: Server, name: str, table: Table, condition: Condition
) -> Iterator[list[Row]]:
    """The rows that fulfil a condition, as many at a time as a message surely holds.

    Which they are is told before the first is given, so that they may be changed meanwhile.
    """
    keys = [row["key"] for row in server.scan(name, condition, ["key"])]
    for some in some_of(keys):
        yield server.rows(name, among("key", some), table.names())


def some_of(values: Sequence[Value]) -> Iterator[list[Value]]:
    """The values, as many at a time as one question names."""
    for at in range(0, len(values), ASKED_AT_ONCE):
        yield list(values[at : at + ASKED_AT_ONCE])
