"""A cache of all vectors computed so far, so that no text is embedded twice.

The cache is stored beside the generations. It is saved during a rebuild, so that an interrupted
rebuild need not embed the same texts again. Losing the cache only costs time, and damaged rows are
computed again.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np

from pullquote.base.atomic_io import remove_folder_at
from pullquote.base.cancellation import check_cancelled
from pullquote.index.encoder import Encoder, Vectors
from pullquote.index.sqlite import SQLITE_FAILURES
from pullquote.schema.errors import ModelError

EMBEDDINGS = "embeddings.db"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS vectors (
  key BLOB PRIMARY KEY, vector BLOB NOT NULL, crc INTEGER NOT NULL
) WITHOUT ROWID
"""

_NEAR_ONE = 1e-3
"""How far the length of a unit vector may be from 1; float32 stays within 1e-6."""

_NOT_THE_FILE = frozenset(
    (
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_MISUSE,
    )
)
"""SQLite's result codes that point to the device or another process, not to a damaged file."""


STORED_AT_ONCE = 256
"""Texts that are embedded between two writes. A rebuild can be cancelled between them, so that even
one with very long articles ends within seconds and loses little."""

_Result = TypeVar("_Result")


class EmbeddingCache:
    """Embeds texts, takes vectors from the cache where possible, and counts both."""

    def __init__(self, path: Path, encoder: Encoder) -> None:
        self._path = path
        self.encoder = encoder
        self._prefix = encoder.identity.model_dump_json(exclude_none=True).encode()
        self._connection = _open_or_start_over(path)
        self.embedded = 0
        self.reused = 0

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """A unit vector for each text, shape (len(texts), dimension), or (0, 0) for no texts."""
        return self._with_new_file_if_damaged(lambda: self._vectors(texts))

    def store(self, texts: Sequence[str], vectors: Vectors) -> None:
        """Store the vectors of texts that the encoder has embedded elsewhere.

        They count as embedded. `vectors` will find them and count them as reused, which is
        subtracted here.

        Raises:
            ModelError: a vector is not of unit length.
        """
        computed = dict(zip(map(self._key, texts), vectors, strict=True))
        self._with_new_file_if_damaged(lambda: self._store(computed))
        self.embedded += len(computed)
        self.reused -= len(computed)

    def uncached(self, texts: Sequence[str]) -> list[str]:
        """The texts that have no cached vector, in their order and without repeats."""
        return list(self._with_new_file_if_damaged(lambda: self._uncached(texts)).values())

    def _with_new_file_if_damaged(self, do: Callable[[], _Result]) -> _Result:
        """The result of `do`, which is tried again with a new file if the file is damaged."""
        try:
            return do()
        except SQLITE_FAILURES as error:
            if not _is_damage(error):
                raise
            self._connection.close()
            self._connection = _start_over(self._path)
            return do()

    def _uncached(self, texts: Sequence[str]) -> dict[bytes, str]:
        keyed = {self._key(text): text for text in texts}
        return {key: text for key, text in keyed.items() if self._read(key) is None}

    def _vectors(self, texts: Sequence[str]) -> Vectors:
        keys = [self._key(text) for text in texts]
        known = {key: row for key in set(keys) if (row := self._read(key)) is not None}
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        computed, left = dict[bytes, Vectors](), list(new.items())
        for at in range(0, len(left), STORED_AT_ONCE):
            check_cancelled()
            some = dict(left[at : at + STORED_AT_ONCE])
            found = dict(zip(some, self.encoder.encode(list(some.values())), strict=True))
            self._store(found)
            computed |= found
        self.embedded += len(computed)
        self.reused += len(texts) - len(computed)
        rows = [known[key] if key in known else computed[key] for key in keys]
        return np.stack(rows) if rows else np.empty((0, 0), dtype=np.float32)

    def _store(self, computed: dict[bytes, Vectors]) -> None:
        """Store vectors, after checking all; a faulty one is neither cached nor indexed.

        Raises:
            ModelError: a vector is not of unit length.
        """
        for row in computed.values():
            length = float(np.linalg.norm(row))
            if not abs(length - 1) <= _NEAR_ONE:  # also for NaN
                reason = f"a vector that it returned has length {length:.4g} instead of 1"
                raise ModelError(self.encoder.identity.name, reason)
        rows = [(key, vector.tobytes()) for key, vector in computed.items()]
        with self._connection:
            self._connection.executemany(
                "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)",
                [(key, vector, _checksum(key, vector)) for key, vector in rows],
            )

    def close(self) -> None:
        """Close the file; every computed vector is already stored."""
        self._connection.close()

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(self._prefix + b"\0" + text.encode()).digest()

    def _read(self, key: bytes) -> Vectors | None:
        row = self._connection.execute(
            "SELECT vector, crc FROM vectors "
            "WHERE key = ? AND typeof(vector) = 'blob' AND typeof(crc) = 'integer'",
            (key,),
        ).fetchone()
        if row is None or _checksum(key, row[0]) != row[1]:
            return None
        return np.frombuffer(row[0], dtype=np.float32)


def _checksum(key: bytes, vector: bytes) -> int:
    """The CRC of key and vector. A flipped bit in a key would give its vector to another text."""
    return zlib.crc32(vector, zlib.crc32(key))


@contextlib.contextmanager
def open_embedding_cache(path: Path, encoder: Encoder) -> Iterator[EmbeddingCache]:
    """The cache at `path`, closed when the context ends."""
    embeddings = EmbeddingCache(path, encoder)
    try:
        yield embeddings
    finally:
        embeddings.close()


def embedding_cache_fault(path: Path) -> str | None:
    """The fault that SQLite finds in the file at `path`, or None. The file is only read."""
    try:
        with contextlib.closing(
            sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        ) as connection:
            [(found,)] = connection.execute("PRAGMA quick_check(1)")
            return None if found == "ok" else "the file is damaged"
    except SQLITE_FAILURES as error:
        return "the file is damaged" if _is_damage(error) else f"it cannot be read: {error}"


def _open_or_start_over(path: Path) -> sqlite3.Connection:
    try:
        return _open(path)
    except SQLITE_FAILURES as error:
        if not _is_damage(error):
            raise
        return _start_over(path)


def _is_damage(error: Exception) -> bool:
    """Whether the error means a damaged file, and not a locked file or a full device."""
    if isinstance(error, UnicodeDecodeError):
        return True
    # An error of Python's own module, such as the use of a closed connection, has no code.
    code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_MISUSE)
    return code & 0xFF not in _NOT_THE_FILE


def _start_over(path: Path) -> sqlite3.Connection:
    path.unlink()
    return _open(path)


def _open(path: Path) -> sqlite3.Connection:
    remove_folder_at(path)
    with path.open("ab"):  # without write permission, SQLite opens read-only and fails later
        pass
    connection = sqlite3.connect(path)
    try:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(_SCHEMA)
    except SQLITE_FAILURES:
        connection.close()
        raise
    return connection
