"""The index folder: which generation is current, and how the next one becomes it.

index/
  CURRENT                     name of the current generation and SHA-256 of its manifest
  generations/NAME/           one state of the index: manifest, articles, vectors, postings
  embeddings.db               every vector computed so far; can be deleted, is only a saving
  rebuild.lock, rebuild.json  held by the one rebuild at work, and who that is
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from pullquote.durable import file_digest, sync_folder, sync_tree, write_atomically
from pullquote.errors import IndexDamaged, IndexLocked, IndexMissing

KEPT_GENERATIONS = 2
"""The current one and the one before, for readers that opened it a moment ago."""

_NAME = re.compile(r"\d{8}T\d{6}-[0-9a-f]{6}")
_CURRENT = re.compile(rf"(?P<name>{_NAME.pattern}) (?P<digest>[0-9a-f]{{64}})\n")


@dataclass(frozen=True, slots=True)
class Current:
    """The name of a generation and the SHA-256 of its manifest, in hex."""

    name: str
    digest: str


class IndexFolder:
    """The files of an index that are not part of one generation."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.embeddings = path / "embeddings.db"
        self._current = path / "CURRENT"
        self._generations = path / "generations"

    def current(self) -> Current:
        """The generation that answers now.

        Raises:
            IndexMissing: nothing has been built here yet.
            IndexDamaged: the file that names it is not as it was written.
        """
        try:
            content = self._current.read_text(encoding="utf-8", errors="replace")
        except (FileNotFoundError, NotADirectoryError):
            raise IndexMissing(self.path) from None
        except OSError as error:
            found = error.strerror if error.strerror is not None else str(error)
            raise IndexDamaged(self._current, expected="a readable file", found=found) from error
        match = _CURRENT.fullmatch(content)
        if match is None:
            raise IndexDamaged(
                self._current, expected="a generation's name and digest", found=repr(content[:80])
            )
        return Current(match["name"], match["digest"])

    def generation(self, name: str) -> Path:
        """Where the generation of that name stands."""
        return self._generations / name

    def stage(self) -> Path:
        """A new empty folder for the next generation, named by the time in microseconds.

        The part of a second is in hex. Later names sort last, which `sweep` relies on.
        """
        now = datetime.now(UTC)
        name = f"{now:%Y%m%dT%H%M%S}-{now.microsecond:06x}"
        path = self.generation(name)
        path.mkdir(parents=True)
        return path

    def publish(self, staged: Path) -> None:
        """Make a finished generation current by one atomic rename, and keep only the last two."""
        digest = file_digest(staged / "manifest.json")
        sync_tree(staged)
        sync_folder(self._generations)
        write_atomically(self._current, f"{staged.name} {digest}\n".encode())
        self.sweep()

    def discard(self, staged: Path) -> None:
        """Remove a generation on its way, unless it has become current already."""
        try:
            published = self.current().name == staged.name
        except (IndexMissing, IndexDamaged):
            published = False
        if not published:
            shutil.rmtree(staged, ignore_errors=True)

    def sweep(self) -> None:
        """Remove generations but the current and the one before; only a lock's holder may."""
        try:
            current = self.current().name
        except (IndexMissing, IndexDamaged):
            return
        ours = [p for p in self._generations.iterdir() if _NAME.fullmatch(p.name)]
        finished = sorted(p.name for p in ours if (p / "manifest.json").is_file())
        kept = {current, *[name for name in finished if name < current][1 - KEPT_GENERATIONS :]}
        for path in ours:
            if path.name not in kept:
                shutil.rmtree(path, ignore_errors=True)

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Held by one rebuild at a time; the operating system frees it when the process dies.

        Raises:
            IndexLocked: another rebuild holds it; the message says which process.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        note = self.path / "rebuild.json"
        try:
            with FileLock(self.path / "rebuild.lock", timeout=0):
                write_atomically(note, json.dumps(_who_am_i()).encode())
                try:
                    yield
                finally:
                    note.unlink(missing_ok=True)
        except Timeout:
            raise IndexLocked(self.path, holder=_read_holder(note)) from None


def _who_am_i() -> dict[str, str]:
    return {
        "process": str(os.getpid()),
        "host": socket.gethostname(),
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _read_holder(note: Path) -> str:
    try:
        return ", ".join(f"{key} {value}" for key, value in json.loads(note.read_bytes()).items())
    except (OSError, ValueError):
        return "a process that has not said its name"
