"""What a network says about a passage: where an answer may start and end, or that none does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Window:
    """The logits over one stretch of a passage; higher is likelier.

    `starts` and `ends` are float32 (n,), one for each token; `offsets` is int64 (n, 2), the
    half-open characters of the passage where each token stands. `none` is the logit, start and end
    together, of the passage not answering.
    """

    starts: NDArray[np.float32]
    ends: NDArray[np.float32]
    offsets: NDArray[np.int64]
    none: float


@dataclass(frozen=True, slots=True)
class ReaderInput:
    """A passage to read, under what stands above it."""

    context: str
    text: str


class Network(Protocol):
    """A model that reads passages with a question in mind."""

    @property
    def identity(self) -> str:
        """The name of the model and a digest of its weights, or its revision."""

    def windows(self, question: str, inputs: Sequence[ReaderInput]) -> list[list[Window]]:
        """For each passage its windows in order, which overlap where it is longer than one."""
