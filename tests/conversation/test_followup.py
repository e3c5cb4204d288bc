"""Follow-up questions are completed; all others are unchanged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import walk
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


def test_follow_ups_over_the_sample_corpus() -> None:
    """Each question of the data set is completed, or unchanged, as expected."""

    def complete(case: dict) -> None:
        turns = [turn(t["question"], t["answer"]) for t in case["turns"]]
        assert complete_question(case["question"], turns).text == case["searched"]

    walk(((case["question"], case) for case in CASES), complete)


def test_filled_words_are_reported_with_their_turns() -> None:
    """Filled words give their range, their turn and the part of it that they come from."""
    done = complete_question("when did he say that?", [INTERPOL])
    assert done == Completed(
        "when did he say that (agreed to the Interpol centre, Surachate Hakparn)",
        (
            Filled(start=22, end=51, turn=0, source="question"),
            Filled(start=53, end=70, turn=0, source="answer"),
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
    """Only trusted answers are added; the topic of the turn is still used."""
    silent = turn("who agreed to the Interpol centre?", "Lennart Oosthuis", abstained=True)
    done = complete_question("when did he say that?", [silent])
    assert done.text == "when did he say that (agreed to the Interpol centre)"
    assert done.articles == ()


def test_a_corrected_search_is_what_counts() -> None:
    """The next question continues from a text that the person corrected."""
    edited = turn("and him?", "3 years", searched="how long is Colm Radley's sentence?")
    assert complete_question("why?", [edited]).text == "why (Colm Radley's sentence, 3 years)"


def test_questions_can_go_on_and_on() -> None:
    """A question stays short after twenty follow-ups."""
    turns = [INTERPOL]
    for question in ["when did he say that?", "and in Songkhla?", "what about it?", "why?"] * 5:
        done = complete_question(question, turns)
        turns.append(turn(question, "because", searched=done.text, filled=done.filled))
    assert len(turns[-1].searched) <= 200


def test_fillings_never_pile_up() -> None:
    """A follow-up takes the words of its topic and of the last turn, and of no other."""
    turns = [INTERPOL]
    for question in ["who did he help?", "what did he say?", "who paid for it?"]:
        done = complete_question(question, turns)
        turns.append(turn(question, searched=done.text, filled=done.filled))
    assert turns[-1].searched == ("who paid for it (agreed to the Interpol centre)")


def test_new_words_never_pile_up() -> None:
    """Each "what about" is added to the question that began, without the one before."""
    turns = [turn("who bought the cannery?", "its own workers")]
    for question in ("what about Frostline?", "and the ice house?"):
        done = complete_question(question, turns)
        turns.append(turn(question, searched=done.text, filled=done.filled))
    assert turns[-1].searched == "the ice house (who bought the cannery, Frostline)"


@pytest.mark.parametrize(
    "questions",
    [
        ("why?", "since when?", "why not?"),
        ("no, I meant the pier", "no, I meant the ice house", "no, I meant the ferry"),
        ("and the prize money?", "what about the trainer?", "and his horse?"),
    ],
    ids=["bare", "corrections", "new words"],
)
def test_an_old_answer_is_forgotten(questions: tuple[str, str, str]) -> None:
    """However often a question is continued, no word of an answer before the last stays."""
    answers = ["ten crowns", "Mr Bo", "a stormy night", "Tenmile Cove"]
    turns = [turn("who paid for the regatta in Lask Bay?", "Jo Al")]
    for question, answer in zip(questions * 4, answers * 3, strict=True):
        done = complete_question(question, turns)
        turns.append(turn(question, answer, searched=done.text, filled=done.filled))
    assert len(turns[-1].searched) <= 120
    assert [answer for answer in answers[:2] if answer in turns[-1].searched] == []


def test_brackets_of_earlier_turns_are_left_out() -> None:
    """Names and answers in brackets cannot end the brackets of the completed question."""
    turns = [turn("what is the WHO (World Health Organization) budget?", "$5m (£4m)")]
    first = complete_question("who pays it?", turns)
    assert first.text == "who pays it (the WHO World Health Organization budget, $5m £4m)"
    turns.append(turn("who pays it?", "members", searched=first.text, filled=first.filled))
    assert complete_question("why?", turns).text.count("(") <= 1


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
        ("what's that about?", "what is that about"),
        ("sorry, I meant which day", "which day"),
        ("wasn't it going to be Paris?", "wasn't it going to be Paris?"),
        ("his car?", "his car"),
        ("how old is he?", "how old is he"),
    ],
)
def test_signs_of_a_follow_up(question: str, searched: str) -> None:
    """Without a search, a question without a name leans if it has hardly a word of its own."""
    done = complete_question(question, [INTERPOL])
    assert done.text.partition(" (")[0] == searched
    assert bool(done.filled) == (searched != question)


def test_a_full_question_after_what_about_stands_alone() -> None:
    """After "what about the brands", "which ones …?" asks a question of its own."""
    question = "what about the brands, which ones does Southcorp own?"
    assert complete_question(question, [INTERPOL]).text == question


def test_new_words_come_with_their_question() -> None:
    """The question that "and …" is for is added in brackets, with its answer."""
    turns = [turn("what did Pascoe say about aid?", "It works")]
    for question in ("and about debt?", "what about debt?", "and debt?"):
        own = "about debt" if "and about" in question else "debt"
        searched = f"{own} (what did Pascoe say about aid, It works)"
        assert complete_question(question, turns).text == searched


@pytest.mark.parametrize(
    ("question", "searched"),
    [
        ("no, I meant Una Braithe", "Una Braithe (what did Jude Pascoe say about aid)"),
        ("not aid but debt", "debt (what did Jude Pascoe say about)"),
        ("i meant Una Braithe, not Jude Pascoe", "Una Braithe (what did say about aid)"),
    ],
)
def test_a_correction_drops_the_words_that_it_rejects(question: str, searched: str) -> None:
    """The answer is not added either: it was wrong."""
    turns = [turn("what did Jude Pascoe say about aid?", "It works")]
    assert complete_question(question, turns).text == searched


def test_a_question_may_say_first_what_it_is_about() -> None:
    """In "and the pier, how long is it", "it" is the pier."""
    question = "and the pier, how long is it?"
    assert complete_question(question, [INTERPOL]).text == question


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


@pytest.mark.parametrize(
    "question",
    [
        "OK, moving on to the ferry. who built it?",
        "let's talk about the ferry: when does it sail?",
        "on a different subject, who is the boss?",
    ],
)
def test_a_question_that_changes_the_subject_stands_alone(question: str) -> None:
    """Its pronouns do not mean anything in earlier turns."""
    asked = turn("Which channel is showing the film awards?", "Lask Television")
    assert complete_question(question, [asked]).text == question
