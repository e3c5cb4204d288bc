"""Files that are on the device when a call returns, and digests to know them by."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import shutil
from pathlib import Path
from typing import Any

_DIGEST_CHARS = 64


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


class NewFile:
    """A new file that is written piece by piece."""

    def __init__(self, path: Path) -> None:
        self._stream = path.open("xb")

    def write(self, content: bytes | memoryview) -> None:
        """Put this at the end."""
        self._stream.write(content)

    def close(self) -> None:
        """Wait until the device has it all."""
        with self._stream:
            self._stream.flush()
            os.fsync(self._stream.fileno())

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


def keep_saving(path: Path, facts: object) -> None:
    """Keep what can be found out again and only saves time, unless it is kept already.

    It stands as JSON under its own digest. Where it cannot be written nothing is lost.
    """
    content = json.dumps(facts).encode()
    whole = hashlib.sha256(content).hexdigest().encode() + content
    with contextlib.suppress(OSError):
        if not path.is_file() or path.read_bytes() != whole:
            write_atomically(path, whole)


def kept_saving(path: Path) -> Any:  # noqa: ANN401 - whatever JSON it is
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
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    try:
        write_synced(beside, content)
        make_room(path)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    sync_folder(path.parent)


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
