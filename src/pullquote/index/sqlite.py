"""SQLite files that nobody writes any more, and what damaged ones raise."""

from __future__ import annotations

import sqlite3
from pathlib import Path

SQLITE_FAILURES = (sqlite3.DatabaseError, UnicodeDecodeError)
"""What sqlite3 raises; the second where its own message quotes a damaged schema."""


def read_only(path: Path) -> sqlite3.Connection:
    """A file that nobody writes any more; no lock is taken and no journal looked for."""
    return sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
    )
