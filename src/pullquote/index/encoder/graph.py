"""Runs a model with onnxruntime, from a folder that `export` wrote. Fast to load and to run.

In float32, texts are embedded in batches. In int8, each text is embedded alone, on one thread, and
several at a time. The scale of int8 activations depends on everything in a run: in a batch, other
texts and padding would change a text's vector.

FOLDER/
  model.onnx      input_ids, attention_mask[, token_type_ids] -> sentence_embedding
  tokenizer.json  the tokenizer with the truncation and padding of sentence-transformers
  manifest.json   the SHA-256 of both files, the model's prompts, and the precision
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from pullquote.base.atomic_io import file_digest
from pullquote.base.thread_pool import ThreadPool
from pullquote.index.encoder.backend import (
    Side,
    Vectors,
    count,
    in_short,
    open_session,
    uncut,
)
from pullquote.schema.errors import ModelError
from pullquote.schema.setting_types import Precision

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Encoding, Tokenizer

MODEL, TOKENIZER, MANIFEST = "model.onnx", "tokenizer.json", "manifest.json"

TOKENISED_AT_ONCE = 4096
"""In texts. A tokenised passage takes about 10 kB of memory until it is embedded."""


class GraphUnusable(ModelError):
    """The exported model in the folder `path` is missing, damaged, or cannot be run."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        super().__init__(str(path), reason)


class GraphSource(BaseModel):
    """The model that a graph was made of: the digest of its files, and the SHA-256 of one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    digest: str
    safetensors_sha256: str


class GraphManifest(BaseModel):
    """The digests and prompts of a graph folder; `source` if the graph ships with pullquote."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    model_sha256: str
    tokenizer_sha256: str
    question_prompt: str
    passage_prompt: str
    precision: Precision = "float32"
    source: GraphSource | None = None


class Graph:
    """A graph, its tokenizer and its prompts. With `alone`, so many texts run at a time."""

    def __init__(
        self,
        folder: Path,
        session: InferenceSession,
        tokenizer: Tokenizer,
        manifest: GraphManifest,
        *,
        alone: int | None = None,
    ) -> None:
        if (padding := tokenizer.padding) is None:
            raise GraphUnusable(folder, "its tokenizer does not pad")
        self._folder = folder
        self._session = session
        self._inputs = [(node.name, _ATTRIBUTES[node.name]) for node in session.get_inputs()]
        self._prompts = {
            Side.QUESTION: manifest.question_prompt,
            Side.PASSAGE: manifest.passage_prompt,
        }
        self._pad = {key: padding[key] for key in _PADDING}
        tokenizer.no_padding()  # each batch is padded to its own longest text
        self._tokenizer = tokenizer
        self._pool = None if alone is None else ThreadPool(alone, "pullquote-encoder")

    @classmethod
    def open(cls, folder: Path, *, threads: int) -> Graph:
        """Open the graph in a folder, to run on `threads` threads.

        Raises:
            GraphUnusable: the graph is missing, damaged or in another format.
        """
        from tokenizers import Tokenizer  # noqa: PLC0415 - not before it is needed

        try:
            manifest = read_manifest(folder)
            _check(folder / MODEL, manifest.model_sha256)
            _check(folder / TOKENIZER, manifest.tokenizer_sha256)
            tokenizer = Tokenizer.from_str((folder / TOKENIZER).read_text(encoding="utf-8"))
        except (OSError, ValidationError) as error:
            raise GraphUnusable(folder, in_short(error)) from error
        alone = threads if manifest.precision == "int8" else None
        try:
            session = open_session(folder / MODEL, threads=threads if alone is None else 1)
        except Exception as error:  # onnxruntime's errors share no base class
            raise GraphUnusable(folder, in_short(error)) from error
        return cls(folder, session, tokenizer, manifest, alone=alone)

    def embed(self, texts: Sequence[str], *, side: Side, batch_size: int) -> Vectors:
        """One row for each of one or more texts, in order. Texts may have any length."""
        prompted = [self._prompts[side] + text for text in texts]
        return np.concatenate(
            [
                self._embed(prompted[at : at + TOKENISED_AT_ONCE], batch_size)
                for at in range(0, len(prompted), TOKENISED_AT_ONCE)
            ]
        )

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens in each text, not truncated and without special tokens."""
        return count(self._uncut, texts)

    @cached_property
    def _uncut(self) -> Tokenizer:
        return uncut(self._tokenizer)

    def _embed(self, texts: list[str], batch_size: int) -> Vectors:
        encodings = self._tokenizer.encode_batch_fast(texts)
        if self._pool is not None:
            alone = [[encoding] for encoding in encodings]
            one_thread = len(alone) == 1  # a question does not wait for passages
            run = map(self._run, alone) if one_thread else self._pool.map(self._run, alone)
            return np.concatenate(list(run))
        # If the texts in a batch have similar lengths, little padding is needed.
        order = np.argsort([len(encoding) for encoding in encodings], kind="stable")
        rows = [
            self._run([encodings[row] for row in order[at : at + batch_size]])
            for at in range(0, len(order), batch_size)
        ]
        vectors: Vectors = np.concatenate(rows)[np.argsort(order)]
        return vectors

    def _run(self, batch: list[Encoding]) -> Vectors:
        width = max(len(encoding) for encoding in batch)
        for encoding in batch:
            encoding.pad(width, **self._pad)
        given = {
            name: np.array([getattr(encoding, attribute) for encoding in batch], dtype=np.int64)
            for name, attribute in self._inputs
        }
        try:
            vectors: Vectors = self._session.run(None, given)[0]
        except Exception as error:  # onnxruntime's errors share no base class
            raise GraphUnusable(self._folder, in_short(error)) from error
        return vectors


_ATTRIBUTES = {
    "input_ids": "ids",
    "attention_mask": "attention_mask",
    "token_type_ids": "type_ids",
}
"""The attribute of an `Encoding` for each input of the graph."""

_PADDING = ("direction", "pad_id", "pad_type_id", "pad_token")


def read_manifest(folder: Path) -> GraphManifest:
    """The manifest of a graph folder.

    Raises:
        OSError, ValidationError: there is none, or it is damaged.
    """
    return GraphManifest.model_validate_json((folder / MANIFEST).read_bytes())


def _check(file: Path, expected: str) -> None:
    if (found := file_digest(file)) != expected:
        raise GraphUnusable(file.parent, f"{file.name} has SHA-256 {found}, expected {expected}")
