"""The span reader: finds exact words and sentences that answer; reads the best passages first."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from pullquote.answering.reader.memory import ReadingMemory
from pullquote.answering.reader.protocol import Network, ReaderInput, Window, best_first
from pullquote.answering.reader.spans import valid_spans
from pullquote.base.cancellation import check_cancelled
from pullquote.english.sentences import sentence_spans
from pullquote.schema import Hit, Question, QuestionKind, Span


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """Characters `start` to `end` of a passage, and the log-odds that they settle the question."""

    start: int
    end: int
    logit: float


def scored_sentences(text: str, windows: Sequence[Window]) -> list[ScoredSentence]:
    """The sentences of an English passage, in order; none if the network has no sentence head.

    The log-odds of a sentence are the mean over its tokens, in the window where they are highest.
    """
    scored = []
    for start, end in sentence_spans(text):
        logits = [logit for w in windows if (logit := _mean(w, start, end)) is not None]
        if logits:
            scored.append(ScoredSentence(start, end, max(logits)))
    return scored


def sentence_logit(sentences: Sequence[ScoredSentence], start: int, end: int) -> float | None:
    """The highest log-odds of the sentences that a range touches, or None if there are none."""
    touched = (one.logit for one in sentences if one.start < end and start < one.end)
    return max(touched, default=None)


def _mean(window: Window, start: int, end: int) -> float | None:
    """The mean over the tokens of a range; None if the window has none of them."""
    if window.settles is None:
        return None
    first, after = np.searchsorted(window.offsets[:, 0], (start, end))
    return float(window.settles[first:after].mean()) if after > first else None


SPANS_A_PASSAGE = 3
SENTENCES_A_PASSAGE = 3

ONE_ANSWER = frozenset(QuestionKind) - {
    QuestionKind.KEYWORDS,
    QuestionKind.LIST,
    QuestionKind.COMPARISON,
    QuestionKind.CHANGE,
}
"""The kinds of questions that have one answer, so that reading can stop early."""


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
    """Finds the spans of each passage, and its sentences if the network scores them."""

    def __init__(
        self,
        network: Network,
        *,
        silent_below: float,
        stopping: EarlyStopping,
        memory: ReadingMemory | None = None,
    ) -> None:
        self._network = network
        self._silent_below = silent_below
        self._stopping = stopping
        self._memory = memory

    def remembering(self, memory: ReadingMemory) -> SpanReader:
        """The same reader, which reads no passage that the memory has for the question."""
        return SpanReader(
            self._network,
            silent_below=self._silent_below,
            stopping=self._stopping,
            memory=memory,
        )

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

        A passage has at most `SPANS_A_PASSAGE` spans of exact words, which do not overlap, and at
        most `SENTENCES_A_PASSAGE` whole sentences.
        """
        spans: list[Span] = []
        left = list(hits)
        while left:
            check_cancelled()
            now, left = left[: self._stopping.at_once], left[self._stopping.at_once :]
            spans += self._read(question, now)
            words = (span for span in spans if not span.whole_sentence)
            best = max(words, key=lambda span: span.span_logit, default=None)
            if best is not None and best.span_logit >= self._certain(question):
                left = [hit for hit in left if best.text in hit.passage.text]
        return best_first(spans)

    def _certain(self, question: Question) -> float:
        return self._stopping.certain if question.kind in ONE_ANSWER else math.inf

    def _read(self, question: Question, hits: Sequence[Hit]) -> list[Span]:
        if self._memory is None:
            found = self._read_passages(question, hits)
        else:
            read = partial(self._read_passages, question)
            found = self._memory.spans(question.text, hits, read)
        return [span for spans in found for span in spans]

    def _read_passages(self, question: Question, hits: Sequence[Hit]) -> list[list[Span]]:
        """The spans of each passage. Those of one do not depend on the others."""
        inputs = [ReaderInput(hit.passage.context, hit.passage.text) for hit in hits]
        read = self._network.windows(question.text, inputs)
        return [list(_spans(hit, windows)) for hit, windows in zip(hits, read, strict=True)]


def _spans(hit: Hit, windows: Sequence[Window]) -> Iterator[Span]:
    """The best exact words of a hit, then its best sentences."""
    text = hit.passage.text
    sentences = scored_sentences(text, windows)
    for found in valid_spans(text, windows, keep=SPANS_A_PASSAGE):
        around = sentence_logit(sentences, found.start, found.end)
        yield Span(hit, found.start, found.end, found.span_logit, sentence_logit=around)
    best = sorted(sentences, key=lambda sentence: -sentence.logit)
    for one in best[:SENTENCES_A_PASSAGE]:
        yield Span(
            hit, one.start, one.end, one.logit, whole_sentence=True, sentence_logit=one.logit
        )
