"""Writes a file of earlier editions; `edition_file` reads it."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from dataclasses import astuple, replace
from pathlib import Path

from pullquote.atomic_io import drop_cached_pages, write_mismatch
from pullquote.index.editions.edition_file import SCHEMA, EditionRow
from pullquote.index.sqlite import read_only

_PAGE = 8192
"""Bytes of a page. With 4,096, two editions of usual length would leave a third of a page empty."""


class EditionWriter:
    """Writes the rows of one file; nothing can be read before `close`.

    `bound` is the number of editions of an article that are kept.
    """

    def __init__(self, path: Path, *, bound: int) -> None:
        path.parent.mkdir(exist_ok=True)
        self._path = path
        self._given = hashlib.sha256()
        self._rows = 0
        self._connection = sqlite3.connect(path)
        try:
            self._connection.execute(f"PRAGMA page_size={_PAGE}")
            # After a failure the file is discarded, so it needs no journal.
            self._connection.execute("PRAGMA journal_mode=OFF")
            self._connection.execute("PRAGMA synchronous=FULL")
            self._connection.execute(f"PRAGMA user_version={bound:d}")
            self._connection.executescript(SCHEMA)
        except sqlite3.Error:
            self.abandon()
            raise

    def __len__(self) -> int:
        return self._rows

    def add(self, row: EditionRow) -> int:
        """Add a row, and return its number here."""
        number = self._rows
        values = (*astuple(replace(row, row=number)), row.crc)
        self._connection.execute("INSERT INTO editions VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
        self._given.update(repr(values).encode())
        self._rows += 1
        return number

    def close(self) -> None:
        """Commit, wait until the device has the data, and read it back.

        Raises:
            sqlite3.Error, OSError: the device failed, or did not return what was written.
        """
        self._connection.commit()
        self._connection.close()
        drop_cached_pages(self._path)
        if _read_back(self._path) != self._given.hexdigest():
            raise write_mismatch(self._path)

    def abandon(self) -> None:
        """Stop writing, so that the folder can be removed; no effect once closed."""
        self._connection.close()


def _read_back(path: Path) -> str | None:
    """The SHA-256 of all rows; None if SQLite finds damage."""
    found = hashlib.sha256()
    with closing(read_only(path)) as connection:
        if connection.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
            return None
        for values in connection.execute("SELECT * FROM editions ORDER BY row"):
            found.update(repr(values).encode())
    return found.hexdigest()
