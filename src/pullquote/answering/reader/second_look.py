"""Reads the few best places again, with a second and larger network beside the first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from pullquote.answering.reader.memory import ReadingMemory
from pullquote.answering.reader.protocol import (
    Network,
    Reader,
    ReaderInput,
    Window,
    best_first,
    with_memory,
)
from pullquote.answering.reader.span_reader import scored_sentences, sentence_logit
from pullquote.answering.reader.spans import valid_spans
from pullquote.base.cancellation import check_cancelled
from pullquote.english.sentences import sentence_spans
from pullquote.schema import Hit, Question, Span

PLACES = 4
"""How many places are read again."""

BESIDE = 1
"""How many sentences before and after the best one belong to a place."""

SPANS_A_PLACE = 2
SENTENCES_A_PLACE = 2


@dataclass(frozen=True, slots=True)
class Place:
    """Some neighbouring sentences of a hit's passage: characters `start` to `end`."""

    hit: Hit
    start: int
    end: int

    @property
    def alone(self) -> Hit:
        """The hit, as if these sentences were its whole passage."""
        whole = self.hit.passage
        passage = replace(
            whole,
            start=whole.start + self.start,
            end=whole.start + self.end,
            text=whole.text[self.start : self.end],
        )
        return replace(self.hit, passage=passage)

    def covers(self, span: Span) -> bool:
        """Whether the words of a span touch this place."""
        same = span.hit.passage.id == self.hit.passage.id
        return same and span.start < self.end and self.start < span.end

    def in_passage(self, span: Span) -> Span:
        """A span of these sentences, as one of the whole passage."""
        return replace(span, hit=self.hit, start=self.start + span.start, end=self.start + span.end)


def places(spans: Iterable[Span], *, most: int = PLACES) -> list[Place]:
    """The first places around these spans, each once.

    A span whose sentence no network scored has none: it is in another language.
    """
    found: list[Place] = []
    for span in spans:
        if span.sentence_logit is None or any(place.covers(span) for place in found):
            continue
        found.append(_place(span))
        if len(found) == most:
            break
    return found


def _place(span: Span) -> Place:
    sentences = sentence_spans(span.hit.passage.text)
    touched = [i for i, (a, b) in enumerate(sentences) if a < span.end and span.start < b]
    if not touched:
        return Place(span.hit, 0, len(span.hit.passage.text))
    first = sentences[max(0, touched[0] - BESIDE)]
    last = sentences[min(len(sentences) - 1, touched[-1] + BESIDE)]
    return Place(span.hit, first[0], last[1])


class SecondLook:
    """Scores the best places with two networks that share a tokenizer."""

    def __init__(
        self, first: Network, second: Network, *, memory: ReadingMemory | None = None
    ) -> None:
        self._first, self._second, self._memory = first, second, memory

    def remembering(self, memory: ReadingMemory) -> SecondLook:
        """The same, but no place that the memory has for the question is read."""
        return SecondLook(self._first, self._second, memory=memory)

    @property
    def identity(self) -> str:
        """The second network's name and digest."""
        return self._second.identity

    def spans(
        self, question: Question, spans: Sequence[Span], best: Iterable[Span], *, most: int = PLACES
    ) -> list[Span]:
        """The spans, where those around the `best` are replaced by what both networks find there.

        A replaced span has the log-odds of the first network, and those of the second.
        """
        check_cancelled()
        again = places(best, most=most)
        hits = [place.alone for place in again]
        if self._memory is None:
            found = self._read(question, hits)
        else:
            read = partial(self._read, question)
            found = self._memory.spans(question.text, hits, read, again=True)
        others = [span for span in spans if not any(place.covers(span) for place in again)]
        for place, inside in zip(again, found, strict=True):
            others += map(place.in_passage, inside)
        return best_first(others)

    def _read(self, question: Question, hits: Sequence[Hit]) -> list[list[Span]]:
        inputs = [ReaderInput(hit.passage.context, hit.passage.text) for hit in hits]
        first = self._first.windows(question.text, inputs)
        second = self._second.windows(question.text, inputs)
        return [list(_spans(*one)) for one in zip(hits, first, second, strict=True)]


def _spans(hit: Hit, first: Sequence[Window], second: Sequence[Window]) -> Iterator[Span]:
    """The best exact words, then the best sentences, by the sum of both networks' log-odds."""
    text, both = hit.passage.text, [_sum(*pair) for pair in zip(first, second, strict=True)]
    by_first, by_second = (scored_sentences(text, windows) for windows in (first, second))
    for found in valid_spans(text, both, keep=SPANS_A_PLACE):
        logit = max(_logit(window, found.start, found.end) for window in second)
        yield Span(
            hit,
            found.start,
            found.end,
            found.span_logit - logit,
            sentence_logit=sentence_logit(by_first, found.start, found.end),
            second_logit=logit,
            second_sentence_logit=sentence_logit(by_second, found.start, found.end),
        )
    pairs = zip(by_first, by_second, strict=True)
    best = sorted(pairs, key=lambda pair: -(pair[0].logit + pair[1].logit))
    for one, other in best[:SENTENCES_A_PLACE]:
        yield Span(
            hit,
            one.start,
            one.end,
            one.logit,
            whole_sentence=True,
            sentence_logit=one.logit,
            second_logit=other.logit,
            second_sentence_logit=other.logit,
        )


def _sum(one: Window, other: Window) -> Window:
    """A window with the sums of both networks' logits."""
    starts, ends = one.starts + other.starts, one.ends + other.ends
    return Window(starts, ends, one.offsets, one.none + other.none)


def _logit(window: Window, start: int, end: int) -> float:
    """The log-odds of exact words; minus infinity if the window does not have them."""
    first = int(np.searchsorted(window.offsets[:, 1], start, side="right"))
    last = int(np.searchsorted(window.offsets[:, 0], end, side="left")) - 1
    if not 0 <= first <= last < len(window.offsets):
        return -np.inf
    return float(window.starts[first] + window.ends[last]) - window.none


class ThoroughReader:
    """Reads like a fast reader, and reads the best places again when they are known."""

    def __init__(self, fast: Reader, look: SecondLook, *, silent_below: float) -> None:
        self._fast, self._look, self._silent_below = fast, look, silent_below

    @property
    def fast(self) -> Reader:
        """The reader that reads first."""
        return self._fast

    def remembering(self, memory: ReadingMemory) -> ThoroughReader:
        """The same reader, whose networks read nothing that the memory has for the question."""
        fast, look = with_memory(self._fast, memory), self._look.remembering(memory)
        return ThoroughReader(fast, look, silent_below=self._silent_below)

    @property
    def identity(self) -> str:
        """The identity of the second network, then that of the fast reader."""
        return f"{self._look.identity} after {self._fast.identity}"

    @property
    def silent_below(self) -> float:
        """A span does not answer if the sum of both log-odds is below this."""
        return self._silent_below

    def read(self, question: Question, hits: Sequence[Hit]) -> list[Span]:
        """The spans that the fast reader finds, best first."""
        return self._fast.read(question, hits)

    def read_again(
        self, question: Question, spans: Sequence[Span], best: Iterable[Span]
    ) -> list[Span]:
        """The spans, best first, after the places around the `best` were read again."""
        return self._look.spans(question, spans, best)
