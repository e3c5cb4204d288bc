"""Changes rows for a new generation; earlier generations still see the old rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass

from pullquote_milvus.batches import RowBatches, chunks_of
from pullquote_milvus.client.conditions import Condition, alive_at, among
from pullquote_milvus.client.server import Row, Server
from pullquote_milvus.client.tables import (
    ARTICLES,
    DATA,
    NEVER,
    PASSAGES,
    MilvusTable,
    collection_name,
)
from pullquote_milvus.manifest import MilvusManifest
from pullquote_milvus.relations import GroupChange

ROWS_PER_QUERY = 200
"""How many keys one query for whole rows may contain. Most rows are about 5 KB, and none is larger
than 0.3 MB, so the answer stays below gRPC's limit of 64 MB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowUpdater:
    """Retires rows as of a step, and writes changed copies of them."""

    server: Server
    index: str
    base: str
    step: int
    before_writing: Callable[[], None]

    def rows(self, table: MilvusTable, condition: Condition) -> Iterator[list[Row]]:
        """The same as `whole_rows`, for one table."""
        name = collection_name(self.index, table, self.base)
        return whole_rows(self.server, name, table, condition)

    def retire(self, table: MilvusTable, rows: Sequence[Row]) -> None:
        """Take rows out of this generation and all later ones."""
        self._write(table, [{**row, "died": self.step} for row in rows])

    def update_groups(self, changed: Sequence[GroupChange]) -> None:
        """Write the new groups of articles, and the time from which their passages are superseded.

        A row of an earlier generation is retired, and a changed copy begins with this step.
        """
        alive = alive_at(self.step)
        for some in chunks_of(changed, ROWS_PER_QUERY):
            now = {one.id: one.now for one in some}
            for rows in self.rows(ARTICLES, among("key", [one.key for one in some])):
                self._replace(ARTICLES, rows, [{**row, **asdict(now[row["id"]])} for row in rows])
            hidden = [one.id for one in some if one.before.superseded != one.now.superseded]
            for ids in chunks_of(hidden, ROWS_PER_QUERY):
                for rows in self.rows(PASSAGES, among("article", ids) & alive):
                    until = [{**row, "superseded": now[row["article"]].superseded} for row in rows]
                    self._replace(PASSAGES, rows, until)

    def _replace(self, table: MilvusTable, rows: Sequence[Row], changed: Sequence[Row]) -> None:
        self.retire(table, [row for row in rows if row["born"] < self.step])
        copies = [
            {**row, "key": f"{row['key'].partition('.')[0]}.{self.step}", "born": self.step}
            for row in changed
        ]
        self._write(table, copies)

    def _write(self, table: MilvusTable, rows: Sequence[Row]) -> None:
        name = collection_name(self.index, table, self.base)
        batches = RowBatches(self.server, name, self.before_writing)
        batches.add(rows)
        batches.flush()


def roll_back(
    server: Server, index: str, to: MilvusManifest, *, before_writing: Callable[[], None]
) -> None:
    """Undo the changes that an unfinished rebuild made to the rows of a generation."""
    for table in DATA:
        name = to.collection(table, index=index)
        later = Condition("born > {step}", {"step": to.step})
        before_writing()
        server.delete(name, later)
        ended = Condition("died > {step} and died < {never}", {"step": to.step, "never": NEVER})
        for rows in whole_rows(server, name, table, ended):
            before_writing()
            server.upsert(name, [{**row, "died": NEVER} for row in rows])


def whole_rows(
    server: Server, name: str, table: MilvusTable, condition: Condition
) -> Iterator[list[Row]]:
    """The rows that fulfil a condition, with all columns, in batches that fit into a message.

    All keys are read before the first rows, so the caller may change rows between batches.
    """
    keys = [row["key"] for row in server.scan(name, condition, ["key"])]
    for some in chunks_of(keys, ROWS_PER_QUERY):
        yield server.rows(name, among("key", some), table.column_names())
