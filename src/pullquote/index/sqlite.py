"""Read-only SQLite files, and the errors that damaged ones raise."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

from pullquote.base.atomic_io import drop_cached_pages, write_mismatch

SQLITE_FAILURES = (sqlite3.DatabaseError, UnicodeDecodeError)
"""The errors of sqlite3; the second is raised if its message quotes a damaged schema."""


def read_only(path: Path) -> sqlite3.Connection:
    """Open a file that is no longer written to. Neither a lock nor a journal is used."""
    return sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
    )


StoredRows = Callable[[sqlite3.Connection], Iterable[bytes]]
"""Reads the rows of a file, as the bytes that `DatabaseWriter.written` was given, in order."""


class DatabaseWriter:
    """A new database; nothing can be read before `close`.

    Rows are written with `connection`, and `written` is called with the bytes of each.
    """

    def __init__(self, path: Path, schema: str, *, stored_rows: StoredRows) -> None:
        self._path = path
        self._stored_rows = stored_rows
        self._given = hashlib.sha256()
        self.connection = sqlite3.connect(path)
        try:
            # After a failure the file is discarded, so it needs no journal.
            self.connection.execute("PRAGMA journal_mode=OFF")
            self.connection.execute("PRAGMA synchronous=FULL")
            self.connection.executescript(schema)
        except sqlite3.Error:
            self.abandon()
            raise

    def written(self, row: bytes) -> None:
        """Take note of a row that was written."""
        self._given.update(row)

    def close(self) -> None:
        """Commit, wait until the device has the data, and read it back.

        Raises:
            sqlite3.Error, OSError: the device failed, or did not return what was written.
        """
        self.connection.commit()
        self.connection.close()
        drop_cached_pages(self._path)
        if self._read_back() != self._given.hexdigest():
            raise write_mismatch(self._path)

    def abandon(self) -> None:
        """Stop writing, so that the folder can be removed; no effect once closed."""
        self.connection.close()

    def _read_back(self) -> str | None:
        """The SHA-256 of all rows; None if SQLite finds damage."""
        found = hashlib.sha256()
        with closing(read_only(self._path)) as connection:
            if connection.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
                return None
            for row in self._stored_rows(connection):
                found.update(row)
        return found.hexdigest()
