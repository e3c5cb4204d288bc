"""Links to files of an earlier generation."""

from __future__ import annotations

import os
from pathlib import Path

from pullquote.base.atomic_io import NewFile

_COPIED_AT_ONCE = 1 << 20


def link_or_copy(source: str | Path, target: str | Path) -> None:
    """Link to a file that never changes, or copy it if the file system has no links."""
    try:
        os.link(source, target)
    except OSError:
        with Path(source).open("rb") as original, NewFile(Path(target)) as copy:
            while content := original.read(_COPIED_AT_ONCE):
                copy.write(content)
