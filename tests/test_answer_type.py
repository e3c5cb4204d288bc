"""The answer type of a question, and words that contain such an answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.english.questions.answer_type import (
    AnswerType,
    contains_type,
    expected_type,
    type_match,
)
from strategies import hostile_texts


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who agreed to the Interpol centre?", AnswerType.PERSON),
        ("whose boat was it", AnswerType.PERSON),
        ("Which minister resigned?", AnswerType.PERSON),
        ("When does the ferry sail?", AnswerType.TIME),
        ("What year was the pier built?", AnswerType.TIME),
        ("Where was the engine found?", AnswerType.PLACE),
        ("Which town has no harbour?", AnswerType.PLACE),
        ("How much did the terminal cost?", AnswerType.MONEY),
        ("What was the fine?", AnswerType.MONEY),
        ("How many piles were drawn?", AnswerType.NUMBER),
        ("How old is the slipway?", AnswerType.NUMBER),
        ("What did Capricornball say?", AnswerType.SPEECH),
        ("What does the mayor think of it?", AnswerType.SPEECH),
        ("Why is the berth late?", AnswerType.REASON),
        ("What caused the flood?", AnswerType.REASON),
        ("What is a glass eel?", AnswerType.ANYTHING),
        ("the Interpol centre", AnswerType.ANYTHING),
        ("", AnswerType.ANYTHING),
    ],
)
def test_the_question_word_says_what_is_asked_for(question: str, kind: AnswerType) -> None:
    """The first pattern that matches decides; without one, anything may answer."""
    assert expected_type(question) is kind
    assert expected_type(question.upper()) is kind


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (AnswerType.PERSON, "It was Ida Brandt."),
        (AnswerType.PERSON, "a spokeswoman for the port"),
        (AnswerType.TIME, "on 12 April"),
        (AnswerType.TIME, "in 1961"),
        (AnswerType.TIME, "at 9:30"),
        (AnswerType.TIME, "last week"),
        (AnswerType.PLACE, "in the Marl Bay"),
        (AnswerType.MONEY, "£1,450 a week"),
        (AnswerType.MONEY, "two or 3 million euros"),
        (AnswerType.NUMBER, "nineteen or twenty"),
        (AnswerType.NUMBER, "64 piles"),
        (AnswerType.SPEECH, "“We saw everything.”"),
        (AnswerType.SPEECH, "He denied it."),
        (AnswerType.REASON, "because of the wind"),
        (AnswerType.ANYTHING, ""),
    ],
)
def test_words_that_hold_a_thing_of_the_kind(kind: AnswerType, words: str) -> None:
    """Words that could answer a question of the type are recognised."""
    assert contains_type(kind, words)


@pytest.mark.parametrize("kind", [kind for kind in AnswerType if kind is not AnswerType.ANYTHING])
def test_words_that_hold_nothing(kind: AnswerType) -> None:
    """A sentence of small words answers none of these questions."""
    assert not contains_type(kind, "it is low and wet")


@given(text=hostile_texts(), kind=st.sampled_from(AnswerType))
def test_any_text_is_judged(text: str, kind: AnswerType) -> None:
    """No text raises, and every text contains `ANYTHING`."""
    assert expected_type(text) in AnswerType
    assert contains_type(kind, text) in (True, False)
    assert contains_type(AnswerType.ANYTHING, text)


def test_fit_by_hand() -> None:
    """A match is 1, a mismatch -1, and `ANYTHING` 0."""
    assert type_match(AnswerType.NUMBER, "64 piles") == 1.0
    assert type_match(AnswerType.NUMBER, "the piles") == -1.0
    assert type_match(AnswerType.ANYTHING, "64 piles") == 0.0
