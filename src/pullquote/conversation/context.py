"""A question with its earlier turns, from which its topic is taken."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pullquote.conversation import antecedent
from pullquote.conversation.correction import StatedCorrection
from pullquote.conversation.draft import QuestionDraft
from pullquote.conversation.models import Turn
from pullquote.conversation.parsed_question import ParsedQuestion
from pullquote.conversation.signs import asks
from pullquote.conversation.topic import clause_words, turns_on_topic
from pullquote.english.questions.words import Word, content_words, words_of


@dataclass(frozen=True, slots=True)
class QuestionInContext:
    """A question after earlier turns, oldest first, of which there is at least one.

    `correction` says what the question corrects.
    """

    asked: ParsedQuestion
    turns: Sequence[Turn]
    correction: StatedCorrection | None = None


def add_topic(draft: QuestionDraft, context: QuestionInContext) -> QuestionDraft:
    """Add in brackets what the question that began the topic asked."""
    begun = turns_on_topic(context.asked, context.turns).start
    return _add_clause(draft, context, begun)


def add_question(draft: QuestionDraft, context: QuestionInContext) -> QuestionDraft:
    """Add in brackets the last question on the topic that is more than words such as "in Lask?"."""
    turns = context.turns
    on_topic = turns_on_topic(context.asked, turns)
    searched = {at: ParsedQuestion(turns[at].searched) for at in on_topic}
    full = next((at for at in reversed(on_topic) if asks(searched[at])), on_topic.start)
    draft.add_in_brackets(searched[full].body, full)
    return draft if full == on_topic.start else _add_clause(draft, context, on_topic.start)


def add_last_turn(draft: QuestionDraft, context: QuestionInContext) -> QuestionDraft:
    """Add in brackets what the last turn asked, if it was a follow-up, and its short answer.

    Either may be what the question leans on. Neither is added if most of its words are there
    already, and if the topic is an earlier one than that of the last turn.
    """
    last = len(context.turns) - 1
    if last not in turns_on_topic(context.asked, context.turns):
        return draft
    if context.turns[last].filled:
        _add_clause(draft, context, last)
    answer = antecedent.short_answer(context.turns[last]) or ""
    return draft.add_in_brackets(answer, last, "answer") if _is_new(answer, draft) else draft


def _add_clause(draft: QuestionDraft, context: QuestionInContext, at: int) -> QuestionDraft:
    clause = clause_words(context.turns[at], draft.text)
    return draft.add_in_brackets(clause, at) if _is_new(clause, draft) else draft


def _is_new(words: str, draft: QuestionDraft) -> bool:
    """Whether at least half of the words with a meaning of their own are not in the draft."""
    own = [_plain(word) for word in content_words(words_of(words))]
    known = {_plain(word) for word in words_of(draft.text)}
    return bool(own) and 2 * sum(word not in known for word in own) >= len(own)


def _plain(word: Word) -> str:
    return re.sub(r"['’]s$", "", word.low)
