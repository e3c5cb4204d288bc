"""Writes files atomically and durably, and computes their digests."""

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
"""The suffix of a temporary file that will replace another."""

_DIGEST_CHARS = 64

Opener = Callable[[str, int], int]
"""The `opener` of the built-in `open`."""


def file_digest(path: Path, *, opener: Opener | None = None) -> str:
    """SHA-256 of a file's bytes, in hex."""
    with open(path, "rb", opener=opener) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


class NewFile:
    """A new file, written in parts. Once closed, it is on the device and has been verified."""

    def __init__(self, path: Path, *, opener: Opener | None = None) -> None:
        self._path = path
        self._opener = opener
        self._stream = open(path, "xb", opener=opener)  # noqa: SIM115 - see `close`
        self._digest = hashlib.sha256()

    def write(self, content: bytes | memoryview) -> None:
        """Append these bytes."""
        self._digest.update(content)
        self._stream.write(content)

    def close(self) -> None:
        """Wait until the whole file is on the device, then read it back.

        Raises:
            OSError: the device failed, or returns bytes that differ from those written.
        """
        with self._stream:
            self._stream.flush()
            os.fsync(self._stream.fileno())
        drop_cached_pages(self._path, opener=self._opener)
        if file_digest(self._path, opener=self._opener) != self._digest.hexdigest():
            raise write_mismatch(self._path)

    def __enter__(self) -> NewFile:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.close()
        else:
            self.abandon()

    def abandon(self) -> None:
        """Close the file without syncing or checking it. Does nothing if it is already closed."""
        with contextlib.suppress(OSError):
            self._stream.close()


def write_mismatch(path: Path) -> OSError:
    """The error for a file that, read back, differs from what was written."""
    return OSError(errno.EIO, "The device did not return what was written", str(path))


def drop_cached_pages(path: Path, *, opener: Opener | None = None) -> None:
    """Drop a file from the page cache, where the system allows it.

    The next read then comes from the device. A read from the page cache would prove nothing.
    """
    if hasattr(os, "posix_fadvise"):
        with open(path, "rb", opener=opener) as stream:
            os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def write_synced(path: Path, content: bytes) -> None:
    """Write a new file and wait until it is on the device; see `NewFile`."""
    with NewFile(path) as stream:
        stream.write(content)


def save_cache(path: Path, value: object) -> None:
    """Write a value to a cache file: a digest, then the value as JSON.

    A file that already has this content is not written again. A failure to write is ignored,
    because the value can be computed again.
    """
    content = json.dumps(value).encode()
    whole = hashlib.sha256(content).hexdigest().encode() + content
    with contextlib.suppress(OSError):
        if not path.is_file() or path.read_bytes() != whole:
            write_atomically(path, whole)


def load_cache(path: Path) -> Any:  # noqa: ANN401 - any JSON value
    """The value in a cache file; None if the file is missing or damaged."""
    try:
        cached = path.read_bytes()
    except OSError:
        return None
    digest, content = cached[:_DIGEST_CHARS], cached[_DIGEST_CHARS:]
    if hashlib.sha256(content).hexdigest().encode() != digest:
        return None
    return json.loads(content)


def write_atomically(path: Path, content: bytes) -> None:
    """Replace a file atomically: others read the old bytes or the new, never a mixture."""
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
    """Make a folder and its parents, and wait until their names are on the device."""
    if not path.parent.exists():
        make_folder(path.parent)
    path.mkdir(exist_ok=True)
    sync_folder(path.parent)


def path_exists(path: Path) -> bool:
    """Whether anything is at this path, even a broken link; False if that cannot be determined."""
    try:
        path.lstat()
    except OSError:
        return False
    return True


def remove_folder_at(path: Path) -> None:
    """Remove a folder that is where a file should be."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)


def sync_tree(folder: Path) -> None:
    """Wait until this folder and everything in it is on the device."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as stream:
                os.fsync(stream.fileno())
    sync_folders(folder)


def sync_folders(folder: Path) -> None:
    """Wait until the file names in this folder and its subfolders are on the device."""
    for path in [path for path in folder.rglob("*") if path.is_dir()]:
        sync_folder(path)
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Wait until the folder's file names are on the device. Windows has no call for this."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remedy_for(error: OSError) -> str:
    """What to do about a file that could not be read or written; its content is not the cause."""
    return _REMEDIES.get(error.errno or 0, "Fix the cause, and try again.")


_REMEDIES = {
    errno.ENOSPC: "The disk is full. Free some space on it, and try again.",
    errno.EDQUOT: "Your quota is used up. Free some space, or have it raised.",
    errno.EROFS: "The disk is read-only. Make it writable, or name a folder on another one.",
}
