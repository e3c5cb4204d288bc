"""The interfaces of readers, and of the networks that score where an answer starts and ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from pullquote.answering.reader.memory import ReadingMemory
from pullquote.schema import Hit, Question, Span


def best_first(spans: Iterable[Span]) -> list[Span]:
    """Sort spans by log-odds, best first; ties are ordered by article and position.

    Spans that two networks read come before the others.
    """
    return sorted(spans, key=_place_in_order)


def _place_in_order(span: Span) -> tuple[bool, float, str, int]:
    passage = span.hit.passage
    return span.second_logit is None, -span.logit, passage.article, passage.start + span.start


class Reader(Protocol):
    """Finds the words that answer a question in given passages."""

    @property
    def identity(self) -> str:
        """The name of the reader and a digest of its model."""

    @property
    def silent_below(self) -> float:
        """A span with log-odds below this does not answer, if only its passage is considered."""

    def read(self, question: Question, hits: Sequence[Hit]) -> list[Span]:
        """The spans that answer, best first; ties are ordered by article and position."""


@runtime_checkable
class RemembersPassages(Protocol):
    """A reader that reads each passage by itself, and so need not read it again."""

    def remembering(self, memory: ReadingMemory) -> Reader:
        """The same reader, which reads no passage that the memory has for the question."""


def with_memory(reader: Reader, memory: ReadingMemory) -> Reader:
    """The reader with a memory, or unchanged if it reads passages together and not one by one."""
    return reader.remembering(memory) if isinstance(reader, RemembersPassages) else reader


@runtime_checkable
class ReadsAgain(Protocol):
    """A reader that can read the places of the best candidates again, more thoroughly."""

    @property
    def fast(self) -> Reader:
        """The reader that reads first."""

    def read_again(
        self, question: Question, spans: Sequence[Span], best: Iterable[Span]
    ) -> list[Span]:
        """The spans, best first, after the places around the `best` were read again."""


@dataclass(frozen=True, slots=True)
class Window:
    """The logits over one window of a passage; higher is more likely.

    `starts` and `ends` are float32 (n,), one number for each token. `offsets` is int64 (n, 2), the
    half-open range of each token in the passage's characters. `none` is the logit for "no answer
    in this passage", the sum of a start and an end logit. `settles`, float32 (n,), has a logit for
    each token: whether it is part of a sentence that settles the question. It is None if the
    network does not score sentences.
    """

    starts: NDArray[np.float32]
    ends: NDArray[np.float32]
    offsets: NDArray[np.int64]
    none: float
    settles: NDArray[np.float32] | None = None


@dataclass(frozen=True, slots=True)
class ReaderInput:
    """A passage to read, and the context that is put before it."""

    context: str
    text: str


class Network(Protocol):
    """A model that finds the answer to a question in passages. Safe to share between threads."""

    @property
    def identity(self) -> str:
        """The name of the model and a digest of its weights, or its revision."""

    def windows(self, question: str, inputs: Sequence[ReaderInput]) -> list[list[Window]]:
        """The windows of each passage, in order. The windows of a long passage overlap."""
