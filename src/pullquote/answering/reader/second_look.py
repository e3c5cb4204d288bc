"""Reads the few best places again, with a second and larger network beside the first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pullquote.answering.reader.protocol import Network, ReaderInput, Window, best_first
from pullquote.answering.reader.span_reader import scored_sentences, sentence_logit
from pullquote.answering.reader.spans import valid_spans
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
    """A range of whole sentences of a hit's passage."""

    hit: Hit
    start: int
    end: int

    @property
    def text(self) -> str:
        """The sentences as they stand in the passage."""
        return self.hit.passage.text[self.start : self.end]

    def covers(self, span: Span) -> bool:
        """Whether the words of a span touch this place."""
        same = span.hit.passage.id == self.hit.passage.id
        return same and span.start < self.end and self.start < span.end


def places(spans: Iterable[Span], *, most: int = PLACES) -> list[Place]:
    """The first places around these spans, each once; spans of other languages have none."""
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

    def __init__(self, first: Network, second: Network) -> None:
        self._first, self._second = first, second

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
        again = places(best, most=most)
        inputs = [ReaderInput(place.hit.passage.context, place.text) for place in again]
        first = self._first.windows(question.text, inputs)
        second = self._second.windows(question.text, inputs)
        kept = [span for span in spans if not any(place.covers(span) for place in again)]
        for place, one, other in zip(again, first, second, strict=True):
            kept += _spans(place, one, other)
        return best_first(kept)


def _spans(place: Place, first: Sequence[Window], second: Sequence[Window]) -> Iterator[Span]:
    """The best exact words of a place, then its best sentences, by the sum of both log-odds."""
    text, both = place.text, [_sum(*pair) for pair in zip(first, second, strict=True)]
    by_first, by_second = (scored_sentences(text, windows) for windows in (first, second))
    for found in valid_spans(text, both, keep=SPANS_A_PLACE):
        logit = max(_logit(window, found.start, found.end) for window in second)
        yield _moved(
            place,
            Span(
                place.hit,
                found.start,
                found.end,
                found.span_logit - logit,
                sentence_logit=sentence_logit(by_first, found.start, found.end),
                second_logit=logit,
                second_sentence_logit=sentence_logit(by_second, found.start, found.end),
            ),
        )
    pairs = zip(by_first, by_second, strict=True)
    for one, other in sorted(pairs, key=lambda pair: -(pair[0].logit + pair[1].logit))[
        :SENTENCES_A_PLACE
    ]:
        yield _moved(
            place,
            Span(
                place.hit,
                one.start,
                one.end,
                one.logit,
                whole_sentence=True,
                sentence_logit=one.logit,
                second_logit=other.logit,
                second_sentence_logit=other.logit,
            ),
        )


def _moved(place: Place, span: Span) -> Span:
    """A span of the place as a span of the passage."""
    return replace(span, start=place.start + span.start, end=place.start + span.end)


def _sum(one: Window, other: Window) -> Window:
    return Window(one.starts + other.starts, one.ends + other.ends, one.offsets, one.none + other.none)


def _logit(window: Window, start: int, end: int) -> float:
    """The log-odds of exact words, which begin and end in some token of the window."""
    if not len(window.offsets):
        return -np.inf
    first = int(np.searchsorted(window.offsets[:, 1], start, side="right"))
    last = int(np.searchsorted(window.offsets[:, 0], end, side="left")) - 1
    if first >= len(window.offsets) or last < first:
        return -np.inf
    return float(window.starts[first] + window.ends[last]) - window.none
