"""Chatty messages become plain questions, and plain questions stay as they are."""

from __future__ import annotations

import pytest

from pullquote.english.questions.chat import strip_chat


@pytest.mark.parametrize(
    ("message", "question"),
    [
        ("hi there! who won the prize?", "who won the prize?"),
        ("Good evening. Who won the prize, please?", "Who won the prize?"),
        ("sorry to bother you but which bank did it buy thanks", "which bank did it buy"),
        ("hey, quick one - what did the ferry cost?", "what did the ferry cost?"),
        ("hey how many people work at Yahoo?", "how many people work at Yahoo?"),
        ("hello can you tell me what the ferry cost?", "what the ferry cost?"),
        ("thanks for your help earlier :) one more, who built it?", "who built it?"),
        ("please can you tell me how old she is", "how old she is"),
        ("do you know if the pier is open?", "the pier is open?"),
        ("hi, i was wondering if you know what it costs?", "what it costs?"),
        ("OK, moving on to Yukos. Who bought its main unit?", "Yukos. Who bought its main unit?"),
        ("changing the subject: what did the ferry cost?", "what did the ferry cost?"),
        ("let's talk about the pier. is it open?", "the pier. is it open?"),
        ("When did Ida resign? Many thanks in advance.", "When did Ida resign?"),
    ],
)
def test_greetings_and_politeness_are_dropped(message: str, question: str) -> None:
    """What stands before and after the question is dropped, and its question mark stays."""
    assert strip_chat(message) == question


@pytest.mark.parametrize(
    ("message", "question"),
    [
        (
            "My dad worked at Rover in Longbridge. Has it been sold? Can you help?",
            "Has it been sold? (Rover Longbridge)",
        ),
        (
            "I'm writing a piece on Enron's board, and one thing is missing: who is paying?",
            "who is paying? (Enron)",
        ),
        (
            "My son loves the new Star Wars film, and I'd like to know what rating it gets.",
            "what rating it gets? (Star Wars)",
        ),
        (
            "we were talking of a lighthouse. who built it?",
            "who built it? (talking lighthouse)",
        ),
    ],
)
def test_the_question_of_a_story_is_found(message: str, question: str) -> None:
    """Names of the story stay in brackets; other words only if the question needs them."""
    assert strip_chat(message) == question


@pytest.mark.parametrize(
    "question",
    [
        "Who won the Turner Prize?",
        "Now that Greg Dyke has left the BBC, who is running it?",
        "The tide rose on Sunday. Who saw it?",
        "What company is trying to help?",
        "One more goal would have done what for Chelsea?",
        'What does "hi there" mean?',
        "How is time taken expressed as a function of x?",
        "Can dogs swim?",
        "pier opening date",
        "We saw the pier. My dad liked it.",
        "Hola, ¿quién ganó el premio?",
        "hi",
        "thanks!",
        "",
    ],
)
def test_a_plain_question_stays_as_it_is(question: str) -> None:
    """Nothing is dropped from a question without chat, nor from a message without a question."""
    assert strip_chat(question) == question


@pytest.mark.parametrize(
    "question",
    [
        "Who was Bush's running mate?",
        "Where did the pilgrims give thanks?",
        "How many people said thank you?",
        "Who plays the lead in Cheers?",
        "Hey Jude was written by whom?",
        "Going to war cost how much?",
        "Turning to stone is the fate of whom?",
        "Hello Kitty is owned by whom?",
    ],
)
def test_words_of_the_question_are_not_taken_for_chat(question: str) -> None:
    """A name or an object that could be a greeting stays."""
    assert strip_chat(question) == question
