"""The digests of the corpus's files as they were last read, by what the system says of each.

Kept beside the generations. It is only a saving: without it, or where it is damaged, every file is
read and hashed again.
"""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

from pullquote.atomic_io import load_cache, save_cache
from pullquote.parsing import file_version

SEEN = "seen.json"

SETTLED_NS = 2_000_000_000
"""A file that changed so shortly before it was read could change again within one tick of the
clock by which the file system stamps it; FAT's tick is 2 seconds."""

_TELLS_CHANGES = os.name != "nt"
"""Windows keeps no time of the last change that a program cannot set."""


class SeenFiles:
    """Gives files their SHA-256, reading only those that may have changed since they were read.

    A file is surely the same when its inode, size and both of its times are, and it had settled
    when it was read. The time of modification alone proves nothing, since programs set it; the time
    of the last change (ctime) is the system's own.
    """

    def __init__(self, path: Path, corpus: Path) -> None:
        self._path = path
        self._corpus = corpus.resolve()
        self._before = _read(path, self._corpus) if _TELLS_CHANGES else {}
        self._now: dict[str, list[object]] = {}

    def version(self, id: str) -> str:
        """The SHA-256 of a file's bytes, in hex.

        Raises:
            ArticleError: it cannot be read.
        """
        looked = time.time_ns()
        stamp = _stamp(f"{self._corpus}/{id}")
        known = self._before.get(id)
        if known is not None and stamp is not None and known[:-1] == stamp:
            version = str(known[-1])
        else:
            version = file_version(self._corpus / id, id=id)
            if stamp is None or max(stamp[-2:]) > looked - SETTLED_NS:
                return version
        self._now[id] = [*(stamp or ()), version]
        return version

    def save(self) -> None:
        """Keep what was seen for the next time."""
        if self._now != self._before:
            save_cache(self._path, {"corpus": str(self._corpus), "files": self._now})


def _stamp(path: str) -> list[int] | None:
    """What the system says of a file; None where it says nothing that counts, as of a link."""
    try:
        facts = os.lstat(path)
    except OSError:
        return None
    if not (_TELLS_CHANGES and stat.S_ISREG(facts.st_mode)):
        return None
    return [facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns]


def _read(path: Path, corpus: Path) -> dict[str, list[object]]:
    """What was kept; nothing where it is of another corpus, or not as it was written."""
    facts = load_cache(path)
    return facts["files"] if facts is not None and facts["corpus"] == str(corpus) else {}
