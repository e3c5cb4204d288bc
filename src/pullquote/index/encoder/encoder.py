"""The encoder: turns texts into vectors."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property, lru_cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from pydantic import ValidationError

from pullquote.index.encoder.backend import (
    CPU,
    Backend,
    EncoderIdentity,
    Side,
    Vectors,
    cores,
    in_short,
    unit,
)
from pullquote.index.encoder.graph import Graph, GraphUnusable, read_manifest
from pullquote.index.encoder.model_cache import PACKAGED, ModelFiles, find_model, load
from pullquote.schema.errors import ModelError
from pullquote.schema.setting_types import Precision


def shipped_identity() -> EncoderIdentity:
    """The identity of the packaged model in int8, from the manifest of the graph.

    Raises:
        ModelError: the manifest is missing or damaged.
    """
    with _folder() as folder:
        try:
            manifest = read_manifest(folder)
        except (OSError, ValidationError) as error:
            raise GraphUnusable(folder, in_short(error)) from error
        if manifest.source is None:
            raise GraphUnusable(folder, "its manifest does not name the model")
        return EncoderIdentity(
            name=manifest.source.name,
            digest=manifest.source.digest,
            precision=manifest.precision,
            graph=manifest.model_sha256,
        )


@contextmanager
def _folder() -> Iterator[Path]:
    with as_file(files("pullquote") / "base" / "models" / "encoder") as folder:
        try:
            yield folder
        except GraphUnusable as error:
            again = "Reinstall it with: pip install --force-reinstall pullquote"
            raise ModelError(PACKAGED, f"in {error.path}: {error.reason}. {again}") from error


RECENT_QUESTIONS = 128
"""How many questions' vectors are cached; the retriever and the reader both need them."""


def default_precision(name: str, *, device: str = CPU) -> Precision:
    """int8 for the packaged model, on the CPU; all else runs in float32."""
    return "int8" if name == PACKAGED and device == CPU else "float32"


class Encoder:
    """One embedding model, loaded when the first text is encoded or counted.

    The packaged model runs in int8 by default, and loads at once. In float32, as every other model
    runs, `cache` is the folder for exported models: the first use of a model exports it there,
    which takes several seconds, and later uses load it without torch. `batch_size` is for float32.
    The model runs on `threads` threads, by default one for each core. On a `device` other than the
    CPU, it runs with torch, in float32. Safe to share between threads.

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
        precision: Precision | None = None,
    ) -> None:
        self._name = name
        self._batch_size = batch_size
        self._cache = cache
        self._threads = cores() if threads is None else threads
        self._device = device
        default = default_precision(name, device=device)
        self.precision = default if precision is None else precision
        self._loading = threading.RLock()
        self._loaded: Backend | None = None
        self._other: Encoder | None = None
        self._question = lru_cache(maxsize=RECENT_QUESTIONS)(self._embed_question)

    @cached_property
    def identity(self) -> EncoderIdentity:
        """The name, digest and precision of the model, determined without loading it."""
        if self._is_shipped:
            return shipped_identity()
        return EncoderIdentity(name=self._name, digest=self._files.digest, precision="float32")

    @cached_property
    def dimension(self) -> int:
        """The number of components in a vector."""
        return len(self.encode_question(""))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vectors of passages, one per row, shape (len(texts), dimension).

        The dot product with a question's vector is the cosine. In int8, a vector depends on its
        text alone; in float32, the other texts in a batch change it by at most 1e-6.
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

    def like(self, made_with: EncoderIdentity | None) -> Encoder:
        """The encoder of the same model in the precision of an index, if the model has it.

        It is this one, or another one, which is loaded when it is first used.
        """
        precision = self.precision if made_with is None else made_with.precision
        if precision == self.precision or self._name != PACKAGED:
            return self
        with self._loading:
            if self._other is None:
                self._other = Encoder(
                    self._name,
                    batch_size=self._batch_size,
                    cache=self._cache,
                    threads=self._threads,
                    device=self._device,
                    precision="float32" if self.precision == "int8" else "int8",
                )
            return self._other

    @property
    def _is_shipped(self) -> bool:
        """Whether the encoder is the packaged model in int8."""
        if self.precision == "float32":
            return False
        if default_precision(self._name, device=self._device) != "int8":
            only = f"only {PACKAGED} runs in int8, and only on the CPU"
            raise ModelError(self._name, f"{only}; set encoder_precision to float32")
        return True

    @property
    def _backend(self) -> Backend:
        with self._loading:
            if self._loaded is None and self._is_shipped:
                with _folder() as folder:
                    self._loaded = Graph.open(folder, threads=self._threads)
            elif self._loaded is None:
                threads, device = self._threads, self._device
                self._loaded = load(
                    self._name, self._files, self._cache, threads=threads, device=device
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
