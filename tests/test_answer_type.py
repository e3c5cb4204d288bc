"""What a question asks for, and what holds such a thing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.answer_type import Expected, expected, fit, holds
from strategies import hostile_texts


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who agreed to the Interpol centre?", Expected.PERSON),
        ("whose boat was it", Expected.PERSON),
        ("Which minister resigned?", Expected.PERSON),
        ("When does the ferry sail?", Expected.TIME),
        ("What year was the pier built?", Expected.TIME),
        ("Where was the engine found?", Expected.PLACE),
        ("Which town has no harbour?", Expected.PLACE),
        ("How much did the terminal cost?", Expected.MONEY),
        ("What was the fine?", Expected.MONEY),
        ("How many piles were drawn?", Expected.NUMBER),
        ("How old is the slipway?", Expected.NUMBER),
        ("What did Capricornball say?", Expected.SPEECH),
        ("What does the mayor think of it?", Expected.SPEECH),
        ("Why is the berth late?", Expected.REASON),
        ("What caused the flood?", Expected.REASON),
        ("What is a glass eel?", Expected.ANYTHING),
        ("the Interpol centre", Expected.ANYTHING),
        ("", Expected.ANYTHING),
    ],
)
def test_the_question_word_says_what_is_asked_for(question: str, kind: Expected) -> None:
    """The first sign that fits decides; without one anything may answer."""
    assert expected(question) is kind
    assert expected(question.upper()) is kind


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Expected.PERSON, "It was Ida Brandt."),
        (Expected.PERSON, "a spokeswoman for the port"),
        (Expected.TIME, "on 12 April"),
        (Expected.TIME, "in 1961"),
        (Expected.TIME, "at 9:30"),
        (Expected.TIME, "last week"),
        (Expected.PLACE, "in the Marl Bay"),
        (Expected.MONEY, "£1,450 a week"),
        (Expected.MONEY, "two or 3 million euros"),
        (Expected.NUMBER, "nineteen or twenty"),
        (Expected.NUMBER, "64 piles"),
        (Expected.SPEECH, "“We saw everything.”"),
        (Expected.SPEECH, "He denied it."),
        (Expected.REASON, "because of the wind"),
        (Expected.ANYTHING, ""),
    ],
)
def test_words_that_hold_a_thing_of_the_kind(kind: Expected, words: str) -> None:
    """What could answer such a question is recognised."""
    assert holds(kind, words)


@pytest.mark.parametrize("kind", [kind for kind in Expected if kind is not Expected.ANYTHING])
def test_words_that_hold_nothing(kind: Expected) -> None:
    """A sentence of small words answers none of these questions."""
    assert not holds(kind, "it is low and wet")


@given(text=hostile_texts(), kind=st.sampled_from(Expected))
def test_any_text_is_judged(text: str, kind: Expected) -> None:
    """No question and no words raise, and anything holds anything."""
    assert expected(text) in Expected
    assert holds(kind, text) in (True, False)
    assert holds(Expected.ANYTHING, text)


def test_fit_by_hand() -> None:
    """For, against, and nothing to say."""
    assert fit(Expected.NUMBER, "64 piles") == 1.0
    assert fit(Expected.NUMBER, "the piles") == -1.0
    assert fit(Expected.ANYTHING, "64 piles") == 0.0
