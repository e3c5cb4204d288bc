"""The index folder: which generation is current, and how the next one becomes it.

index/
  CURRENT                     name of the current generation and SHA-256 of its manifest; below
                              it the same of the one before, which answers where that is damaged;
                              last the SHA-256 of those lines
  generations/NAME/           one state of the index: a manifest, segments (index.segment has
                              their files), some of them shared, and what is gone of them
  embeddings.db               every vector computed so far; can be deleted, is only a saving
  seen.json, compared.json    digests of the corpus's files, and of the generations' files that were
                              compared; can be deleted, are only a saving
  rebuild.lock, rebuild.json  held by the one rebuild at work, and who that is
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import socket
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from pullquote.atomic_io import (
    TEMPORARY_SUFFIX,
    file_digest,
    make_folder,
    path_exists,
    sync_folder,
    sync_folders,
    write_atomically,
)
from pullquote.errors import IndexDamaged, IndexLocked, IndexMissing
from pullquote.index.embedding_cache import EMBEDDINGS
from pullquote.index.file_digests import SEEN
from pullquote.index.published import Published

_PATIENCE = 0.5
"""Seconds to wait for the lock: who only asks whether it is held holds it for a moment."""

_NAME = re.compile(r"\d{8}T\d{6}-[0-9a-f]{6}")
_LINE = re.compile(rf"(?P<name>{_NAME.pattern}) (?P<digest>[0-9a-f]{{64}})\n")
_MOST_BYTES = 1024
"""More than CURRENT ever has."""


class IndexFiles:
    """The files of an index that are not part of one generation."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.embeddings = path / EMBEDDINGS
        self.seen = path / SEEN
        self.compared = path / "compared.json"
        self._current = path / "CURRENT"
        self._note = path / "rebuild.json"
        self._generations = path / "generations"

    def current(self) -> Published:
        """The generation that answers now.

        Raises:
            IndexMissing, IndexDamaged: as `published`.
        """
        return self.published()[0]

    def published(self) -> list[Published]:
        """The generation that answers now and, where it is kept, the one before.

        Raises:
            IndexMissing: nothing has been built here yet.
            IndexDamaged: the file that names them is not as it was written.
        """
        try:
            with self._current.open("rb") as stream:
                content = stream.read(_MOST_BYTES).decode(errors="replace")
        except (FileNotFoundError, NotADirectoryError):
            raise IndexMissing(self.path) from None
        except OSError as error:
            why = error.strerror if error.strerror is not None else str(error)
            raise IndexDamaged(self._current, expected="a readable file", found=why) from error
        found = [Published(line["name"], line["digest"]) for line in _LINE.finditer(content)]
        if not found or content != _written(found):
            raise IndexDamaged(
                self._current, expected="a generation's name and digest", found=repr(content[:80])
            )
        return found

    def generation(self, name: str) -> Path:
        """Where the generation of that name stands."""
        return self._generations / name

    def generations(self) -> list[str]:
        """The names of the generations on disk, oldest first, finished or not."""
        try:
            found = [path.name for path in self._generations.iterdir()]
        except OSError:
            return []
        return sorted(name for name in found if _NAME.fullmatch(name))

    def stage(self) -> Path:
        """A new empty folder for the next generation, named by the time in microseconds.

        The part of a second is in hex.
        """
        now = datetime.now(UTC)
        name = f"{now:%Y%m%dT%H%M%S}-{now.microsecond:06x}"
        path = self.generation(name)
        path.mkdir(parents=True)
        return path

    def publish(self, staged: Path, *, before: Published | None) -> None:
        """Make a finished generation current by one atomic rename.

        Beside it only `before` is kept, the sound one that it followed.
        """
        digest = file_digest(staged / "manifest.json")
        sync_folders(staged)
        sync_folder(self._generations)
        sync_folder(self.path)
        kept = [Published(staged.name, digest), *([] if before is None else [before])]
        write_atomically(self._current, _written(kept).encode())
        self.sweep()

    def discard(self, staged: Path) -> None:
        """Remove a generation on its way, unless it has become current already."""
        try:
            published = self.current().name == staged.name
        except IndexMissing:
            published = False
        except IndexDamaged:  # the next rebuild can tell, and sweeps it
            published = True
        if not published:
            shutil.rmtree(staged, ignore_errors=True)

    def sweep(self) -> None:
        """Remove what rebuilds left that did not end, and generations that are not published.

        Only a lock's holder may. The lock's note has brought the folder's names to the device, so
        that no generation is removed that a power loss could make current again.
        """
        for name in (self._current.name, self.seen.name, self.compared.name, self._note.name):
            for left in self.path.glob(f"{name}.*{TEMPORARY_SUFFIX}"):
                with contextlib.suppress(OSError):
                    left.unlink()
        try:
            kept = {published.name for published in self.published()}
        except (IndexMissing, IndexDamaged):
            return
        for name in self.generations():
            if name not in kept:
                shutil.rmtree(self.generation(name), ignore_errors=True)

    def holder(self) -> str | None:
        """Who holds the lock; None where nobody does."""
        lock = self.path / "rebuild.lock"
        if not path_exists(lock):
            return None
        try:
            with FileLock(lock, timeout=0):
                return None
        except Timeout:
            return _read_holder(self._note)
        except OSError:  # a folder that may only be read
            return None

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Held by one rebuild at a time; the operating system frees it when the process dies.

        Raises:
            IndexLocked: another rebuild holds it; the message says which process.
        """
        if not self._current.exists():
            make_folder(self.path)
        try:
            with FileLock(self.path / "rebuild.lock", timeout=_PATIENCE, poll_interval=0.02):
                write_atomically(self._note, json.dumps(_who_am_i()).encode())
                try:
                    yield
                finally:
                    with contextlib.suppress(OSError):  # the next rebuild replaces it
                        self._note.unlink()
        except Timeout:
            raise IndexLocked(self.path, holder=_read_holder(self._note)) from None


def _written(published: Sequence[Published]) -> str:
    """The content of CURRENT."""
    lines = "".join(f"{one.name} {one.digest}\n" for one in published)
    return f"{lines}{hashlib.sha256(lines.encode()).hexdigest()}\n"


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
