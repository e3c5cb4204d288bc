"""Read-only SQLite files, and the errors that damaged ones raise."""

from __future__ import annotations

import sqlite3
from pathlib import Path

SQLITE_FAILURES = (sqlite3.DatabaseError, UnicodeDecodeError)
"""The errors of sqlite3; the second is raised if its message quotes a damaged schema."""


def read_only(path: Path) -> sqlite3.Connection:
    """Open a file that is no longer written to. Neither a lock nor a journal is used."""
    return sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
    )
