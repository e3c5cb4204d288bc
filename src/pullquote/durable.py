"""Files that are on the device when a call returns, and digests to know them by."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

BESIDE = ".new"
"""How the name ends of a file that is about to replace another."""


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


class _Digested:
    """Writes to a stream, and knows the SHA-256 of what it was given."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._digest = hashlib.sha256()

    def write(self, content: bytes) -> int:
        """Put it into the stream."""
        self._digest.update(content)
        return self._stream.write(content)

    def hexdigest(self) -> str:
        """The SHA-256 of all that was written, in hex."""
        return self._digest.hexdigest()


@contextlib.contextmanager
def new_file(path: Path) -> Iterator[_Digested]:
    """A new file to write to, which is on the device and has been read back on the way out.

    Raises:
        OSError: the device failed, or gives back something else than it was given.
    """
    with path.open("xb") as stream:
        given = _Digested(stream)
        yield given
        stream.flush()
        os.fsync(stream.fileno())
    forget(path)
    if file_digest(path) != given.hexdigest():
        raise not_given_back(path)


def not_given_back(path: Path) -> OSError:
    """The error for a file that was written and is read as something else."""
    return OSError(errno.EIO, "The device does not give back what was written", str(path))


def forget(path: Path) -> None:
    """Have the system read a file from the device next time, where it can be told to.

    What it remembers of a file that was written is no proof that the device has it.
    """
    if hasattr(os, "posix_fadvise"):
        with path.open("rb") as stream:
            os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def write_synced(path: Path, content: bytes) -> None:
    """Write a new file and wait until the device has it; see `new_file`."""
    with new_file(path) as stream:
        stream.write(content)


def write_array(path: Path, content: npt.NDArray[Any]) -> None:
    """Write an array as a new .npy file and wait until the device has it; see `new_file`."""
    with new_file(path) as stream:
        np.lib.format.write_array(stream, content, allow_pickle=False)


def write_atomically(path: Path, content: bytes) -> None:
    """Replace a file so that a reader sees the old bytes or the new, never a mixture."""
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}{BESIDE}")
    try:
        write_synced(beside, content)
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


def sync_tree(folder: Path) -> None:
    """Wait until the device has every file and folder below this one."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as stream:
                os.fsync(stream.fileno())
    for path in [p for p in folder.rglob("*") if p.is_dir()]:
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
