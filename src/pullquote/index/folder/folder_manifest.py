"""The manifest of a generation in a folder, and the check of its files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pullquote.base.atomic_io import file_digest
from pullquote.index.folder.verified_files import verified_files
from pullquote.index.manifest import FORMAT, FrozenModel, Manifest, parse_manifest
from pullquote.schema.errors import IndexDamaged

NAME = "manifest.json"


class FileChecksum(FrozenModel):
    """The size of a file in bytes, and its SHA-256 in hex."""

    size: int
    sha256: str


class FolderManifest(Manifest):
    """The contents of manifest.json."""

    segments: tuple[str, ...]
    files: dict[str, FileChecksum]


def checksum_files(folder: Path, *, known: Mapping[str, FileChecksum]) -> dict[str, FileChecksum]:
    """The checksums of all files below a folder except the manifest, by relative path.

    Checksums in `known` are not computed again; they are checked when the generation is opened.
    """
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != NAME]
    names = {path.relative_to(folder).as_posix(): path for path in files}
    return {
        name: known[name]
        if name in known
        else FileChecksum(size=path.stat().st_size, sha256=file_digest(path))
        for name, path in names.items()
    }


def read_manifest(
    folder: Path, *, digest: str, only: Callable[[str], bool] = lambda _file: True
) -> FolderManifest:
    """Read and check the manifest of a generation, and check the files that it names.

    Only the files that `only` selects are checked.

    Raises:
        IndexDamaged: a file is missing, or has a different size or digest.
        IndexMismatch: another version of pullquote wrote the manifest in a different format.
    """
    path = folder / NAME
    try:
        content = path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error
    if (found := hashlib.sha256(content).hexdigest()) != digest:
        raise IndexDamaged(path, expected=f"SHA-256 {digest}", found=found)
    manifest = parse_manifest(FolderManifest, content, format=FORMAT, index=folder.parents[1])
    for name, expected in manifest.files.items():
        if only(name):
            try:
                check_file(folder / name, expected)
            except OSError as error:
                raise unreadable(folder / name, error) from error
    return manifest


def listed_files(folder: Path) -> dict[str, FileChecksum]:
    """The files of a generation of any format; none if the manifest is missing or damaged.

    Raises:
        OSError: the device failed, so the manifest may be readable later.
    """
    try:
        listed = json.loads((folder / NAME).read_bytes())["files"]
        return {str(name): FileChecksum.model_validate(one) for name, one in listed.items()}
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return {}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def recorded(folder: Path, *names: str) -> Any:  # noqa: ANN401 - the type depends on the names
    """A value in the manifest of a generation of any format; None if it cannot be read."""
    try:
        value = json.loads((folder / NAME).read_bytes())
        for name in names:
            value = value[name]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return value


def read_article_count(folder: Path) -> int | None:
    """The number of articles of a generation of any format; None if it cannot be read."""
    count = recorded(folder, "articles")
    return count if isinstance(count, int) else None


def check_file(path: Path, expected: FileChecksum) -> None:
    """Compare a file with its checksum, unless that was done lately.

    Raises:
        IndexDamaged: it is not as it was written.
        OSError: it cannot be read.
    """
    found = path.stat()
    if found.st_size != expected.size:
        raise IndexDamaged(path, expected=f"{expected.size} bytes", found=f"{found.st_size}")
    if not verified_files.contains(found, expected.sha256):
        if (digest := file_digest(path)) != expected.sha256:
            raise IndexDamaged(path, expected=f"SHA-256 {expected.sha256}", found=digest)
        verified_files.add(found, digest)


def unreadable(path: Path, error: OSError) -> IndexDamaged:
    """The error for a file that the device does not return."""
    return IndexDamaged(path, expected="a readable file", found=error.strerror or str(error))
