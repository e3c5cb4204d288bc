"""A reader with a memory finds the same words, and reads no passage twice for a question."""

from __future__ import annotations

import json
from dataclasses import replace

from pullquote.answering.reader import ReadingMemory, SpanReader, with_memory
from pullquote.answering.reader.packaged import PackagedNetwork
from pullquote.answering.reader.span_reader import EarlyStopping
from pullquote.schema import Hit, Question
from reader.test_span_reader import PlantedNetwork, hits, reader
from strategies import body, hit

WHO = Question("who?", {})
TEXTS = (
    "The ferry to Kirkwell will leave from the north quay until 3 June.",
    "At least 19 people were killed when the dam burst, the governor Ismenia Tarquel said.",
    "The bakery on the pier was sold to Ida Roe for 2.4 million pounds in March.",
)


def again(memory: ReadingMemory) -> ReadingMemory:
    """The memory as the next run has it."""
    return ReadingMemory(json.loads(json.dumps(memory.used)))


def test_the_spans_are_equal_to_those_that_were_read(network: PackagedNetwork):
    """With the network that ships, every number is the same after it was stored as JSON."""
    read = SpanReader(network, silent_below=0, stopping=EarlyStopping(2, 100))
    question = Question("how many people were killed?", {"kill": 1.0})
    found = [hit(body(text, id=f"{number}.md")) for number, text in enumerate(TEXTS)]
    expected = read.read(question, found)
    memory = ReadingMemory()
    assert with_memory(read, memory).read(question, found) == expected
    later = again(memory)
    assert with_memory(read, later).read(question, found) == expected
    assert (later.read, later.reused) == (0, len(TEXTS))


def test_only_new_passages_are_read():
    """A passage that was read for the question before is not read again."""
    network, memory = PlantedNetwork({"Ida": 4, "Odd": 6}), ReadingMemory()
    with_memory(reader(network), memory).read(WHO, hits("by Ida", "by Odd"))
    network.read.clear()
    spans = with_memory(reader(network), again(memory)).read(WHO, hits("by Ida", "by Odd", "new"))
    assert network.read == ["new"]
    assert [span.text for span in spans[:2]] == ["Odd", "Ida"]


def test_another_question_or_another_context_is_read():
    """Both decide what the network finds."""
    network, memory = PlantedNetwork({"Ida": 4}), ReadingMemory()
    with_memory(reader(network), memory).read(WHO, hits("by Ida"))
    (known,) = hits("by Ida")
    other = replace(known, passage=replace(known.passage, context="Another headline"))
    network.read.clear()
    for question, found in ((Question("by whom?", {}), known), (WHO, other)):
        with_memory(reader(network), again(memory)).read(question, [found])
    assert network.read == ["by Ida", "by Ida"]


def test_what_is_not_used_is_forgotten():
    """The next run stores only the passages that it looked at."""
    network, memory = PlantedNetwork({"Ida": 4}), ReadingMemory()
    with_memory(reader(network), memory).read(WHO, hits("by Ida", "by Odd"))
    later = again(memory)
    with_memory(reader(network), later).read(WHO, hits("by Ida"))
    assert len(memory.used) == 2
    assert len(later.used) == 1


def test_a_reader_that_compares_passages_has_no_memory():
    """It is used as it is."""

    class Comparing:
        identity, silent_below = "comparing", 0.0

        def read(self, question: Question, hits: list[Hit]) -> list[object]:
            return []

    given = Comparing()
    assert with_memory(given, ReadingMemory()) is given
