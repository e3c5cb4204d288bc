"""What a generation says of itself: who made it, and how."""

from __future__ import annotations

from datetime import datetime
from importlib.metadata import version

from pydantic import BaseModel, ConfigDict, Field

from pullquote.encoder import EncoderIdentity
from pullquote.index.duplicates.signatures import algorithm
from pullquote.limits import Limits
from pullquote.settings import DenseType

FORMAT = 6
"""Raised whenever a generation written before could be misread."""


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
