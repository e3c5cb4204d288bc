"""Files of generations that were compared with their digests, so that none is read again and again.

They are never written twice. What one process compared is enough for all its readers: generations
share most of their files. A rebuild, which may run every minute, also remembers from one to the
next, for a day.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable
from pathlib import Path

from pullquote.durable import keep_saving, kept_saving

FORGOTTEN_AFTER = 24 * 3600.0
"""Seconds after which a rebuild reads a file again: a device may lose what nobody wrote to."""


class Compared:
    """Digests of files, by device, inode, size and time of modification.

    The time of the last change does not count: a second link to a file changes it.
    """

    def __init__(self) -> None:
        self._found: dict[str, tuple[str, float]] = {}
        self._one_at_a_time = threading.Lock()

    def holds(self, file: os.stat_result, digest: str) -> bool:
        """Whether the file had that digest."""
        return self._found.get(_stamp(file), ("", 0.0))[0] == digest

    def add(self, file: os.stat_result, digest: str) -> None:
        """The file, as it was before it was read, has that digest."""
        with self._one_at_a_time:
            self._found[_stamp(file)] = digest, time.time()

    def recall(self, path: Path) -> None:
        """Take over what an earlier process kept at `path` and has not forgotten yet."""
        found = kept_saving(path)
        now = time.time()
        if isinstance(found, dict):
            with self._one_at_a_time:
                for stamp, (digest, at) in found.items():
                    if 0 <= now - at < FORGOTTEN_AFTER:
                        self._found.setdefault(stamp, (digest, at))

    def keep(self, path: Path, files: Iterable[os.stat_result]) -> None:
        """Write what is known of those files for the next process."""
        stamps = [stamp for file in files if (stamp := _stamp(file)) in self._found]
        keep_saving(path, {stamp: self._found[stamp] for stamp in stamps})


compared = Compared()
"""What this process has compared. Each file takes some 200 bytes; an index has tens."""


def _stamp(file: os.stat_result) -> str:
    return f"{file.st_dev}:{file.st_ino}:{file.st_size}:{file.st_mtime_ns}"
