"""Files that are on the device when a call returns, and digests to know them by."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

TEMPORARY_SUFFIX = ".new"
"""How the name ends of a file that is about to replace another."""

_DIGEST_CHARS = 64


Opener = Callable[[str, int], int]
"""Opens a file in another way than by its path, as `open` takes it."""


def file_digest(path: Path, *, opener: Opener | None = None) -> str:
    """SHA-256 of a file's bytes, in hex."""
    with open(path, "rb", opener=opener) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


class NewFile:
    """A new file that is written piece by piece; `opener` opens it, to write and to read it."""

    def __init__(self, path: Path, *, opener: Opener | None = None) -> None:
        self._path = path
        self._opener = opener
        self._stream = open(path, "xb", opener=opener)  # noqa: SIM115 - see `close`
        self._given = hashlib.sha256()

    def write(self, content: bytes | memoryview) -> None:
        """Put this at the end."""
        self._given.update(content)
        self._stream.write(content)

    def close(self) -> None:
        """Wait until the device has it all, and read it back.

        Raises:
            OSError: the device failed, or gives back something else than it was given.
        """
        with self._stream:
            self._stream.flush()
            os.fsync(self._stream.fileno())
        drop_cached_pages(self._path, opener=self._opener)
        if file_digest(self._path, opener=self._opener) != self._given.hexdigest():
            raise write_mismatch(self._path)

    def __enter__(self) -> NewFile:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.close()
        else:
            self.abandon()

    def abandon(self) -> None:
        """Let go of the file as it is; without effect once closed."""
        with contextlib.suppress(OSError):
            self._stream.close()


def write_mismatch(path: Path) -> OSError:
    """The error for a file that was written and is read as something else."""
    return OSError(errno.EIO, "The device does not give back what was written", str(path))


def drop_cached_pages(path: Path, *, opener: Opener | None = None) -> None:
    """Have the system read a file from the device next time, where it can be told to.

    What it remembers of a file that was written is no proof that the device has it.
    """
    if hasattr(os, "posix_fadvise"):
        with open(path, "rb", opener=opener) as stream:
            os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def write_synced(path: Path, content: bytes) -> None:
    """Write a new file and wait until the device has it; see `NewFile`."""
    with NewFile(path) as stream:
        stream.write(content)


def save_cache(path: Path, facts: object) -> None:
    """Keep what can be found out again and only saves time, unless it is kept already.

    It stands as JSON under its own digest. Where it cannot be written nothing is lost.
    """
    content = json.dumps(facts).encode()
    whole = hashlib.sha256(content).hexdigest().encode() + content
    with contextlib.suppress(OSError):
        if not path.is_file() or path.read_bytes() != whole:
            write_atomically(path, whole)


def load_cache(path: Path) -> Any:  # noqa: ANN401 - whatever JSON it is
    """What was kept; None where there is nothing, or not as it was written."""
    try:
        kept = path.read_bytes()
    except OSError:
        return None
    digest, content = kept[:_DIGEST_CHARS], kept[_DIGEST_CHARS:]
    if hashlib.sha256(content).hexdigest().encode() != digest:
        return None
    return json.loads(content)


def write_atomically(path: Path, content: bytes) -> None:
    """Replace a file so that a reader sees the old bytes or the new, never a mixture."""
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}{TEMPORARY_SUFFIX}")
    try:
        write_synced(beside, content)
        remove_folder_at(path)
        beside.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
    sync_folder(path.parent)


def make_folder(path: Path) -> None:
    """Make a folder, and those above it, and wait until the device has their names."""
    if not path.parent.exists():
        make_folder(path.parent)
    path.mkdir(exist_ok=True)
    sync_folder(path.parent)


def path_exists(path: Path) -> bool:
    """Whether something stands there, as far as this process may see."""
    try:
        path.lstat()
    except OSError:
        return False
    return True


def remove_folder_at(path: Path) -> None:
    """Remove a folder that stands where a file belongs."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)


def sync_tree(folder: Path) -> None:
    """Wait until the device has every file and folder below this one."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as stream:
                os.fsync(stream.fileno())
    sync_folders(folder)


def sync_folders(folder: Path) -> None:
    """Wait until the device has the names in this folder and in every one below it."""
    for path in [path for path in folder.rglob("*") if path.is_dir()]:
        sync_folder(path)
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Wait until the device has the folder's list of names; Windows has no such call."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
