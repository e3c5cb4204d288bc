"""The span reader, with planted logits: what it reads, when it stops, and its order."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np
import pytest

from pullquote.answering.reader import ReaderInput, SpanReader, Window
from pullquote.answering.reader.span_reader import SPANS_A_PASSAGE, EarlyStopping
from pullquote.schema import Hit, Question
from strategies import body, hit

WHO = Question("who?", {})
EVERYTHING = EarlyStopping(at_once=2, certain=math.inf)


class PlantedNetwork:
    """Every word is a token; a planted word has its log-odds, all others -9. `read` lists texts."""

    identity = "planted@0"

    def __init__(self, planted: dict[str, float]) -> None:
        self._planted = planted
        self.read: list[str] = []
        self.contexts: list[str] = []

    def windows(self, question: str, inputs: Sequence[ReaderInput]) -> list[list[Window]]:
        """One window for each passage; each word's log-odds are split between start and end."""
        self.read += [reading.text for reading in inputs]
        self.contexts += [reading.context for reading in inputs]
        return [self._windows(reading.text) for reading in inputs]

    def _windows(self, text: str) -> list[Window]:
        found = list(re.finditer(r"\w+", text))
        logits = np.array([self._planted.get(w[0], -9) / 2 for w in found], dtype=np.float32)
        places = np.array([w.span() for w in found], dtype=np.int64).reshape(-1, 2)
        return [Window(logits, logits, places, 0.0)] if found else []


def hits(*texts: str) -> list[Hit]:
    return [hit(body(text, id=f"{number}.md")) for number, text in enumerate(texts)]


def reader(network: PlantedNetwork, stopping: EarlyStopping = EVERYTHING) -> SpanReader:
    return SpanReader(network, silent_below=0.5, stopping=stopping)


def test_spans_come_best_first_from_all_that_was_read():
    """Spans are best first in any order of hits and with any size of batch."""
    network = PlantedNetwork({"Ida": 4, "Odd": 6, "Brandt": 2})
    spans = reader(network).read(WHO, hits("by Ida", "by Brandt", "by Odd"))
    assert [(s.text, s.span_logit) for s in spans[:3]] == [("Odd", 6), ("Ida", 4), ("Brandt", 2)]
    assert not any(span.whole_sentence for span in spans)
    assert network.read == ["by Ida", "by Brandt", "by Odd"]


@pytest.mark.parametrize(
    ("certain", "read"),
    [(7.0, ["a Gull", "b Ida", "c Odd"]), (5.0, ["a Gull", "b Ida"]), (math.inf, None)],
)
def test_reading_stops_once_a_span_is_certain(certain, read):
    """It stops after the batch with a span of exactly the log-odds `certain`."""
    network = PlantedNetwork({"Ida": 5, "Odd": 7})
    texts = ["a Gull", "b Ida", "c Odd", "d Vik", "e Roe"]
    stopping = EarlyStopping(at_once=1, certain=certain)
    reader(network, stopping).read(WHO, hits(*texts))
    assert network.read == (texts if read is None else read)


def test_passages_are_read_at_once():
    """The whole batch is read, even if its first passage has the certain span."""
    network = PlantedNetwork({"Ida": 5})
    reader(network, EarlyStopping(at_once=3, certain=4)).read(WHO, hits("Ida", "b", "c", "d"))
    assert network.read == ["Ida", "b", "c"]


def test_passages_with_the_certain_words_are_still_read():
    """Later passages with the same words are read, to be cited too."""
    network = PlantedNetwork({"Ida": 5})
    reader(network, EarlyStopping(at_once=1, certain=4)).read(WHO, hits("Ida", "b", "c Ida", "d"))
    assert network.read == ["Ida", "c Ida"]


def test_equal_spans_stand_in_order_of_their_place():
    """Ties are broken by article and offset, not by the order of the hits."""
    texts = hits("an Ida", "Ida Ida")
    network = PlantedNetwork({"Ida": 4})
    spans = reader(network).read(WHO, texts[::-1])
    places = [(s.hit.passage.article, s.start) for s in spans if s.text == "Ida"]
    assert places == [("0.md", 3), ("1.md", 0), ("1.md", 4)]


def test_a_passage_gives_only_its_best():
    """A passage has at most `SPANS_A_PASSAGE` spans, without overlaps."""
    network = PlantedNetwork(dict.fromkeys("one two three four five".split(), 4.0))
    spans = reader(network).read(WHO, hits("one, two, three, four, five"))
    assert len(spans) == SPANS_A_PASSAGE
    assert all(a.end <= b.start or b.end <= a.start for a in spans for b in spans if a != b)


def test_nothing_to_read_gives_nothing():
    """Without hits, or without tokens, there are no spans."""
    network = PlantedNetwork({})
    assert reader(network).read(WHO, []) == []
    assert reader(network).read(WHO, hits("?!")) == []
    assert network.read == ["?!"]


def test_identity_and_silence_are_the_models():
    """The identity and the threshold are those of the network."""
    one = reader(PlantedNetwork({}))
    assert (one.identity, one.silent_below) == ("planted@0", 0.5)
