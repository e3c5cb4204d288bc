"""Completes a follow-up question from earlier turns, with a few rules of English and no model.

A question that is complete, or in another language, is not changed. The rules know only closed
classes of words, such as pronouns and question words, and phrases such as "what about". If the
caller provides a search, the passages that it finds help to decide.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pullquote.conversation import antecedent
from pullquote.conversation.casing import PrintedNames, is_lower
from pullquote.conversation.completed import Completed
from pullquote.conversation.context import QuestionInContext, add_in_brackets, add_topic
from pullquote.conversation.correction import correction_of
from pullquote.conversation.draft import QuestionDraft
from pullquote.conversation.evidence import (
    Evidence,
    Find,
    best_supported,
    keeps_new_words,
    keeps_words,
    leans,
    printed,
    shares_words,
    shortest_enough,
)
from pullquote.conversation.models import Turn
from pullquote.conversation.new_words import corrected, instead, unopened
from pullquote.conversation.parsed_question import ParsedQuestion
from pullquote.conversation.pronouns import pronouns_of
from pullquote.conversation.resolution import resolved
from pullquote.conversation.signs import (
    asks,
    asks_for_more,
    is_bare,
    is_fragment,
    is_thin,
    is_vague,
    lacks_noun,
)
from pullquote.conversation.statement import add_statement
from pullquote.conversation.substitution import Alike
from pullquote.conversation.words import EVENTS, content_words, is_english
from pullquote.schema import check_kind

LONGEST = 600
"""The longest question, in characters, both before and after completion. A longer question is not
changed."""

MOST_WORDS = 40
"""In words. A longer question is taken to be complete."""

MOST_CASED = 6
"""In the last so many turns, names typed in lower case are recognised."""

Rule = Callable[[QuestionInContext], Sequence[QuestionDraft]]


def complete_question(
    question: str,
    turns: Sequence[Turn],
    *,
    find: Find | None = None,
    alike: Alike | None = None,
) -> Completed:
    """The text to search for: the question as it is, or completed from earlier turns.

    `turns` are the earlier turns, oldest first. Words are taken from their searched texts, which
    the person may have corrected, and from their best answers.

    With `find`, such as `assistant.find`, the passages help to decide: the question is searched for
    as typed and in a few completed forms. This takes at most five searches. With `alike`, new
    words replace words of the most similar meaning.

    Raises:
        SettingsError: the question is not a string.
    """
    check_kind("The question", question, str, give="a text, such as 'and when?'")
    alone = Completed(question)
    if not turns or max(len(question), len(turns[-1].searched)) > LONGEST:
        return alone
    correction = correction_of(question)
    text = question if correction is None else correction.new
    asked = ParsedQuestion(text)
    if not 0 < len(asked.words) <= MOST_WORDS or not _is_understood(asked, turns):
        return alone
    text, turns = _cased(question, text, turns, find)
    context = QuestionInContext(ParsedQuestion(text), turns, correction, alike)
    for rule, agrees in _RULES:
        drafts = [one for one in rule(context) if one.filled and len(one.text) <= LONGEST]
        if not drafts:
            continue
        choose = shortest_enough if rule is _pronouns else best_supported
        draft = drafts[0] if find is None else choose(drafts, find)
        if agrees(question, draft.text, find) if find is not None else rule not in _ONLY_FOUND:
            return Completed(draft.text, tuple(draft.filled), antecedent.cited(turns[-1]))
        if rule not in _ONLY_FOUND:
            break
    return alone


def _is_understood(asked: ParsedQuestion, turns: Sequence[Turn]) -> bool:
    """Whether the question is in English, or is a fragment after a question in English."""
    before = is_english(ParsedQuestion(turns[-1].searched).words)
    return is_english(asked.words) or (before and (is_fragment(asked) or len(asked.words) <= 4))


def _cased(
    question: str, text: str, turns: Sequence[Turn], find: Find | None
) -> tuple[str, Sequence[Turn]]:
    """The text and the turns with capital letters in the names that are typed in lower case."""
    recent = turns[-MOST_CASED:]
    lower = [turn.searched for turn in recent if is_lower(turn.searched)]
    if not lower:
        return text, turns
    texts = [citation for turn in recent for citation in antecedent.citation_texts(turn)]
    if find is not None:
        texts += [*printed(find(recent[-1].searched)), *printed(find(question))]
    names = PrintedNames([text, *lower], texts)
    cased = [
        turn.model_copy(update={"searched": names.restored(turn.searched)})
        if is_lower(turn.searched)
        else turn
        for turn in recent
    ]
    return names.restored(text) if is_lower(text) else text, (*turns[:-MOST_CASED], *cased)


def _more(context: QuestionInContext) -> Sequence[QuestionDraft]:
    """Repeat the previous question, for "anything else?"."""
    asked, turns = context.asked, context.turns
    if not asks_for_more(asked):
        return ()
    last = len(turns) - 1
    before = ParsedQuestion(turns[last].searched)
    draft = QuestionDraft().fill(before.body, last, "question", instead_of=asked.body)
    return (add_in_brackets(draft, before.brackets, last),)


def _bare(context: QuestionInContext) -> Sequence[QuestionDraft]:
    """Repeat the previous question with a different question word: "why?", "by how much?"."""
    asked, turns = context.asked, context.turns
    if asked.question_word_at is None or not is_bare(asked):
        return ()
    draft = QuestionDraft().own(asked.words_between(asked.opener_count))
    if content_words(asked.words):  # "which bakery?" asks something different from the turn before
        return (add_topic(draft, context, clause=True),)
    return (add_statement(draft, turns, answered=asked.words[-1].low != "else"),)


def _pronouns(context: QuestionInContext) -> Sequence[QuestionDraft]:
    """Replace the pronouns by names and add the topic, as in "when did he say that?"."""
    asked = context.asked
    found = pronouns_of(asked)
    if not found:
        return ()
    draft = QuestionDraft().own("" if asks(asked) or len(asked.words) > 5 else "what is ")
    draft.add(resolved(asked, context.turns))
    replaced = {one.instead_of for one in draft.filled}
    event = any(one.word.low in EVENTS for one in found)
    unknown = any(one.kind == "thing" and one.word.text not in replaced for one in found)
    full = add_topic(QuestionDraft().add(draft), context, event=event, clause=unknown)
    if event or unknown or not draft.filled:
        return (full,)
    return (full, draft)


def _thin(context: QuestionInContext) -> Sequence[QuestionDraft]:
    """Add the topic to a question that says little: "who is the boss?"."""
    return _full(context) if is_thin(context.asked) else ()


def _vague(context: QuestionInContext) -> Sequence[QuestionDraft]:
    """Add the topic to a question with few words, and no name: "how many were hurt?"."""
    return _full(context) if is_vague(context.asked) else ()


def _no_noun(context: QuestionInContext) -> Sequence[QuestionDraft]:
    """Add the topic if "how many" has no noun: "how many did Labour set up?"."""
    return _full(context) if lacks_noun(context.asked) else ()


def _full(context: QuestionInContext) -> Sequence[QuestionDraft]:
    """Add the topic to any question that has no sign of a follow-up: "who's hosting?"."""
    asked = context.asked
    if not asks(asked):
        return ()
    return (add_topic(QuestionDraft().own(asked.words_between(asked.opener_count)), context),)


_RULES: tuple[tuple[Rule, Evidence], ...] = (
    (_more, keeps_words),
    (corrected, keeps_words),
    (instead, keeps_new_words),
    (_bare, keeps_words),
    (_pronouns, keeps_words),
    (_no_noun, keeps_words),
    (_thin, shares_words),
    (unopened, leans),
    (_vague, shares_words),
    (_full, leans),
)
"""The rules, in the order in which they are tried, with what the passages must show."""

_ONLY_FOUND = (unopened, _vague, _full)
"""Rules that are used only if passages agree: their questions have no sign of a follow-up."""
