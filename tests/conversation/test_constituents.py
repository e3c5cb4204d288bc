"""The noun phrases of a question."""

from __future__ import annotations

import pytest

from pullquote.conversation.parsed_question import ParsedQuestion, constituents, verb_of


@pytest.mark.parametrize(
    ("question", "phrases", "verb"),
    [
        (
            "who won the men's final at the Lask Open in 2005?",
            ["the men's final", "at the Lask Open", "in 2005"],
            "won",
        ),
        ("what did Una Braithe say about aid?", ["Una Braithe", "about aid"], "say"),
        ("what did una braithe say about aid", ["una braithe", "about aid"], "say"),
        ("how much did the repair of the pier cost?", ["the repair", "of the pier"], "cost"),
        ("which film won best picture?", ["film", "best picture"], "won"),
        ("what job did Pascoe's father have", ["job", "Pascoe's father"], None),
        ("how old is the ferry?", ["the ferry"], None),
        ("is it true that Lask want a pier", ["true", "Lask want", "a pier"], None),
    ],
)
def test_noun_phrases(question: str, phrases: list[str], verb: str | None) -> None:
    """Prepositions, determiners and the verb separate the phrases."""
    asked = ParsedQuestion(question)
    assert [one.text for one in constituents(asked)] == phrases
    found = verb_of(asked)
    assert (None if found is None else found.text) == verb


def test_a_noun_phrase_knows_that_it_is_asked_for() -> None:
    """The noun after the question word is marked."""
    film, picture = constituents(ParsedQuestion("which film did win best picture?"))
    assert film.asked_for
    assert not picture.asked_for
