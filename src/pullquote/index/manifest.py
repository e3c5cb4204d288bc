"""What a generation says of itself: who made it, how, and what its files must be."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pullquote.durable import file_digest
from pullquote.encoder import EncoderIdentity
from pullquote.errors import IndexDamaged, IndexMismatch
from pullquote.index.compared import compared
from pullquote.index.signatures import algorithm
from pullquote.limits import Limits
from pullquote.settings import DenseType

FORMAT = 6
"""Raised whenever a generation written before could be misread."""

NAME = "manifest.json"


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True)


class Recipe(_Model):
    """Everything that decides what passages and vectors an article gives.

    The version of pullquote is part of it, since another may read and cut articles otherwise.
    """

    pullquote: str = Field(default_factory=lambda: version("pullquote"))
    encoder: EncoderIdentity
    passage_tokens: int
    overlap_sentences: int
    dense: DenseType
    signatures: str = Field(default_factory=algorithm)
    fields: dict[str, str] = {}


class FileFacts(_Model):
    """Size in bytes and SHA-256 in hex."""

    size: int
    sha256: str


class FailedFile(_Model):
    """What could not be read: `path` is a file of the corpus or, of a record, `file` and its place.

    `version` is the SHA-256 of the file's bytes if known; `left_out` as in ArticleError.
    """

    path: str
    reason: str
    version: str | None = None
    file: str | None = None
    left_out: bool = False

    @property
    def of(self) -> str:
        """The file of the corpus."""
        return self.path if self.file is None else self.file


class Manifest(_Model):
    """What every generation says of itself, wherever it stands.

    By which `limits` files were read is no part of the recipe.
    """

    format: int
    generation: str
    created: datetime
    corpus: str
    recipe: Recipe
    dimension: int
    articles: int
    passages: int
    failed: tuple[FailedFile, ...]
    limits: Limits | None = None


class FolderManifest(Manifest):
    """The contents of manifest.json."""

    segments: tuple[str, ...]
    files: dict[str, FileFacts]


def survey(folder: Path, *, known: Mapping[str, FileFacts]) -> dict[str, FileFacts]:
    """Facts of every file below a folder but the manifest itself, by relative path.

    Those of the files that are `known` are taken as given; opening the generation compares them.
    """
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != NAME]
    names = {path.relative_to(folder).as_posix(): path for path in files}
    return {name: known[name] if name in known else _facts(path) for name, path in names.items()}


def _facts(path: Path) -> FileFacts:
    return FileFacts(size=path.stat().st_size, sha256=file_digest(path))


def read_manifest(
    folder: Path, *, digest: str, only: Callable[[str], bool] = lambda _file: True
) -> FolderManifest:
    """The manifest of a generation, after checking it and every file it names, or some of them.

    Raises:
        IndexDamaged: a file is missing, or its size or digest is another.
        IndexMismatch: another version of pullquote wrote it in another format.
    """
    path = folder / NAME
    content = _read(path)
    if (found := hashlib.sha256(content).hexdigest()) != digest:
        raise IndexDamaged(path, expected=f"SHA-256 {digest}", found=found)
    try:
        manifest = FolderManifest.model_validate_json(content)
    except ValidationError as error:
        raise IndexMismatch(
            folder.parents[1], setting="format", expected=str(FORMAT), found="an unknown one"
        ) from error
    if manifest.format != FORMAT:
        raise IndexMismatch(
            folder.parents[1], setting="format", expected=str(FORMAT), found=str(manifest.format)
        )
    checked = {n: f for n, f in manifest.files.items() if only(n)}
    _check_files(folder, checked)
    return manifest


def corpus_of(folder: Path) -> Path | None:
    """The corpus that a generation of any format was built from; None where it cannot be read."""
    try:
        return Path(json.loads((folder / NAME).read_bytes())["corpus"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def articles_in(folder: Path) -> int | None:
    """How many articles a generation of any format has; None where its manifest cannot be read."""
    try:
        return int(json.loads((folder / NAME).read_bytes())["articles"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _check_files(folder: Path, files: dict[str, FileFacts]) -> None:
    for name, facts in files.items():
        path = folder / name
        try:
            found = path.stat()
            if found.st_size != facts.size:
                raise IndexDamaged(path, expected=f"{facts.size} bytes", found=f"{found.st_size}")
            if not compared.holds(found, facts.sha256):
                if (digest := file_digest(path)) != facts.sha256:
                    raise IndexDamaged(path, expected=f"SHA-256 {facts.sha256}", found=digest)
                compared.add(found, digest)
        except OSError as error:
            raise _unreadable(path, error) from error


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> IndexDamaged:
    return IndexDamaged(path, expected="a readable file", found=error.strerror or str(error))
