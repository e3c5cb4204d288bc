"""A record of files whose digests were checked, so that no file is checked again and again.

The files of a generation never change, and generations share most of them. A process has one record
for all its indexes. A rebuild, which may run every minute, loads the record that the last rebuild
saved. An entry expires after a day, since a device may lose data even if nobody writes to it.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from pullquote.base.atomic_io import load_cache, save_cache

FORGOTTEN_AFTER = 24 * 3600.0
"""Seconds after which a file is checked again."""

MOST = 10_000
"""Maximum number of files in the record, each about 400 bytes. A generation has dozens of files."""


class VerifiedFiles:
    """Digests of files, by device, inode, size and time of modification.

    The time of the last change (ctime) is not used, since a second link to a file changes it.
    """

    def __init__(self) -> None:
        self._found: dict[str, tuple[str, float]] = {}
        self._one_at_a_time = threading.Lock()

    def contains(self, file: os.stat_result, digest: str) -> bool:
        """Whether the file was found to have that digest within the last day."""
        found, at = self._found.get(_stamp(file), ("", 0.0))
        return found == digest and 0 <= time.time() - at < FORGOTTEN_AFTER

    def add(self, file: os.stat_result, digest: str) -> None:
        """Record the digest of a file; `file` is its state before it was read."""
        with self._one_at_a_time:
            self._found[_stamp(file)] = digest, time.time()
            while len(self._found) > MOST:
                del self._found[next(iter(self._found))]

    def load(self, path: Path) -> None:
        """Replace the record with the one saved at `path`, if `forget` has not removed it."""
        found = load_cache(path)
        with self._one_at_a_time:
            self._found = {stamp: (digest, at) for stamp, (digest, at) in (found or {}).items()}

    def save(self, path: Path, files: Iterable[os.stat_result]) -> None:
        """Save the record of those files for the next process."""
        stamps = [stamp for file in files if (stamp := _stamp(file)) in self._found]
        save_cache(path, {stamp: self._found[stamp] for stamp in stamps})

    def clear(self) -> None:
        """Empty the record."""
        with self._one_at_a_time:
            self._found = {}

    def forget(self, path: Path) -> None:
        """Empty the record and remove its saved copy, after damage was found."""
        self.clear()
        with suppress(OSError):  # without write permission the file stays
            path.unlink()


verified_files = VerifiedFiles()
"""The record of this process."""


def _stamp(file: os.stat_result) -> str:
    return f"{file.st_dev}:{file.st_ino}:{file.st_size}:{file.st_mtime_ns}"
