"""Whether a question asks for the first or the latest of several values, and its near misses."""

from __future__ import annotations

import pytest

from pullquote.english.questions.time_asked import time_asked
from pullquote.schema import TimeAsked

FIRST = (
    "how many people were reported dead at first?",
    "What was the very first toll?",
    "what was the first estimate of the damage",
    "How much was the bridge originally going to cost?",
    "How long was the strike initially meant to last?",
    "What was the original opening date of the stadium?",
    "What was the price when the bid was first made?",
    "how many tickets were first said to be left",
    "Which cause was first suspected, and initially reported?",
    "What was the company's first offer for its rival?",
    "first official count of the flooded homes",
    "When was the trial first due to begin?",
    "what was first thought to have caused the blackout?",
    "initial forecast for the harvest",
    "What was her original diagnosis?",
)
LATEST = (
    "How many people have died so far?",
    "what is the latest death toll",
    "How much did the tunnel cost in the end?",
    "When did the court finally fix the date?",
    "Who is currently leading the poll?",
    "how many are still missing?",
    "Is the road still closed?",
    "What is the most recent estimate of the damage?",
    "What was the final bill for the games?",
    "how many goals has she scored to date?",
    "What sentence did he eventually get?",
    "how many firms are now taking part",
    "What is the current price of the stake?",
    "number of arrests up to now",
    "Who still has to pay the fine?",
)
NEITHER = (
    "Who was the first woman to fly around the world?",
    "What was last year's profit?",
    "Who won the Cup final?",
    "who plays the final in melbourne?",
    "When was the bid first announced?",
    "Who first reported the deaths?",
    "Where was the virus first reported?",
    "What happened on the first day of the strike?",
    "Who is the First Minister?",
    "who came first in the race",
    "Who made the first goal?",
    "What did they do on their first date?",
    "Was it love at first sight?",
    "How many shares did the initial public offering have?",
    "Which painter is known for her still lifes?",
    "Who stood still during the anthem?",
    "How did the town so far away hear of it?",
    "By when must he reply at the latest?",
    "Who caught the ball in the end zone?",
    "Who played the hero in the final scene?",
    "Who was last seen at the harbour?",
    "what is the name of the last emperor",
    "Did the first estimate differ from the final figure?",
    "Who wanted to date the actor?",
    "Who is at the head of the bank now that Mr Orr has left?",
)


@pytest.mark.parametrize("question", FIRST)
def test_these_ask_for_the_first_value(question: str) -> None:
    """Words for what was said at first."""
    assert time_asked(question) is TimeAsked.FIRST


@pytest.mark.parametrize("question", LATEST)
def test_these_ask_for_the_latest_value(question: str) -> None:
    """Words for what is so now, or in the end."""
    assert time_asked(question) is TimeAsked.LATEST


@pytest.mark.parametrize("question", NEITHER)
def test_these_do_not_say(question: str) -> None:
    """A first, last or final that belongs to the thing, or both a first and a latest value."""
    assert time_asked(question) is TimeAsked.UNSAID
