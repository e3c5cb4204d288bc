"""Puts new words into an earlier question: "what about Tesco?", "no, I meant the US Open"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pullquote.conversation import antecedent
from pullquote.conversation.constituents import constituents_of, verb_of
from pullquote.conversation.context import QuestionInContext, add_in_brackets, add_topic
from pullquote.conversation.draft import QuestionDraft
from pullquote.conversation.models import Turn
from pullquote.conversation.parsed_question import ParsedQuestion
from pullquote.conversation.resolution import resolved
from pullquote.conversation.signs import asks, new_words
from pullquote.conversation.substitution import PLAUSIBLE, Alike, Substitution, find_substitutions
from pullquote.conversation.words import (
    ASKING,
    AUXILIARIES,
    DETERMINERS,
    POSSESSIVE,
    PREPOSITIONS,
    words_of,
)

MOST_DRAFTS = 3
"""At most this many completed questions are compared."""

MOST_BASES = 3
"""New words may replace words of the last turn, or of so many earlier full questions."""

OLDER = 0.6
"""What the score of a substitution loses for each turn that it goes back."""

NAMED = 0.8
"""The score of asking what "the price" is, compared with that of a substitution."""

LIKE_ANSWER = 2.0
"""The score of a name that is added to a question, without its likeness to the answer."""

_LONGEST_FRAGMENT = 5
"""In words. A longer question without a sign of a follow-up is taken to be complete."""


def instead(context: QuestionInContext) -> Sequence[QuestionDraft]:
    """Repeat an earlier question with words replaced: "and in Songkhla?", "what about Tesco?".

    New words that replace nothing are added to the last full question, so they never pile up.
    """
    new = new_words(context.asked)
    return () if new is None else _with_new_words(new, context)


def unopened(context: QuestionInContext) -> Sequence[QuestionDraft]:
    """Like `instead`, for a few words without "and" or "what about": "the Chorus?"."""
    asked = context.asked
    if asks(asked) or len(asked.words) > _LONGEST_FRAGMENT:
        return ()
    if any(word.low in ASKING | AUXILIARIES for word in asked.words):
        return ()
    return _with_new_words(asked.body, context)


def corrected(context: QuestionInContext) -> Sequence[QuestionDraft]:
    """Repeat the question before with the right words: "no, I meant the US Open"."""
    correction = context.correction
    if correction is None or correction.asks:
        return ()
    last = len(context.turns) - 1
    before = ParsedQuestion(context.turns[last].searched)
    rejected = _rejected(correction.old, before) if correction.old else None
    likely = _with_new_words(context.asked.body, context, least=3)
    if likely and rejected is not None and likely[0].score >= 3:
        return likely
    if rejected is not None:
        new = re.sub(r"(?i)^(?:the|an?)\s+", "", context.asked.body)
        draft = QuestionDraft().own(new)
        return (_replaced(draft, rejected, before, last, brackets=before.brackets),)
    return _with_new_words(context.asked.body, context, least=0)


def _rejected(old: str, before: ParsedQuestion) -> Substitution | None:
    """Where an earlier question has the words that a correction rejects."""
    words = re.escape(re.sub(r"(?i)^(?:the|an?|in|on|at|about)\s+", "", old.strip()))
    found = re.search(rf"(?i)\b{words}(?!\w)", before.body)
    return None if found is None else Substitution("", found.start(), found.end(), 0)


def _with_new_words(
    new: str, context: QuestionInContext, *, least: float = PLAUSIBLE
) -> Sequence[QuestionDraft]:
    """The likely completions with new words, best first."""
    asked = ParsedQuestion(new)
    if not asked.words:
        return ()
    own = resolved(asked, context.turns)
    owned = asked.words[0].low in POSSESSIVE | {"her"}
    drafts = [] if owned else list(_substituted(own, context, least))
    if drafts and asked.words[0].low == "the":
        drafts.append(_named(own, context))
    if drafts and context.alike is not None:
        drafts += _like_answer(own, context, context.alike)
    drafts = sorted(drafts, key=lambda one: -one.score)[:MOST_DRAFTS]
    return drafts or (_added(own, context),)


def _substituted(
    own: QuestionDraft, context: QuestionInContext, least: float
) -> Iterator[QuestionDraft]:
    """Earlier questions with the new words in place of others, each with its score."""
    turns = context.turns
    for age, at in enumerate(_bases(turns)):
        before = ParsedQuestion(turns[at].searched)
        if before.auxiliary_at is None and verb_of(before) is None:
            continue
        for one in find_substitutions(own.text, before, alike=context.alike, least=least):
            draft = QuestionDraft()
            draft = draft.add(own) if own.text == one.new else draft.own(one.new)
            made = _replaced(draft, one, before, at, brackets=_topic_of(turns[at], before))
            made.score = one.score - OLDER * age
            yield made


def _like_answer(
    new: QuestionDraft, context: QuestionInContext, alike: Alike
) -> Sequence[QuestionDraft]:
    """Add a name to the last question if it is like the answer: "who won (Una Braithe)"."""
    answer = antecedent.short_answer(context.turns[-1])
    phrases = constituents_of(new.text)
    if answer is None or len(phrases) != 1 or not phrases[0].is_name or phrases[0].preposition:
        return ()
    if not answer[0].isupper():
        return ()
    draft = _in_brackets(new, context)
    draft.score = LIKE_ANSWER + 2 * alike(new.text, [answer])[0]
    return (draft,)


def _named(new: QuestionDraft, context: QuestionInContext) -> QuestionDraft:
    """Ask what a named thing is: "what is the price (Wembley)"."""
    draft = add_topic(QuestionDraft().own("what is ").add(new), context)
    draft.score = NAMED
    return draft


def _bases(turns: Sequence[Turn]) -> list[int]:
    """The turns whose questions may be repeated, the last one first."""
    last = len(turns) - 1
    full = [at for at in range(last - 1, -1, -1) if _is_full(turns[at])]
    return [last, *full[: MOST_BASES - 1]]


def _is_full(turn: Turn) -> bool:
    """Whether the question of a turn is more than new words, such as "in Lask?"."""
    return not (turn.filled and new_words(ParsedQuestion(turn.question)))


def _replaced(
    new: QuestionDraft, one: Substitution, before: ParsedQuestion, at: int, *, brackets: str
) -> QuestionDraft:
    begins = before.words[before.opener_count].start
    draft = QuestionDraft().fill(before.body[begins : one.start], at, "question")
    draft.add(new).fill(before.body[one.end :], at, "question")
    return add_in_brackets(draft, brackets, at)


def _topic_of(turn: Turn, before: ParsedQuestion) -> str:
    """The words in brackets, unless the turn itself added them: "who bought it (Frostline)"."""
    at = turn.searched.rfind("(") + 1
    return before.brackets if any(one.start == at for one in turn.filled) else ""


def _added(new: QuestionDraft, context: QuestionInContext) -> QuestionDraft:
    """Add new words that replace nothing to the last full question, or ask for a named thing."""
    words = words_of(new.text)
    if words[0].low in DETERMINERS or (new.filled and words[0].low not in PREPOSITIONS):
        return _named(new, context)
    return _in_brackets(new, context)


def _in_brackets(new: QuestionDraft, context: QuestionInContext) -> QuestionDraft:
    """Add new words to the last full question."""
    words, turns = words_of(new.text), context.turns
    full = next((at for at in range(len(turns) - 1, -1, -1) if _is_full(turns[at])), 0)
    before = ParsedQuestion(turns[full].searched)
    draft = QuestionDraft().fill(before.body, full, "question")
    if words[0].low in PREPOSITIONS or any(one.is_time for one in constituents_of(new.text)):
        return add_in_brackets(draft.own(" ").add(new), before.brackets, full)
    draft.own(" (").add(new)
    if before.brackets:
        draft.own(", ").fill(before.brackets, full, "question")
    return draft.own(")")
