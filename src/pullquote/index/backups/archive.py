"""Reads a backup: its list, and its files, each compared with its digest."""

from __future__ import annotations

import hashlib
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Final, Literal

from pydantic import Field, ValidationError

from pullquote.index.folder.folder_manifest import FileChecksum
from pullquote.schema.article import Model
from pullquote.schema.errors import BackupUnusable

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


_MOST_LISTED = 64_000_000
"""Bytes of the list of files, which is read whole."""


@dataclass(frozen=True, slots=True)
class OpenBackup:
    """An open backup with its list, whose names are those of its members."""

    path: Path
    archive: zipfile.ZipFile
    listed: BackupList


@dataclass(frozen=True, slots=True)
class Part:
    """Some bytes of a file; the last part of a file, which may be empty, `is_last`."""

    name: str
    content: bytes
    is_last: bool = False


@contextmanager
def described(path: Path) -> Iterator[OpenBackup]:
    """Open a backup, and read its list.

    Raises:
        BackupUnusable: it cannot be read, is no backup, or has other members than its list says.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            yield OpenBackup(path, archive, _listed(path, archive))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise BackupUnusable(path, f"it is no backup, or was cut off ({error})") from error
    except OSError as error:
        raise BackupUnusable(path, error.strerror or str(error)) from error


def checked_list(backup: OpenBackup) -> Iterator[Part]:
    """The bytes of all files, in parts; the last part of a file follows only if it is sound.

    Raises:
        BackupUnusable: a file differs from its digest.
    """
    for name, expected in backup.listed.files.items():
        digest, size = hashlib.sha256(), 0
        with backup.archive.open(name) as member:
            while size <= expected.size and (content := member.read(CHUNK)):
                digest.update(content)
                size += len(content)
                yield Part(name, content)
        if size != expected.size or digest.hexdigest() != expected.sha256:
            raise BackupUnusable(backup.path, f"{name} in it was changed")
        yield Part(name, b"", is_last=True)


def _listed(path: Path, archive: zipfile.ZipFile) -> BackupList:
    """The list of a backup, after comparing it with the members."""
    try:
        member = archive.getinfo(LIST)
        if member.file_size > _MOST_LISTED:
            raise BackupUnusable(path, f"its {LIST} is too large")
        listed = BackupList.model_validate_json(archive.read(member))
    except KeyError as error:
        raise BackupUnusable(path, f"it has no {LIST}, so it is no backup") from error
    except ValidationError as error:
        reason = f"its {LIST} cannot be read; a newer version of pullquote may have written it"
        raise BackupUnusable(path, reason) from error
    names = archive.namelist()
    if sorted(names) != sorted([LIST, *listed.files]):
        raise BackupUnusable(path, "it has other files than its list says")
    if odd := [name for name in listed.files if not is_plain(name)]:
        raise BackupUnusable(path, f"it has a file with the name {odd[0][:80]!r}")
    if f"{INDEX}/CURRENT" not in listed.files:
        raise BackupUnusable(path, "it has no index")
    return listed
