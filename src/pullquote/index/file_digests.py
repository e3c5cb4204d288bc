"""The digests of the corpus's files, and the metadata that each file had when it was read.

The digests are stored beside the generations, only to save work. If they are missing or damaged,
every file is read and hashed again.
"""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

from pullquote.base.atomic_io import load_cache, save_cache
from pullquote.parsing import file_version

FILE_DIGESTS = "seen.json"

SETTLED_NS = 2_000_000_000
"""If a file changed less than this many nanoseconds before it was read, its digest is not reused.
The file could change again, unnoticed, within one tick of the file system's clock. FAT's tick is 2
seconds."""

_HAS_CTIME = os.name != "nt"
"""False on Windows, where a program can set all times of a file."""


class FileDigests:
    """Returns the SHA-256 of files, and reads only those that may have changed.

    A file counts as unchanged if its inode, size and both times are the same, and its last change
    was old enough when it was read. The time of modification alone proves nothing, since programs
    can set it; the system sets the time of the last change (ctime).
    """

    def __init__(self, path: Path, corpus: Path) -> None:
        self._path = path
        self._corpus = corpus.resolve()
        self._before = _read(path, self._corpus) if _HAS_CTIME else {}
        self._now: dict[str, list[object]] = {}

    def version(self, id: str) -> str:
        """The SHA-256 of a file's bytes, in hex.

        Raises:
            ArticleError: the file cannot be read.
        """
        now = time.time_ns()
        stamp = _stamp(f"{self._corpus}/{id}")
        known = self._before.get(id)
        if known is not None and stamp is not None and known[:-1] == stamp:
            version = str(known[-1])
        else:
            version = file_version(self._corpus / id, id=id)
            if stamp is None or max(stamp[-2:]) > now - SETTLED_NS:
                return version
        self._now[id] = [*(stamp or ()), version]
        return version

    def save(self) -> None:
        """Store the digests for the next rebuild."""
        if self._now != self._before:
            save_cache(self._path, {"corpus": str(self._corpus), "files": self._now})


def _stamp(path: str) -> list[int] | None:
    """The metadata that reveals a change to a file; None if nothing does, as for a link."""
    try:
        facts = os.lstat(path)
    except OSError:
        return None
    if not (_HAS_CTIME and stat.S_ISREG(facts.st_mode)):
        return None
    return [facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns]


def _read(path: Path, corpus: Path) -> dict[str, list[object]]:
    """The stored digests; empty if they are damaged or belong to another corpus."""
    facts = load_cache(path)
    return facts["files"] if facts is not None and facts["corpus"] == str(corpus) else {}
