"""The second look: which places are read again, and what comes of it."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from pullquote.answering.answers import Ranking, ReplyFeatures, Selection
from pullquote.answering.reader import ReaderInput, ReadingMemory, SpanReader, Window
from pullquote.answering.reader.second_look import PLACES, SecondLook, ThoroughReader, places
from pullquote.answering.reader.span_reader import EarlyStopping
from pullquote.schema import Hit, Question, Span
from pullquote.schema.settings import Settings
from reader.test_span_reader import PlantedNetwork, hits

WHO = Question("who?", {})
TEXT = "The pier burned. Ida Roe saw it. Odd Vik did not. It was rebuilt. Gulls came back."


class SentenceNetwork(PlantedNetwork):
    """A planted network that scores every sentence with 0."""

    def windows(self, question: str, inputs: Sequence[ReaderInput]) -> list[list[Window]]:
        """The same windows, with logits for sentences."""
        read = super().windows(question, inputs)
        return [
            [replace(w, settles=np.zeros(len(w.offsets), dtype=np.float32)) for w in windows]
            for windows in read
        ]


def read_once(network: SentenceNetwork, found: Sequence[Hit]) -> list[Span]:
    """What the first network finds in whole passages."""
    reader = SpanReader(network, silent_below=0, stopping=EarlyStopping(8, math.inf))
    return reader.read(WHO, found)


def test_a_place_is_a_sentence_and_its_neighbours():
    """Places are whole sentences, each read once, and not more than `PLACES`."""
    spans = read_once(SentenceNetwork({"Ida": 5, "Odd": 4, "Gulls": 3}), hits(TEXT))
    words = [span for span in spans if not span.whole_sentence]
    assert [place.alone.passage.text for place in places(words)] == [
        "The pier burned. Ida Roe saw it. Odd Vik did not.",
        "It was rebuilt. Gulls came back.",
    ]
    many = read_once(SentenceNetwork({"Ida": 5}), hits(*[f"{TEXT} {n}" for n in range(9)]))
    assert len(places(many)) == PLACES


def test_a_place_keeps_its_range_in_the_article():
    """The sentences alone are cut from the article at the same characters."""
    (found,) = hits(TEXT)
    (span,) = (s for s in read_once(SentenceNetwork({"Gulls": 5}), [found])[:1])
    alone = places([span])[0].alone.passage
    assert found.article.text[alone.start : alone.end] == alone.text


def test_both_networks_choose_the_words():
    """The words with the highest sum are found, with the log-odds of each network."""
    first, second = SentenceNetwork({"Ida": 4, "Odd": 3}), SentenceNetwork({"Ida": 1, "Odd": 6})
    spans = read_once(first, hits(TEXT))
    again = SecondLook(first, second).spans(WHO, spans, spans[:1])
    best = max((s for s in again if s.second_logit is not None), key=lambda s: s.second_logit or 0)
    assert (best.text, best.span_logit, best.second_logit) == ("Odd", 3, 6)
    assert best.hit.passage.text == TEXT


def test_other_places_keep_what_was_found():
    """Spans beyond the places have no second log-odds and are the same as before."""
    first = SentenceNetwork({"Ida": 4, "Gulls": 3})
    spans = read_once(first, hits(TEXT))
    again = SecondLook(first, SentenceNetwork({})).spans(WHO, spans, spans[:1])
    assert [s for s in spans if s.text == "Gulls"] == [s for s in again if s.text == "Gulls"]


def test_a_span_in_another_language_is_not_read_again():
    """The sentence reader's spans have no place."""
    (found,) = hits(TEXT)
    span = Span(found, 0, 16, 2.0, whole_sentence=True)
    second = SentenceNetwork({})
    assert SecondLook(second, second).spans(WHO, [span], [span]) == [span]
    assert second.read == []


def test_a_memory_has_both_looks():
    """No passage and no place is read twice, and every number is the same after JSON."""
    first, second = SentenceNetwork({"Ida": 4}), SentenceNetwork({"Odd": 5})
    reader = SpanReader(first, silent_below=0, stopping=EarlyStopping(8, math.inf))
    thorough = ThoroughReader(reader, SecondLook(first, second), silent_below=0)
    memory, (found,) = ReadingMemory(), hits("Ida Roe saw it.")
    asked = thorough.remembering(memory)
    spans = asked.read(WHO, [found])
    expected = asked.read_again(WHO, spans, spans)
    first.read.clear()
    second.read.clear()
    later = thorough.remembering(ReadingMemory(json.loads(json.dumps(memory.used))))
    assert later.read_again(WHO, later.read(WHO, [found]), spans) == expected
    assert (first.read, second.read) == ([], [])


def test_what_was_not_read_again_means_the_same_by_the_other_ranking():
    """Its confidence is the same, and so is whether the articles may answer at all."""
    once, again = Ranking.packaged(), Ranking.packaged(again=True)
    (span,) = read_once(SentenceNetwork({"Ida": 4}), hits("Ida"))[:1]
    for logit in (-3.0, 0.0, 3.0):
        ranked = [replace(once.order(WHO, [span])[0], logit=logit)]
        selected = Selection(ranked, ReplyFeatures.of(WHO, [], [span], ranked), logit)
        moved = selected.in_terms_of(again, once)
        assert again.confidence(moved.ranked[0]) == pytest.approx(once.confidence(ranked[0]))
        assert again.may_answer(moved.answerable) == once.may_answer(selected.answerable)


def test_the_former_name_of_the_reader_is_understood():
    """Settings of version 0.2 may say "packaged"; a warning says what to write now."""
    with pytest.warns(FutureWarning, match='"packaged" is now "thorough"'):
        assert Settings(reader="packaged").reader == "thorough"
