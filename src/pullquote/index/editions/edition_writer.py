"""Writes a file of earlier editions; `edition_file` reads it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import astuple, replace
from pathlib import Path

from pullquote.index.database_writer import DatabaseWriter
from pullquote.index.editions.edition_file import SCHEMA, EditionRow

_PAGE = 8192
"""Bytes of a page. With 4,096, two editions of usual length would leave a third of a page empty."""


class EditionWriter:
    """Writes the rows of one file; nothing can be read before `close`.

    `bound` is the number of editions of an article that are kept.
    """

    def __init__(self, path: Path, *, bound: int) -> None:
        path.parent.mkdir(exist_ok=True)
        schema = f"PRAGMA page_size={_PAGE}; PRAGMA user_version={bound:d}; {SCHEMA}"
        self._database = DatabaseWriter(path, schema, stored_rows=_stored_rows)
        self._rows = 0

    def __len__(self) -> int:
        return self._rows

    def add(self, row: EditionRow) -> int:
        """Add a row, and return its number here."""
        number = self._rows
        values = (*astuple(replace(row, row=number)), row.crc)
        insert = "INSERT INTO editions VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        self._database.connection.execute(insert, values)
        self._database.written(repr(values).encode())
        self._rows += 1
        return number

    def close(self) -> None:
        """See `DatabaseWriter.close`."""
        self._database.close()

    def abandon(self) -> None:
        """See `DatabaseWriter.abandon`."""
        self._database.abandon()


def _stored_rows(connection: sqlite3.Connection) -> Iterator[bytes]:
    for values in connection.execute("SELECT * FROM editions ORDER BY row"):
        yield repr(values).encode()
