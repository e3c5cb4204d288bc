"""Follow-up questions are completed; all others are unchanged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.conversation import Completed, Filled, complete_question
from pullquote.conversation.followup import LONGEST
from strategies import hostile_texts
from talk import turn

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "data" / "followups.jsonl")
    .read_text("utf-8")
    .splitlines()
]
"""Conversations over the sample corpus, each with the expected search text of its last question."""

INTERPOL = turn(
    "who agreed to the Interpol centre?",
    "Surachate Hakparn",
    article="strait-dispatch/2023-06-01-interpol-hub-thailand.md",
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["question"])
def test_follow_ups_over_the_sample_corpus(case: dict) -> None:
    """Each question of the data set is completed, or unchanged, as expected."""
    turns = [turn(t["question"], t["answer"]) for t in case["turns"]]
    assert complete_question(case["question"], turns).text == case["searched"]


def test_filled_words_are_reported_with_their_turns() -> None:
    """Filled words give their range, their turn and the words that they replace."""
    done = complete_question("when did he say that?", [INTERPOL])
    assert done == Completed(
        "when did Surachate Hakparn say that (agreed to the Interpol centre)",
        (
            Filled(start=9, end=26, turn=0, source="answer", instead_of="he"),
            Filled(start=37, end=66, turn=0, source="question"),
        ),
        ("strait-dispatch/2023-06-01-interpol-hub-thailand.md",),
    )


def test_the_first_question_is_left_alone() -> None:
    """The first question has no earlier turn to complete it."""
    assert complete_question("why did he say that?", []) == Completed("why did he say that?")


def test_a_question_of_its_own_prefers_no_article() -> None:
    """A complete question prefers no articles."""
    assert complete_question("Who bought the Pellow cannery?", [INTERPOL]).articles == ()


def test_an_answer_that_was_withheld_completes_nothing() -> None:
    """Only trusted answers replace a pronoun; the topic of the turn is still used."""
    silent = turn("who agreed to the Interpol centre?", "Lennart Oosthuis", abstained=True)
    done = complete_question("when did he say that?", [silent])
    assert done.text == "when did he say that (agreed to the Interpol centre)"
    assert done.articles == ()


def test_a_corrected_search_is_what_counts() -> None:
    """The next question continues from a text that the person corrected."""
    edited = turn("and him?", "3 years", searched="how long is Colm Radley's sentence?")
    assert complete_question("why?", [edited]).text == "why is Colm Radley's sentence"


def test_a_pronoun_reaches_back_over_a_turn() -> None:
    """The person is the nearest one, and the topic that of the last turn."""
    turns = [turn("Who leads the council?", "Salma Whitcombe"), turn("How much is it?", "£6.50")]
    done = complete_question("what did she say about it?", turns)
    assert done.filled[0].turn == 0
    assert done.text.startswith("what did Salma Whitcombe say about it")


def test_a_title_says_who_is_not_meant() -> None:
    """A person with a feminine title is not "he", even if named last."""
    turns = [turn("Who found the case?", "Mr Garrity"), turn("Who found it?", "Mrs Braithe")]
    assert "Mr Garrity" in complete_question("how old is he?", turns).text
    assert "Mrs Braithe" in complete_question("how old is she?", turns).text


def test_who_was_she_is_not_he() -> None:
    """A name that stood for "she" does not stand for "he" later."""
    found = turn("Who found the engine?", "Una Braithe")
    made = complete_question("how old is she?", [turn("Who stole it?", "Kester Doyle"), found])
    asked = turn("how old is she?", "58", searched=made.text, filled=made.filled)
    turns = [turn("Who stole it?", "Kester Doyle"), found, asked]
    assert "Kester Doyle" in complete_question("how long was his sentence?", turns).text


def test_questions_can_go_on_and_on() -> None:
    """A question stays short after twenty follow-ups."""
    turns = [INTERPOL]
    for question in ["when did he say that?", "and in Songkhla?", "what about it?", "why?"] * 5:
        done = complete_question(question, turns)
        turns.append(turn(question, "because", searched=done.text, filled=done.filled))
    assert len(turns[-1].searched) <= 200


def test_fillings_never_pile_up() -> None:
    """However long the conversation, a follow-up takes only the words of its topic."""
    turns = [INTERPOL]
    for question in ["how many did he help?", "what did he say?", "who paid for it?"]:
        done = complete_question(question, turns)
        assert done.text.endswith("(agreed to the Interpol centre)")
        turns.append(turn(question, searched=done.text, filled=done.filled))


def test_new_words_never_pile_up() -> None:
    """Each "what about" replaces the words of the one before."""
    turns = [turn("who bought the cannery?", "its own workers")]
    for question in ("what about Frostline?", "and the ice house?"):
        done = complete_question(question, turns)
        turns.append(turn(question, searched=done.text, filled=done.filled))
    assert turns[-1].searched == "who bought the cannery (the ice house)"


def test_a_place_replaces_a_place() -> None:
    """After a question about the cinema, "and on the ferry?" does not ask about the cinema."""
    turns = [turn("are dogs allowed in the cinema?", "on Mondays")]
    assert complete_question("and on the ferry?", turns).text == "are dogs allowed on the ferry"


def test_a_follow_up_comes_back_to_an_earlier_topic() -> None:
    """A thing that only an earlier topic named says which topic is meant."""
    turns = [
        turn("Who won the Inchbray Round on the lake?", "Kittiwake"),
        turn("Who leads Ostrey Council?", "Salma Whitcombe"),
    ]
    done = complete_question("how deep is the lake there?", turns)
    assert done.text.endswith("(won the Inchbray Round on the lake)")
    assert done.filled[-1].turn == 0


@pytest.mark.parametrize(
    ("question", "searched"),
    [
        ("what's that about?", "what is that about (agreed to the Interpol centre)"),
        ("sorry, I meant which day", "which day (agreed to the Interpol centre)"),
        (
            "wasn't it going to be Paris?",
            "wasn't it going to be Paris (agreed to the Interpol centre)",
        ),
        ("how many were arrested?", "how many were arrested (agreed to the Interpol centre)"),
        (
            "what happened to his car?",
            "what happened to Surachate Hakparn's car (agreed to the Interpol centre)",
        ),
    ],
)
def test_signs_of_a_follow_up(question: str, searched: str) -> None:
    """Short forms, "how many" without a noun, and a pronoun after "what happened to"."""
    assert complete_question(question, [INTERPOL]).text == searched


def test_a_full_question_after_what_about_stands_alone() -> None:
    """After "what about the brands", "which ones …?" asks a question of its own."""
    question = "what about the brands, which ones does Southcorp own?"
    assert complete_question(question, [INTERPOL]).text == question


def test_a_correction_replaces_what_was_misunderstood() -> None:
    """After "no, I meant …", the last question is asked with the right words."""
    turns = [turn("who won the final at the Australian Open?", "Marat Safin")]
    done = complete_question("no, I meant the US Open", turns)
    assert done.text == "who won the final at the US Open"


def test_it_is_the_thing_asked_about() -> None:
    """After "what is X about?", "it" means X and not what X is about."""
    turns = [turn("What is The Lamplighter of Lask about?", "a lost ship")]
    done = complete_question("who made it?", turns)
    assert done.text == "who made it (The Lamplighter of Lask about)"


def test_a_long_text_is_no_question_that_goes_on() -> None:
    """A long question and the next one are unchanged, in little time."""
    long = "it is he " * 1000
    assert complete_question(long, [INTERPOL]) == Completed(long)
    assert complete_question("why?", [turn(long)]) == Completed("why?")
    assert complete_question("is it " * 30, [INTERPOL]) == Completed("is it " * 30)


@pytest.mark.parametrize(
    "question",
    [
        "wann hat er das gesagt?",
        "y en Songkhla, ¿qué pasó?",
        "quand l'a-t-il dit ?",
        "他什么时候说的？",
        "e perché lo ha detto?",
    ],
)
def test_other_languages_are_left_alone(question: str) -> None:
    """Questions in other languages are unchanged."""
    assert complete_question(question, [INTERPOL]) == Completed(question)


@pytest.mark.parametrize(
    "question",
    [
        "What did Amnesty's Irene Khan call herself?",
        "Where did Gordon Brown publish his piece?",
        "Which of his players did Jose Mourinho praise?",
        "What must poor nations spend the money they save on?",
        "How long does it take to build a ferry terminal?",
        "Is it true that the Orpheum reopened?",
        "What is the IT budget of Ostrey Council?",
        'Who sang "He Was There" in Tenmile?',
        "Are there any seals in Marl Bay?",
        "What happened at Hen Light this year?",
    ],
)
def test_pronouns_that_mean_something_in_the_question(question: str) -> None:
    """A pronoun that the question itself explains stays."""
    assert complete_question(question, [INTERPOL]).text == question


@given(
    question=hostile_texts(max_parts=4) | st.sampled_from([case["question"] for case in CASES]),
    asked=st.lists(hostile_texts(max_parts=4), max_size=3),
    answer=st.none() | hostile_texts(max_parts=3),
)
def test_whatever_is_asked_the_words_filled_in_are_there(
    question: str, asked: list[str], answer: str | None
) -> None:
    """Filled ranges are inside the text and in order, and the text stays short."""
    turns = [turn(text, answer) for text in asked]
    done = complete_question(question, turns)
    at = 0
    for filled in done.filled:
        assert at <= filled.start < filled.end <= len(done.text)
        at = filled.end
    assert done.filled or done.text == question
    assert len(done.text) <= max(LONGEST, len(question))
