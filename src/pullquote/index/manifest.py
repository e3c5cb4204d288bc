"""The manifest of a generation: how it was made and how much it contains."""

from __future__ import annotations

from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pullquote.index.duplicates.signatures import algorithm
from pullquote.index.encoder import EncoderIdentity
from pullquote.parsing import ParseOptions
from pullquote.schema import IndexProgress
from pullquote.schema.errors import IndexMismatch
from pullquote.schema.file_limits import Limits
from pullquote.schema.setting_types import DenseType, SourceFolder

FORMAT = 6
"""Increased whenever a change could cause older generations to be misread."""


class FrozenModel(BaseModel):
    """An immutable model that ignores fields of newer versions."""

    model_config = ConfigDict(frozen=True)


class _Model(FrozenModel):
    model_config = ConfigDict(validate_by_name=True, serialize_by_alias=True)


class IndexConfig(_Model):
    """Everything that decides the passages and vectors of an article.

    It includes the version of pullquote, since a different version may parse and split articles
    differently.
    """

    pullquote: str = Field(default_factory=lambda: version("pullquote"))
    encoder: EncoderIdentity
    passage_tokens: int
    overlap_sentences: int
    dense: DenseType
    signatures: str = Field(default_factory=algorithm)
    fields: dict[str, str] = {}
    source_from_folder: SourceFolder = "off"
    ocr: str = ""

    @property
    def parse_options(self) -> ParseOptions:
        """The settings among these that decide how files are parsed."""
        return ParseOptions(
            fields=self.fields, source_from_folder=self.source_from_folder, ocr=self.ocr
        )


class FailedFile(_Model):
    """A file, or a record in a file, that could not be parsed.

    For a record, `file` is the path of its file, and `path` also says where in that file the record
    is.

    `version` is the SHA-256 of the file's bytes, if known. `left_out` is as in `ArticleError`.
    """

    path: str
    reason: str
    version: str | None = None
    file: str | None = None
    left_out: bool = False

    @property
    def corpus_file(self) -> str:
        """The path of the corpus file that failed, or that contains the failed record."""
        return self.path if self.file is None else self.file


class Manifest(_Model):
    """The part of the manifest that every backend has.

    The `limits` that files were parsed with are not in `index_config`: an index stays correct when
    the limits change.

    A partial generation has a `progress`: it was published before the first build was complete.
    Of `cut_file`, it has only some articles.
    """

    format: int
    generation: str
    created: datetime
    corpus: str
    index_config: IndexConfig = Field(alias="recipe")
    dimension: int
    articles: int
    passages: int
    failed: tuple[FailedFile, ...]
    limits: Limits | None = None
    progress: IndexProgress | None = None
    cut_file: str | None = None


ManifestType = TypeVar("ManifestType", bound=Manifest)


def parse_manifest(
    kind: type[ManifestType], content: str | bytes, *, format: int, index: str | Path
) -> ManifestType:
    """The manifest in some JSON.

    Raises:
        IndexMismatch: another version of pullquote wrote it in a different format.
    """
    try:
        manifest = kind.model_validate_json(content)
    except ValidationError as error:
        expected = str(format)
        raise IndexMismatch(
            index, setting="format", expected=expected, found="(unknown)"
        ) from error
    if manifest.format != format:
        raise IndexMismatch(
            index, setting="format", expected=str(format), found=str(manifest.format)
        )
    return manifest
