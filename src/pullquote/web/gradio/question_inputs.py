"""The inputs of questions from events of the page: a new question, or a turn to ask again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from pullquote.conversation import Archive, Turn
from pullquote.web.limits import check_question, check_switched
from pullquote.web.requests import ChosenQuestion, RepeatedQuestion
from pullquote.web.state.question import (
    QuestionInput,
    check_can_be_asked_again,
    narrowed_further,
    question_input_of,
)
from pullquote.web.views.permalinks import parse_narrowing


def input_of(chosen: ChosenQuestion) -> QuestionInput:
    """The input for a question with the filters of its link.

    Raises:
        SettingsError: the question is too long, or a filter is invalid.
    """
    check_question(chosen.question)
    link = parse_narrowing(chosen.narrowed, question=chosen.question)
    return QuestionInput(
        question=chosen.question,
        given=link.filters,
        switched=link.switched,
        options=link.options,
    )


def _as_of(turn: Turn) -> date | None:
    """The last day of the articles that a turn was answered from, if it was as of a day."""
    return turn.as_of if turn.reply is None else turn.reply.as_of


def input_again(turn: Turn, again: RepeatedQuestion, archive: Archive) -> QuestionInput:
    """The input that asks a turn again with one change.

    Raises:
        SettingsError: the turn cannot be asked again, or cannot be changed in that way.
    """
    check_can_be_asked_again(turn)
    if again.searched is not None:
        check_question(again.searched)
        # The words of some filters are no longer in the text, but the filters still apply. So does
        # a day such as "as of 3 March".
        return QuestionInput(
            question=turn.question,
            given=turn.filters,
            edited=again.searched,
            options=replace(turn.options, as_of=_as_of(turn)),
        )
    if again.added is not None:
        added = parse_narrowing(again.added, question=turn.question).filters
        return narrowed_further(turn, added, archive)
    asking = question_input_of(turn, archive)
    if again.chosen is not None:
        return asking.choosing(parse_narrowing(again.chosen, question=turn.question).filters)
    if again.kind is not None:
        return asking.reading_as(again.kind or None)
    if again.as_typed is not None:
        return asking.searching_as_typed(again.as_typed)
    if again.chip is not None:
        asking = asking.switching(again.chip)
        check_switched(asking.switched)
    return asking
