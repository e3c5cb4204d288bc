"""Read-only SQLite files, and the errors that damaged ones raise."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from pullquote.base.atomic_io import drop_cached_pages, write_mismatch
from pullquote.schema.errors import IndexDamaged

SQLITE_FAILURES = (sqlite3.DatabaseError, UnicodeDecodeError)
"""The errors of sqlite3; the second is raised if its message quotes a damaged schema."""


def read_only(path: Path) -> sqlite3.Connection:
    """Open a file that is no longer written to. Neither a lock nor a journal is used."""
    return sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
    )


class ReadOnlyDatabase:
    """Reads a database that is no longer written to. Threads may share it.

    A rebuild may remove the file's name; the connection keeps the file itself open. It is closed
    by `close` or when nothing refers to the database any more.

    Raises:
        IndexDamaged: it is no database; every query raises the same for a damaged one.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._one_at_a_time = threading.Lock()
        try:
            self.connection = read_only(path)
            try:
                self.prepare()
            except SQLITE_FAILURES:
                self.connection.close()
                raise
        except SQLITE_FAILURES as error:
            raise IndexDamaged(path, expected="a database", found=str(error)) from error
        # Old generations are dropped without being closed; this closes their files.
        weakref.finalize(self, self.connection.close)

    def prepare(self) -> None:
        """Read what is needed first; errors mean that the file is no database of this kind."""

    def query(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        # Threads that share a cached statement get each other's rows (Python 3.13).
        try:
            with self._one_at_a_time:
                return self.connection.execute(statement, values).fetchall()
        except sqlite3.ProgrammingError:
            raise  # the file was closed
        except SQLITE_FAILURES as error:
            raise IndexDamaged(self.path, expected="a sound database", found=str(error)) from error

    def close(self) -> None:
        """Close the file."""
        self.connection.close()


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
