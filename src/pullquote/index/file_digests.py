"""The digests of the corpus's files from the last reading, by the metadata of each file.

They are stored beside the generations and only save work. Without them, or if they are damaged,
every file is read and hashed again.
"""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

from pullquote.atomic_io import load_cache, save_cache
from pullquote.parsing import file_version

FILE_DIGESTS = "seen.json"

SETTLED_NS = 2_000_000_000
"""A file that changed less than this before it was read could change again within one tick of the
file system's clock, unseen. FAT's tick is 2 seconds."""

_HAS_CTIME = os.name != "nt"
"""Windows has no time of the last change that a program cannot set."""


class FileDigests:
    """Gives the SHA-256 of files, and reads only those that may have changed.

    A file is unchanged if its inode, size and both times are equal, and its last change was old
    enough when it was read. The time of modification alone proves nothing, since programs can set
    it; the system sets the time of the last change (ctime).
    """

    def __init__(self, path: Path, corpus: Path) -> None:
        self._path = path
        self._corpus = corpus.resolve()
        self._before = _read(path, self._corpus) if _HAS_CTIME else {}
        self._now: dict[str, list[object]] = {}

    def version(self, id: str) -> str:
        """The SHA-256 of a file's bytes, in hex.

        Raises:
            ArticleError: it cannot be read.
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
    """The metadata that shows a change; None where there is none, as for a link."""
    try:
        facts = os.lstat(path)
    except OSError:
        return None
    if not (_HAS_CTIME and stat.S_ISREG(facts.st_mode)):
        return None
    return [facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns]


def _read(path: Path, corpus: Path) -> dict[str, list[object]]:
    """The stored digests; empty if they are of another corpus or damaged."""
    facts = load_cache(path)
    return facts["files"] if facts is not None and facts["corpus"] == str(corpus) else {}
