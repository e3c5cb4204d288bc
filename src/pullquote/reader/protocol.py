"""The interface of readers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from pullquote.schema import Hit, Question, Span


def best_first(spans: Iterable[Span]) -> list[Span]:
    """The spans by their log-odds; ties in order of article and position."""
    return sorted(
        spans, key=lambda s: (-s.span_logit, s.hit.passage.article, s.hit.passage.start + s.start)
    )


class Reader(Protocol):
    """Finds the words that answer in the passages it is given."""

    @property
    def identity(self) -> str:
        """The name of the reader and a digest of its model."""

    @property
    def silent_below(self) -> float:
        """The log-odds under which a passage, read alone, does not answer."""

    def read(self, question: Question, hits: Sequence[Hit]) -> list[Span]:
        """The spans that answer, best first; ties in order of article and position."""
