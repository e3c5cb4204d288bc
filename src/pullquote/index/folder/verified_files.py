"""Files of generations that were compared with their digests, so that none is read again and again.

They are never written twice. What one process compared is enough for all its readers: generations
share most of their files. A rebuild, which may run every minute, knows what the one before it
compared. Either forgets after a day, since a device may lose what nobody wrote to.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from pullquote.atomic_io import load_cache, save_cache

FORGOTTEN_AFTER = 24 * 3600.0
"""Seconds after which a file is read again."""

MOST = 10_000
"""Files that are remembered, of some 400 bytes each; a generation has tens."""


class Compared:
    """Digests of files, by device, inode, size and time of modification.

    The time of the last change does not count: a second link to a file changes it.
    """

    def __init__(self) -> None:
        self._found: dict[str, tuple[str, float]] = {}
        self._one_at_a_time = threading.Lock()

    def holds(self, file: os.stat_result, digest: str) -> bool:
        """Whether the file had that digest, within the last day."""
        found, at = self._found.get(_stamp(file), ("", 0.0))
        return found == digest and 0 <= time.time() - at < FORGOTTEN_AFTER

    def add(self, file: os.stat_result, digest: str) -> None:
        """The file, as it was before it was read, has that digest."""
        with self._one_at_a_time:
            self._found[_stamp(file)] = digest, time.time()
            while len(self._found) > MOST:
                del self._found[next(iter(self._found))]

    def recall(self, path: Path) -> None:
        """Know what was kept at `path`, and nothing else; `forget` may have removed it."""
        found = load_cache(path)
        with self._one_at_a_time:
            self._found = {stamp: (digest, at) for stamp, (digest, at) in (found or {}).items()}

    def keep(self, path: Path, files: Iterable[os.stat_result]) -> None:
        """Write what is known of those files for the next process."""
        stamps = [stamp for file in files if (stamp := _stamp(file)) in self._found]
        save_cache(path, {stamp: self._found[stamp] for stamp in stamps})

    def clear(self) -> None:
        """Know nothing."""
        with self._one_at_a_time:
            self._found = {}

    def forget(self, path: Path) -> None:
        """Know nothing, and have the next rebuild know nothing: something was found damaged."""
        self.clear()
        with suppress(OSError):  # who may only read leaves it to the doctor
            path.unlink()


compared = Compared()
"""What this process has compared."""


def _stamp(file: os.stat_result) -> str:
    return f"{file.st_dev}:{file.st_ino}:{file.st_size}:{file.st_mtime_ns}"
