"""The interface of models, and code shared by both ways of running a model."""

from __future__ import annotations

import base64
import os
from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer


Vectors = npt.NDArray[np.float32]
"""Shape (n, dimension), float32, every row of unit length."""

CPU = "cpu"
"""Torch's name for the default device."""

_LEAST_LENGTH = 1e-12
"""Lengths below this are raised to it, so that a zero vector can be divided by its length."""

SWITCHED_OFF = ("SkipLayerNormFusion",)
"""Optimizers of onnxruntime 1.32 that slow the networks down.

Without them, a run takes 0.91 of the time (benchmarks.reading).
"""

_PRODUCT = (
    "CAg6YgoYCgFhCgFiEgFjIg1NYXRNdWxJbnRlZ2VyEgFnWhUKAWESEAoOCAISCgoDEgFtCgMSAWtaFQoBYhIQCg4IAxIK"
    "CgMSAWsKAxIBbmIVCgFjEhAKDggGEgoKAxIBbQoDEgFuQgQKABAK"
)
"""A graph of one node, MatMulInteger: c = a b, with a in uint8, b in int8 and c in int32."""


class Side(StrEnum):
    """Whether a text is a question or a passage; some models (e5, bge) have a prompt for each."""

    QUESTION = "question"
    PASSAGE = "passage"


class Backend(Protocol):
    """A loaded model. Safe to share between threads."""

    def embed(self, texts: Sequence[str], *, side: Side, batch_size: int) -> Vectors:
        """One row for each of one or more texts, in order. Texts may have any length."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens in each text, not truncated and without special tokens."""


def unit(rows: npt.NDArray[np.float32]) -> Vectors:
    """The rows scaled to unit length, in float32, C-contiguous."""
    vectors = np.array(rows, dtype=np.float32, order="C")
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors /= np.maximum(lengths, _LEAST_LENGTH)
    return vectors


def in_short(error: Exception) -> str:
    """The error on one line, shortened, since some messages print a whole model."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0][:200] if lines else 'no reason given'}"


def count(tokenizer: Tokenizer, texts: Sequence[str]) -> list[int]:
    """The number of tokens in each text; the tokenizer must neither truncate nor pad."""
    encodings = tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
    return [len(encoding) for encoding in encodings]


def uncut(tokenizer: Tokenizer) -> Tokenizer:
    """A copy of the tokenizer that neither truncates nor pads."""
    copy = type(tokenizer).from_str(tokenizer.to_str())
    copy.no_truncation()
    copy.no_padding()
    return copy


def open_session(model: Path, *, threads: int) -> InferenceSession:
    """An onnxruntime session on the CPU, with `threads` threads per run. It logs only fatal errors.

    onnxruntime's errors share no base class, so callers catch `Exception`.
    """
    import onnxruntime  # noqa: PLC0415 - not before it is needed

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    # Waiting threads sleep. On two idle cores, spinning embedded 7 % more passages a second; on two
    # busy cores, as on a laptop, it embedded a third fewer.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    if _cuts_off_products():  # slower instructions, which are exact
        options.add_session_config_entry("session.x64quantprecision", "1")
    # The session reads the file itself, because passing its bytes would double the memory.
    return onnxruntime.InferenceSession(
        str(model),
        options,
        providers=["CPUExecutionProvider"],
        disabled_optimizers=list(SWITCHED_OFF),
    )


@cache
def _cuts_off_products() -> bool:
    """Whether onnxruntime adds products of int8 in 16 bits, as on processors without VNNI.

    Sums of two large products do not fit, and are cut off.
    """
    import onnxruntime  # noqa: PLC0415 - not before it is needed

    session = onnxruntime.InferenceSession(
        base64.b64decode(_PRODUCT), providers=["CPUExecutionProvider"]
    )
    largest = {"a": np.full((8, 64), 255, np.uint8), "b": np.full((64, 16), 127, np.int8)}
    (found,) = session.run(None, largest)
    return bool((found != 64 * 255 * 127).any())


def cores() -> int:
    """The number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return 1 if (cores := os.cpu_count()) is None else cores


class EncoderIdentity(BaseModel):
    """Which model computes the vectors; encoders with the same identity are interchangeable.

    `digest` is that of the model's files, in any precision. `graph` is the SHA-256 of the int8
    graph, since another way to make one would compute other vectors; in float32, it is None.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    digest: str
    precision: str
    graph: str | None = None

    @property
    def model(self) -> str:
        """The model without its precision."""
        return f"{self.name} (digest {self.digest[:12]})"

    def __str__(self) -> str:
        graph = "" if self.graph is None else f", graph {self.graph[:12]}"
        return f"{self.name} ({self.precision}, digest {self.digest[:12]}{graph})"
