"""The manifest of a generation in a folder, and the check of its files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from pullquote.base.atomic_io import file_digest
from pullquote.index.encoder import EncoderIdentity
from pullquote.index.folder.verified_files import verified_files
from pullquote.index.manifest import FORMAT, Manifest
from pullquote.schema.errors import IndexDamaged, IndexMismatch

NAME = "manifest.json"


class FileChecksum(BaseModel):
    """The size of a file in bytes, and its SHA-256 in hex."""

    model_config = ConfigDict(frozen=True)

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
    return {name: known[name] if name in known else _facts(path) for name, path in names.items()}


def _facts(path: Path) -> FileChecksum:
    return FileChecksum(size=path.stat().st_size, sha256=file_digest(path))


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
    content = _read(path)
    if (found := hashlib.sha256(content).hexdigest()) != digest:
        raise IndexDamaged(path, expected=f"SHA-256 {digest}", found=found)
    try:
        manifest = FolderManifest.model_validate_json(content)
    except ValidationError as error:
        raise IndexMismatch(
            folder.parents[1], setting="format", expected=str(FORMAT), found="(unknown)"
        ) from error
    if manifest.format != FORMAT:
        raise IndexMismatch(
            folder.parents[1], setting="format", expected=str(FORMAT), found=str(manifest.format)
        )
    checked = {n: f for n, f in manifest.files.items() if only(n)}
    _check_files(folder, checked)
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


def read_corpus_path(folder: Path) -> Path | None:
    """The corpus of a generation of any format; None if the manifest cannot be read."""
    try:
        return Path(json.loads((folder / NAME).read_bytes())["corpus"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def read_encoder(folder: Path) -> EncoderIdentity | None:
    """The encoder of a generation of any format; None if the manifest cannot be read."""
    try:
        found = json.loads((folder / NAME).read_bytes())["recipe"]["encoder"]
        return EncoderIdentity.model_validate(found)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def read_article_count(folder: Path) -> int | None:
    """The number of articles of a generation of any format; None if it cannot be read."""
    try:
        return int(json.loads((folder / NAME).read_bytes())["articles"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _check_files(folder: Path, files: dict[str, FileChecksum]) -> None:
    for name, facts in files.items():
        path = folder / name
        try:
            found = path.stat()
            if found.st_size != facts.size:
                raise IndexDamaged(path, expected=f"{facts.size} bytes", found=f"{found.st_size}")
            if not verified_files.contains(found, facts.sha256):
                if (digest := file_digest(path)) != facts.sha256:
                    raise IndexDamaged(path, expected=f"SHA-256 {facts.sha256}", found=digest)
                verified_files.add(found, digest)
        except OSError as error:
            raise _unreadable(path, error) from error


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> IndexDamaged:
    return IndexDamaged(path, expected="a readable file", found=error.strerror or str(error))
