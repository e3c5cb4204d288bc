"""The files of an index folder, and how the next generation becomes current.

index/
  CURRENT                     the name of the current generation and the SHA-256 of its manifest;
                              then the same for the generation before, if it is stored: it answers
                              if the current one is damaged; last, the SHA-256 of these lines
  generations/NAME/           one generation: its manifest, its segments, the rows that are deleted
                              in them, and earlier editions of articles; generations share some
                              files. `segments.segment` lists the files of a segment, and
                              `editions.edition_file` those of editions
  embeddings.db               a cache of all vectors; may be deleted
  attributions.db             a cache of who says what in the articles, and its lock; may be deleted
  seen.json                   a cache of the digests of the corpus's files; may be deleted
  compared.json               a cache of the digests of the index's files that were checked; may be
                              deleted
  rebuild.lock, rebuild.json  the lock of the running rebuild, and a note about its process
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

from pullquote.base.atomic_io import (
    TEMPORARY_SUFFIX,
    NewFile,
    file_digest,
    make_folder,
    path_exists,
    sync_folder,
    sync_folders,
    write_atomically,
)
from pullquote.index.embedding_cache import EMBEDDINGS
from pullquote.index.file_digests import FILE_DIGESTS
from pullquote.index.folder.folder_manifest import FolderManifest, read_manifest
from pullquote.index.folder.multi_segment_store import DELETED, MultiSegmentStore
from pullquote.index.folder.segments import store as article_store
from pullquote.index.interfaces import GenerationRef
from pullquote.schema.errors import IndexDamaged, IndexLocked, IndexMismatch, IndexMissing

_PATIENCE = 0.5
"""Seconds to wait for the lock. A process that checks whether it is free holds it briefly."""

_NAME = re.compile(r"\d{8}T\d{6}-[0-9a-f]{6}")
_LINE = re.compile(rf"(?P<name>{_NAME.pattern}) (?P<digest>[0-9a-f]{{64}})\n")
_MOST_BYTES = 1024
"""A size in bytes; the file CURRENT is always smaller."""


class IndexFiles:
    """The files of an index outside its generations."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.embeddings = path / EMBEDDINGS
        self.file_digests = path / FILE_DIGESTS
        self.verified_path = path / "compared.json"
        self._current = path / "CURRENT"
        self._note = path / "rebuild.json"
        self._generations = path / "generations"

    def current(self) -> GenerationRef:
        """The current generation; raises the same errors as `published_generations`."""
        return self.published_generations()[0]

    def published_generations(self) -> list[GenerationRef]:
        """The current generation and, if it is still stored, the one before.

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
        found = [GenerationRef(line["name"], line["digest"]) for line in _LINE.finditer(content)]
        if not found or content != current_content(found):
            raise IndexDamaged(
                self._current, expected="a generation's name and digest", found=repr(content[:80])
            )
        return found

    def generation(self, name: str) -> Path:
        """The folder of the generation with this name."""
        return self._generations / name

    def generations(self) -> list[str]:
        """The names of the generations on disk, oldest first, finished or not."""
        try:
            found = [path.name for path in self._generations.iterdir()]
        except OSError:
            return []
        return sorted(name for name in found if _NAME.fullmatch(name))

    def stage(self) -> Path:
        """A new empty folder for the next generation, named after the current time."""
        now = datetime.now(UTC)
        name = f"{now:%Y%m%dT%H%M%S}-{now.microsecond:06x}"
        path = self.generation(name)
        path.mkdir(parents=True)
        return path

    def publish(self, staged: Path, *, before: GenerationRef | None) -> None:
        """Make a finished generation current by one atomic rename.

        All other generations are removed, except `before`, the sound one that the new one started
        from.
        """
        digest = file_digest(staged / "manifest.json")
        sync_folders(staged)
        sync_folder(self._generations)
        sync_folder(self.path)
        published = [GenerationRef(staged.name, digest), *([] if before is None else [before])]
        write_atomically(self._current, current_content(published).encode())
        self.sweep()

    def discard(self, staged: Path) -> None:
        """Remove an unfinished generation, unless it is current already."""
        try:
            published = self.current().name == staged.name
        except IndexMissing:
            published = False
        except IndexDamaged:  # the next rebuild decides what to remove
            published = True
        if not published:
            shutil.rmtree(staged, ignore_errors=True)

    def sweep(self) -> None:
        """Remove leftovers of interrupted rebuilds, and generations that are not published.

        Call this only while holding the lock. Taking the lock has written the folder's entries to
        the device. So no generation is removed that a power loss could make current again.
        """
        for name in (
            self._current.name,
            self.file_digests.name,
            self.verified_path.name,
            self._note.name,
        ):
            for left in self.path.glob(f"{name}.*{TEMPORARY_SUFFIX}"):
                with contextlib.suppress(OSError):
                    left.unlink()
        try:
            current = {published.name for published in self.published_generations()}
        except (IndexMissing, IndexDamaged):
            return
        for name in self.generations():
            if name not in current:
                shutil.rmtree(self.generation(name), ignore_errors=True)

    def lock_holder(self) -> str | None:
        """The holder of the lock, or None."""
        lock = self.path / "rebuild.lock"
        if not path_exists(lock):
            return None
        try:
            with FileLock(lock, timeout=0):
                return None
        except Timeout:
            return _read_holder(self._note)
        except OSError:  # a read-only folder
            return None

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the lock for one rebuild; the operating system frees it if the process dies.

        Raises:
            IndexLocked: another rebuild has the lock; the message says which process.
        """
        if not self._current.exists():
            make_folder(self.path)
        try:
            with FileLock(self.path / "rebuild.lock", timeout=_PATIENCE, poll_interval=0.02):
                note = {
                    "process": str(os.getpid()),
                    "host": socket.gethostname(),
                    "since": datetime.now(UTC).isoformat(timespec="seconds"),
                }
                write_atomically(self._note, json.dumps(note).encode())
                try:
                    yield
                finally:
                    with contextlib.suppress(OSError):  # the next rebuild replaces it
                        self._note.unlink()
        except Timeout:
            raise IndexLocked(self.path, holder=_read_holder(self._note)) from None


def current_content(published: Sequence[GenerationRef]) -> str:
    """The content of CURRENT."""
    lines = "".join(f"{one.name} {one.digest}\n" for one in published)
    return f"{lines}{hashlib.sha256(lines.encode()).hexdigest()}\n"


def _read_holder(note: Path) -> str:
    try:
        return ", ".join(f"{key} {value}" for key, value in json.loads(note.read_bytes()).items())
    except (OSError, ValueError):
        return "an unknown process"


_COPIED_AT_ONCE = 1 << 20


def link_or_copy(source: str | Path, target: str | Path) -> None:
    """Link to a file that never changes, or copy it if the file system has no links."""
    try:
        os.link(source, target)
    except OSError:
        with Path(source).open("rb") as original, NewFile(Path(target)) as copy:
            while content := original.read(_COPIED_AT_ONCE):
                copy.write(content)


def sound_articles(
    index: IndexFiles, *, name: str | None = None
) -> tuple[MultiSegmentStore, FolderManifest]:
    """The articles of the newest generation whose article files match their digests.

    If `name` is given, only the generation with that name counts.

    Raises:
        IndexMissing: nothing has been built yet.
        IndexDamaged, IndexMismatch: no stored generation has sound articles.
    """
    damage: IndexDamaged | IndexMismatch | None = None
    every = index.published_generations()
    for published in every if name is None else [one for one in every if one.name == name]:
        folder = index.generation(published.name)
        try:
            manifest = read_manifest(folder, digest=published.digest, only=_holds_articles)
            return MultiSegmentStore.open(folder, manifest), manifest
        except (IndexDamaged, IndexMismatch) as error:
            damage = error if damage is None else damage
    raise IndexMissing(index.path) if damage is None else damage


def _holds_articles(file: str) -> bool:
    """Whether a file of a generation decides which articles it has."""
    return file.startswith(f"{DELETED}/") or file.endswith(f"/{article_store.NAME}")
