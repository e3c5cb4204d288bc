"""The encoder: turns texts into vectors."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict

from pullquote.encoder.backend import CPU, Backend, Side, Vectors, cores, unit
from pullquote.encoder.model_cache import load
from pullquote.encoder.model_files import ModelFiles, find_model
from pullquote.errors import ModelError

RECENT_QUESTIONS = 128
"""How many questions' vectors are cached; the retriever and the reader both need them."""


class EncoderIdentity(BaseModel):
    """Which model computes the vectors; encoders with the same identity are interchangeable."""

    model_config = ConfigDict(frozen=True)

    name: str
    digest: str
    precision: str

    def __str__(self) -> str:
        return f"{self.name} ({self.precision}, digest {self.digest[:12]})"


class Encoder:
    """One embedding model, loaded when the first text is encoded or counted.

    `cache` is the folder for exported models. The first use of a model exports it there, which
    takes several seconds; later uses load it without torch. The model runs on `threads` threads,
    by default one for each core. On a `device` other than the CPU, it runs with torch. Safe to
    share between threads.

    Every method raises `ModelError` if the model cannot be found, loaded or run.
    """

    def __init__(
        self,
        name: str,
        *,
        batch_size: int,
        cache: Path,
        threads: int | None = None,
        device: str = CPU,
    ) -> None:
        self._name = name
        self._batch_size = batch_size
        self._cache = cache
        self._threads = cores() if threads is None else threads
        self._device = device
        self._loading = threading.RLock()
        self._loaded: Backend | None = None
        self._question = lru_cache(maxsize=RECENT_QUESTIONS)(self._embed_question)

    @cached_property
    def identity(self) -> EncoderIdentity:
        """The name, digest and precision of the model, determined without loading it."""
        return EncoderIdentity(name=self._name, digest=self._files.digest, precision="float32")

    @cached_property
    def dimension(self) -> int:
        """The number of components in a vector."""
        return len(self.encode_question(""))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vectors of passages, one per row, shape (len(texts), dimension).

        The dot product with a question's vector is the cosine. The other texts in a batch change a
        vector by at most 1e-6.
        """
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        return self._embed(texts, Side.PASSAGE)

    def encode_question(self, text: str) -> Vectors:
        """The vector of a question, shape (dimension,), read-only. Recent vectors are cached."""
        return self._question(text)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens in each text, not truncated, without special tokens and prompts."""
        return self._backend.count_tokens(texts) if texts else []

    @property
    def _backend(self) -> Backend:
        with self._loading:
            if self._loaded is None:
                self._loaded = load(
                    self._name,
                    self._files,
                    self._cache,
                    threads=self._threads,
                    device=self._device,
                )
            return self._loaded

    @cached_property
    def _files(self) -> ModelFiles:
        return find_model(self._name)

    def _embed_question(self, text: str) -> Vectors:
        vector: Vectors = self._embed([text], Side.QUESTION)[0]
        vector.setflags(write=False)  # several callers share it through the cache
        return vector

    def _embed(self, texts: Sequence[str], side: Side) -> Vectors:
        vectors = unit(self._backend.embed(texts, side=side, batch_size=self._batch_size))
        if not np.isfinite(vectors).all():
            raise ModelError(self._name, "it returned numbers that are not finite")
        return vectors
