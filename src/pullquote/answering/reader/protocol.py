"""The interface of readers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, runtime_checkable

from pullquote.answering.reader.memory import ReadingMemory
from pullquote.schema import Hit, Question, Span


def best_first(spans: Iterable[Span]) -> list[Span]:
    """Sort spans by log-odds, best first; ties are ordered by article and position."""
    return sorted(
        spans, key=lambda s: (-s.span_logit, s.hit.passage.article, s.hit.passage.start + s.start)
    )


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
