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
    assert complete_question("why?", [edited]).text == "why is Colm Radley's sentence (3 years)"


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
    """A follow-up takes the words of its topic and of the last turn, and of no other."""
    turns = [INTERPOL]
    for question in ["how many did he help?", "what did he say?", "who paid for it?"]:
        done = complete_question(question, turns)
        turns.append(turn(question, searched=done.text, filled=done.filled))
    assert turns[-1].searched == (
        "who paid for it (agreed to the Interpol centre, Surachate Hakparn say)"
    )


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
        ("wasn't it going to be Paris?", "wasn't it going to be Paris"),
        ("how many were arrested?", "how many were arrested"),
    ],
)
def test_signs_of_a_follow_up(question: str, searched: str) -> None:
    """Short forms, "how many" without a noun, and "it" lean on the topic and the answer."""
    topic = "(agreed to the Interpol centre, Surachate Hakparn)"
    assert complete_question(question, [INTERPOL]).text == f"{searched} {topic}"


def test_an_answer_is_added_only_once() -> None:
    """What a pronoun was replaced by is not repeated in brackets."""
    done = complete_question("what happened to his car?", [INTERPOL])
    assert done.text == "what happened to Surachate Hakparn's car (agreed to the Interpol centre)"


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
        ("no, I meant Una Braithe", "what did Una Braithe say about aid"),
        ("sorry, about debt", "what did Jude Pascoe say about debt"),
        ("not aid but debt", "what did Jude Pascoe say about debt"),
        ("i meant Una Braithe, not Jude Pascoe", "what did Una Braithe say about aid"),
    ],
)
def test_a_correction_drops_what_it_replaces(question: str, searched: str) -> None:
    """The right words and the wrong ones are never both searched for."""
    turns = [turn("what did Jude Pascoe say about aid?", "It works")]
    assert complete_question(question, turns).text == searched


def test_a_thing_without_a_question_word_is_asked_for() -> None:
    """The words "his salary?" ask what the salary is."""
    turns = [turn("who leads the council?", "Jude Pascoe")]
    assert (
        complete_question("his salary?", turns).text
        == "what is Jude Pascoe's salary (leads the council)"
    )


def test_an_answer_takes_the_place_of_what_was_asked_for() -> None:
    """After an answer, "where?" asks about the answer."""
    turns = [turn("what did they throw over Jude Pascoe?", "wet seaweed")]
    done = complete_question("where?", turns)
    assert done.text == "where did they throw wet seaweed over Jude Pascoe"
    assert [one.source for one in done.filled] == ["question", "question", "answer", "question"]


def test_the_first_word_of_a_question_gets_a_small_letter() -> None:
    """After "Will she …?", "why?" asks "why will she …"."""
    done = complete_question("why?", [turn("Will the council repair the pier?")])
    assert done.text == "why will the council repair the pier"


def test_a_daughter_is_she() -> None:
    """A word such as "daughter" says who "she" is, even after the name of a man."""
    turns = [turn("which MP found a long lost daughter?", "Jude Pascoe")]
    done = complete_question("how old is she?", turns)
    assert done.text.startswith("how old is the long lost daughter")


def test_names_in_lower_case_are_recognised_from_the_answers() -> None:
    """What an answer writes with capital letters is a name."""
    asked = turn("what did una braithe say about aid?", "Una Braithe called it useful")
    done = complete_question("and what did she say about debt?", [asked])
    assert done.text.startswith("what did Una Braithe say about debt (")


def test_a_question_may_say_first_what_it_is_about() -> None:
    """In "and the pier, how long is it", "it" is the pier."""
    question = "and the pier, how long is it?"
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
    assert done.text == "who made it (The Lamplighter of Lask about, a lost ship)"


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
