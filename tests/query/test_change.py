"""Which questions ask how something has changed, and their near misses."""

from __future__ import annotations

import pytest

from pullquote.english.questions.kinds import recognise
from pullquote.schema import QuestionKind

CHANGE = (
    "How has the death toll changed?",
    "How did the estimate of the damage move over time?",
    "how did support for the bill develop between march and june",
    "How has the price of the stake risen since January?",
    "How has the opening of the line been pushed back?",
    "How did the number of arrests grow?",
    "How has the plan changed?",
    "how has the planned launch date slipped over the months?",
    "How did the bid go up from the first offer to the last?",
    "timeline of the ferry strike",
    "Give me a timeline of the harbour dispute",
    "What has happened to the price of bread over time?",
    "what happened to the number of cases since May?",
    "Show me how the cost of the stadium grew over the years",
    "How have the forecasts been revised?",
    "How did his account of the night change over the course of the trial?",
    "how did the turnout change from 1998 to 2004",
    "How were the fares raised over the years, and how was the price moved since then?",
)
OTHER = {
    "How did he change his mind?": QuestionKind.MANNER,
    "How did parliament change the law?": QuestionKind.MANNER,
    "how did she rise to fame": QuestionKind.MANNER,
    "How did the child fall from the window?": QuestionKind.MANNER,
    "How did the bank raise its rates?": QuestionKind.MANNER,
    "How did the firm cut its costs?": QuestionKind.MANNER,
    "How did the price rise anger the farmers?": QuestionKind.MANNER,
    "How did the family move to Spain?": QuestionKind.MANNER,
    "How did they develop the vaccine?": QuestionKind.MANNER,
    "How is the toll counted?": QuestionKind.MANNER,
    "How much has the price risen?": QuestionKind.FACT,
    "How many times was the date moved?": QuestionKind.FACT,
    "How far did the shares fall?": QuestionKind.FACT,
    "What happened to the price index?": QuestionKind.DEFINITION,
    "What has happened to the ferry since March?": QuestionKind.DEFINITION,
    "why did the price change over time?": QuestionKind.REASON,
    "Has the price changed since March?": QuestionKind.YES_NO,
    "Who changed the date over the years?": QuestionKind.FACT,
    "what is the timeline worth": QuestionKind.FACT,
    "What changes were made to the plan?": QuestionKind.LIST,
}


@pytest.mark.parametrize("question", CHANGE)
def test_these_ask_how_something_has_changed(question: str) -> None:
    """They ask for values in the order of time."""
    assert recognise(question) is QuestionKind.CHANGE


@pytest.mark.parametrize(("question", "kind"), OTHER.items())
def test_these_ask_for_something_else(question: str, kind: QuestionKind) -> None:
    """A manner, an amount, a reason or an event is not a change."""
    assert recognise(question) is kind
