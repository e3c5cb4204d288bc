"""Which day's state of things a question asks for: `as_of` and its near misses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from pullquote.english.questions.as_of import MOST_CHARACTERS, as_of, without

NEWEST = date(2024, 11, 29)
"""The day of the newest article. 29 November 2024 is a Friday."""


def day_in(question: str, *, near: Sequence[date] = (), newest: date = NEWEST) -> str | None:
    """The day found in a question, as text."""
    found = as_of(question)
    day = None if found is None else found.day(newest=newest, near=near)
    return None if day is None else day.isoformat()


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ("what was the price of the bid as of 3 March 2024?", "2024-03-03"),
        ("How many people are missing as of 12 October?", "2024-10-12"),
        ("As of the end of April, how much will the bridge cost?", "2024-04-30"),
        ("as at 31 march 2023 how many members did the union have", "2023-03-31"),
        ("ferry deaths as of september", "2024-09-30"),
        ("Who was leading the race, as things stood on 5 May 2024?", "2024-05-05"),
        ("What was the plan for the station as it stood in June 2023?", "2023-06-30"),
        ("what was the cause of the fire, as known on 2 November?", "2024-11-02"),
        ("How many cases had been confirmed by the end of February?", "2024-02-29"),
        ("Who had withdrawn from the contest by 14 August 2024?", "2024-08-14"),
        ("By mid-July, how much money had the appeal raised?", "2024-07-20"),
        ("how many bodies were recovered by 9 january 2024", "2024-01-09"),
        ("How many villages had been evacuated up to 4 September?", "2024-09-04"),
        ("On 12 March how many houses had been rebuilt?", "2024-03-12"),
        ("How many of the miners had been found on 12 March 2024?", "2024-03-12"),
        ("how many were still trapped at the beginning of june", "2024-06-07"),
        ("Which roads were still closed on Tuesday?", "2024-11-26"),
        ("Who was still in custody at the end of last year?", "2023-12-31"),
        ("When was the museum supposed to reopen, back in March 2023?", "2023-03-31"),
        ("In February 2024, when was the vote due to take place?", "2024-02-29"),
        ("what day was the launch planned for in early october", "2024-10-10"),
        ("How much was the stadium meant to cost in 2022?", "2022-12-31"),
        ("What was the estimated cost of the dam in January 2024?", "2024-01-31"),
        ("What was the latest death toll on 3 June 2024?", "2024-06-03"),
        ("What was the death toll on 3 June 2024?", "2024-06-03"),
        (
            "What were the odds of a strike, and how many were without power on 6 June?",
            "2024-06-06",
        ),
        ("how much was the union demanding at the end of october?", "2024-10-31"),
        ("What was the forecast for growth back in July?", "2024-07-31"),
        ("What was known about the gunman on 1 May 2024?", "2024-05-01"),
        ("Where did the talks stand at the end of August?", "2024-08-31"),
        ("How many ships had sailed so far on 8 August?", "2024-08-08"),
        ("How much land had burned by the evening of 8 August?", "2024-08-08"),
        ("How many ships were stuck outside the port on 8 August?", "2024-08-08"),
        ("What date was being given on 8 August?", "2024-08-08"),
        ("Who was in charge of the port on 8 August?", "2024-08-08"),
        ("price of the tram as stated in early May 2024", "2024-05-10"),
        ("When was the vote planned, seen from the end of May 2024?", "2024-05-31"),
        ("people out looking for the walker, state of 5 May 2024", "2024-05-05"),
        ("who was thought to be behind the attack in late march", "2024-03-31"),
    ],
)
def test_these_ask_for_the_state_of_things_on_a_day(question: str, day: str) -> None:
    """Words that ask what was known or planned at a time name the last day that counts."""
    assert day_in(question) == day


@pytest.mark.parametrize(
    "question",
    [
        "what happened on 12 March?",
        "What had happened on 12 March 2024?",
        "who won in 2004",
        "Who won the election in November 2023?",
        "Who resigned at the end of March?",
        "which firm closed its factory at the end of last year?",
        "What did the minister say at the end of October?",
        "Who was arrested on 3 June 2024?",
        "how many people were arrested on 3 june",
        "When does the contract run out, by the end of March?",
        "Which rules apply as of 1 April 2024?",
        "what is banned as of 1 september",
        "Who will have to leave by the end of May 2024?",
        "How many homes were to be built by the end of June 2024?",
        "how many homes did the council promise to build by december 2023",
        "Which tax returns had to be filed by 31 January?",
        "By which day had the council promised to pay by March 2024?",
        "How many seats had been lost by May?",
        "who was beaten by april jones in the final",
        "Who led the 12 March uprising?",
        "How many died in the 3 June crash?",
        "What was the unemployment rate in March 2024?",
        "What was the company's debt at the end of March?",
        "how much did it earn in the first half of 2024",
        "How many goals had he scored in March?",
        "What was the score on 3 June?",
        "Was there as much snow as at the end of March?",
        "Were prices the same as of March 2023?",
        "Who is the mayor as of today?",
        "what is the toll as of now",
        "What was the death toll of the 2004 earthquake?",
        "who played with him in march 2024",
        "Where was the summit held in early October 2024?",
        "What is best known about March 2024?",
        "what is planned for 12 December 2024",
        "How many had died by 31 June 2024?",
        "who said what, as of December 2031?",
        "Who was due in court on 12 March?",
        "How many guests were expected in March 2024?",
    ],
)
def test_these_date_an_event_or_no_day_at_all(question: str) -> None:
    """A day of an event, a deadline, a name, or a day that cannot be: later articles may answer."""
    assert day_in(question) is None


MISSING = "how many were still missing at the end of {}?"


def test_a_month_is_the_last_one_before_the_newest_article() -> None:
    """In an archive of 2004, "the end of March" is in 2004, and December in the year before."""
    newest = date(2004, 7, 12)
    assert day_in(MISSING.format("March"), newest=newest) == "2004-03-31"
    assert day_in(MISSING.format("December"), newest=newest) == "2003-12-31"


def test_a_month_is_the_one_nearest_to_the_articles_found() -> None:
    """If the best articles are of 2019, "the end of March" is in 2019, in an archive to 2024."""
    near = [date(2019, 2, 20), date(2019, 5, 3)]
    assert day_in(MISSING.format("March"), near=near) == "2019-03-31"
    assert day_in(MISSING.format("June"), near=near) == "2019-06-30"
    assert day_in(MISSING.format("December"), near=near) == "2018-12-31"


def test_no_year_is_changed_that_the_question_names() -> None:
    """Articles of another year do not change a year, or a day relative to the newest article."""
    near = [date(2019, 2, 20)]
    assert day_in(MISSING.format("March 2022"), near=near) == "2022-03-31"
    assert day_in("Which roads were still closed on Tuesday?", near=near) == "2024-11-26"


def test_a_very_long_question_is_not_looked_at() -> None:
    """A question of more than 400 characters has no such day."""
    assert as_of("how many are missing as of 3 March?" + " " * MOST_CHARACTERS) is None


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How many were dead, as of 12 October?", "How many were dead?"),
        ("As of the end of April, how much was the bid?", "how much was the bid?"),
        ("On 12 March how many had been found?", "how many had been found?"),
        ("How many had been found by 9 May at sea?", "How many had been found at sea?"),
    ],
)
def test_the_phrase_can_be_taken_out(question: str, text: str) -> None:
    """Without the phrase, the rest reads on."""
    found = as_of(question)
    assert found is not None
    assert without(question, found) == text
