"""What a backup has: files with their digests, and a list of them.

A backup is a ZIP. Its last member, `backup.json`, lists the others:

index/CURRENT            names the only generation in the backup
index/generations/NAME/  its files
index/calibration.json   the calibration that was fitted for the index, if there is one
watchlist/               the standing questions and what was reported last, if there are any
settings/pullquote.toml  the settings, if there is such a file
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import PurePosixPath
from typing import Final, Literal

from pydantic import Field

from pullquote.index.folder.folder_manifest import FileChecksum
from pullquote.schema.article import Model

LIST: Final = "backup.json"

INDEX: Final = "index"
WATCHLIST: Final = "watchlist"
SETTINGS: Final = "settings"

CHUNK: Final = 1 << 20
"""Bytes that are copied at a time."""

_PART = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")


class BackupList(Model):
    """The list of a backup: which generation it has, and the digest of every file."""

    format: Literal[1] = 1
    pullquote: str
    created: datetime
    generation: str
    articles: int = Field(ge=0)
    files: dict[str, FileChecksum]


def is_plain(name: str) -> bool:
    """Whether a name is a path in one of the three folders, which cannot lead out of them."""
    parts = name.split("/")
    inside = len(parts) > 1 and parts[0] in (INDEX, WATCHLIST, SETTINGS)
    return inside and all(map(_PART.fullmatch, parts)) and PurePosixPath(name).parts == (*parts,)
