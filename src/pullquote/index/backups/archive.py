"""Reads a backup: its list, and its files, each compared with its digest."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from pullquote.index.backups.contents import CHUNK, INDEX, LIST, BackupList, is_plain
from pullquote.schema.errors import BackupUnusable

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
