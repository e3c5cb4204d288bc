"""The span reader: finds the exact words that answer, reading the best passages first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pullquote.cancellation import check_cancelled
from pullquote.reader.network import Network, ReaderInput
from pullquote.reader.protocol import best_first
from pullquote.reader.spans import valid_spans
from pullquote.schema import Hit, Question, Span

SPANS_A_PASSAGE = 3


@dataclass(frozen=True, slots=True)
class EarlyStopping:
    """When a reader stops: it reads `at_once` passages at a time until a span is `certain`.

    `certain` is in log-odds. The best passages come first, so a span that is certain enough is
    taken as the answer; training/ranking.py prints how often that was wrong. Of the remaining
    passages, only those that contain the same words are read, so that they can be cited too.
    """

    at_once: int
    certain: float


class SpanReader:
    """Finds the spans of each passage with a network."""

    def __init__(self, network: Network, *, silent_below: float, stopping: EarlyStopping) -> None:
        self._network = network
        self._silent_below = silent_below
        self._stopping = stopping

    @property
    def identity(self) -> str:
        """The network's name and digest."""
        return self._network.identity

    @property
    def silent_below(self) -> float:
        """A span with log-odds below this does not answer, if only its passage is considered."""
        return self._silent_below

    def read(self, question: Question, hits: Sequence[Hit]) -> list[Span]:
        """The spans that answer, best first; ties are ordered by article and position.

        There are at most `SPANS_A_PASSAGE` spans in a passage, and they do not overlap.
        """
        spans: list[Span] = []
        left = list(hits)
        while left:
            check_cancelled()
            now, left = left[: self._stopping.at_once], left[self._stopping.at_once :]
            spans += self._read(question, now)
            best = max(spans, key=lambda span: span.span_logit, default=None)
            if best is not None and best.span_logit >= self._stopping.certain:
                left = [hit for hit in left if best.text in hit.passage.text]
        return best_first(spans)

    def _read(self, question: Question, hits: Sequence[Hit]) -> list[Span]:
        inputs = [ReaderInput(hit.passage.context, hit.passage.text) for hit in hits]
        read = self._network.windows(question.text, inputs)
        return [
            Span(hit, found.start, found.end, found.span_logit)
            for hit, windows in zip(hits, read, strict=True)
            for found in valid_spans(hit.passage.text, windows, keep=SPANS_A_PASSAGE)
        ]
