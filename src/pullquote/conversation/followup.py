"""Puts a follow-up question into the context of earlier turns, before it is searched for.

The question stays as typed. What the earlier turns asked and answered is added in brackets:
"how old is he (won the Australian Open, Marat Safin)". Rules that replaced pronouns and phrases
found no more right answers than this on conversations that they were not written for (0.66 of 194
follow-ups with either, and 0.51 of 90 against 0.53; benchmarks.everyday).

A question that is complete, or in another language, is not changed. If the caller provides a
search, the passages found help to decide whether a question is a follow-up.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pullquote.conversation.completed import Completed, QuestionDraft
from pullquote.conversation.context import (
    add_last_turn,
    add_question,
    add_topic,
    cited,
    correction_of,
)
from pullquote.conversation.leaning import Find, Searches, leans
from pullquote.conversation.models import Turn
from pullquote.conversation.parsed_question import ParsedQuestion
from pullquote.conversation.signs import (
    asks,
    asks_for_more,
    changes_subject,
    is_fragment,
    looks_incomplete,
    new_words,
    only_asks,
)
from pullquote.english.questions.words import is_english
from pullquote.schema import check_kind
from pullquote.schema.arguments import naming_arguments

LONGEST = 600
"""The longest question that is completed, in characters, both before and after completion."""

MOST_WORDS = 40
"""In words. A longer question is taken to be complete."""


@naming_arguments
def complete_question(
    question: str, turns: Sequence[Turn], *, find: Find | None = None, most: int = LONGEST
) -> Completed:
    """The text to search for: the question as it is, or with the context of earlier turns.

    `turns` are the earlier turns, oldest first. Words are taken from their searched texts, which
    the person may have corrected, and from their best answers.

    With `find`, such as `assistant.find`, the passages help to decide: the question is searched for
    as typed and in context, and the last turn again. Without it, only questions that look
    incomplete by their words are completed. A question is not completed if it is or would become
    longer than `most` characters, or than 600.

    Raises:
        SettingsError: the question is not a string.
    """
    check_kind("The question", question, str, give="a text, such as 'and when?'")
    made = completed_form(question, turns, most=most)
    if made is None:
        return Completed(question)
    text = made.draft.text
    if find is None:
        completes = made.certain or looks_incomplete(made.asked)
    else:
        completes = made.certain or leans(
            made.asked, turns, Searches.of(question, text, turns, find)
        )
    if not completes:
        return Completed(question)
    return Completed(text, tuple(made.draft.filled), cited(turns[-1]))


@dataclass(frozen=True, slots=True)
class CompletedForm:
    """How a question would be completed; `certain` if its words alone say that it leans."""

    draft: QuestionDraft
    asked: ParsedQuestion
    certain: bool


def completed_form(
    question: str, turns: Sequence[Turn], *, most: int = LONGEST
) -> CompletedForm | None:
    """The completed form of a question, in case it leans on an earlier turn.

    None if there is nothing to complete it with, if it announces another subject, or if it is in
    another language or too long.
    """
    if not turns or not turns[-1].searched.strip() or changes_subject(question):
        return None
    longest = min(most, LONGEST)
    if max(len(question), len(turns[-1].searched)) > longest:
        return None
    correction = correction_of(question)
    asked = ParsedQuestion(question if correction is None else correction.new)
    if not 0 < len(asked.words) <= MOST_WORDS or not _is_understood(asked, turns):
        return None
    if correction is not None and correction.old:
        turns = (*turns[:-1], _without(correction.old, turns[-1]))
    repeats = asks_for_more(asked)
    draft = _again(asked, turns) if repeats else _in_context(asked, turns)
    if not repeats and correction is None:  # else the last answer was wrong or not enough
        add_last_turn(draft, asked, turns)
    if not draft.filled or len(draft.text) > longest:
        return None
    explicit = correction is not None and correction.explicit
    certain = repeats or explicit or only_asks(asked)
    return CompletedForm(draft, asked, certain)


def _without(words: str, turn: Turn) -> Turn:
    """The turn, whose question does not have the words that were rejected."""
    left = re.sub(rf"(?i)\s*(?<!\w){re.escape(words)}(?!\w)", "", turn.searched)
    return turn.model_copy(update={"searched": left}) if left.strip() else turn


def _is_understood(asked: ParsedQuestion, turns: Sequence[Turn]) -> bool:
    """Whether the question is in English, or is a fragment after a question in English."""
    before = is_english(ParsedQuestion(turns[-1].searched).words)
    return is_english(asked.words) or (before and (is_fragment(asked) or len(asked.words) <= 4))


def _again(asked: ParsedQuestion, turns: Sequence[Turn]) -> QuestionDraft:
    """The previous question again, for "anything else?"."""
    last = len(turns) - 1
    before = ParsedQuestion(turns[last].searched)
    draft = QuestionDraft().fill(before.body, last, "question", instead_of=asked.body)
    return draft.add_in_brackets(before.brackets, last)


def _in_context(asked: ParsedQuestion, turns: Sequence[Turn]) -> QuestionDraft:
    """The question with its topic; words that ask nothing get the last question instead."""
    new = new_words(asked)
    own = asked.words_between(asked.opener_count) or asked.body
    if new is None and asks(asked):
        return add_topic(QuestionDraft().own(own), asked, turns)
    return add_question(QuestionDraft().own(new or own), asked, turns)
