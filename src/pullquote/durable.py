"""Files that are on the device when a call returns, and digests to know them by."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_synced(path: Path, content: bytes) -> None:
    """Write a new file and wait until the device has it."""
    with path.open("xb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def write_array(path: Path, content: npt.NDArray[Any]) -> None:
    """Write an array as a new .npy file and wait until the device has it."""
    with path.open("xb") as stream:
        np.lib.format.write_array(stream, content, allow_pickle=False)
        stream.flush()
        os.fsync(stream.fileno())


def write_atomically(path: Path, content: bytes) -> None:
    """Replace a file so that a reader sees the old bytes or the new, never a mixture."""
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    try:
        write_synced(beside, content)
        make_room(path)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    sync_folder(path.parent)


def is_there(path: Path) -> bool:
    """Whether something stands there, as far as this process may see."""
    try:
        path.lstat()
    except OSError:
        return False
    return True


def make_room(path: Path) -> None:
    """Remove a folder that stands where a file belongs."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)


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
