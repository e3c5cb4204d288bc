"""Completes a follow-up question from earlier turns, with a few rules of English and no model.

A question that is complete, or in another language, is not changed. The rules know only closed
classes of words, such as pronouns and question words, and phrases such as "what about". If the
caller provides a search, the passages that it finds help to decide.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pullquote.conversation import antecedent
from pullquote.conversation.antecedent import Antecedent
from pullquote.conversation.completed import Completed
from pullquote.conversation.draft import QuestionDraft
from pullquote.conversation.evidence import (
    Evidence,
    Find,
    keeps_new_words,
    keeps_words,
    leans,
    shares_words,
)
from pullquote.conversation.models import Turn
from pullquote.conversation.parsed_question import ParsedQuestion
from pullquote.conversation.pronouns import Pronoun, pronouns_of
from pullquote.conversation.signs import (
    asks,
    asks_for_more,
    corrected,
    is_bare,
    is_fragment,
    is_thin,
    lacks_noun,
    new_words,
)
from pullquote.conversation.substitution import find_substitution
from pullquote.conversation.topic import topic_turn, topic_words
from pullquote.conversation.words import (
    PREPOSITIONS,
    content_words,
    is_english,
    words_of,
)
from pullquote.schema import check_kind

LONGEST = 600
"""The longest question, in characters, both before and after completion. A longer question is not
changed."""

MOST_WORDS = 40
"""In words. A longer question is taken to be complete."""

Rule = Callable[[ParsedQuestion, Sequence[Turn]], QuestionDraft | None]


def complete_question(
    question: str, turns: Sequence[Turn], *, find: Find | None = None
) -> Completed:
    """The text to search for: the question as it is, or completed from earlier turns.

    `turns` are the earlier turns, oldest first. Words are taken from their searched texts, which
    the person may have corrected, and from their best answers.

    With `find`, such as `assistant.find`, the passages help to decide: the question is searched for
    as typed and as completed. This takes at most two searches.

    Raises:
        SettingsError: the question is not a string.
    """
    check_kind("The question", question, str, give="a text, such as 'and when?'")
    alone = Completed(question)
    if not turns or max(len(question), len(turns[-1].searched)) > LONGEST:
        return alone
    asked = ParsedQuestion(corrected(question))
    if not 0 < len(asked.words) <= MOST_WORDS or not _is_understood(asked, turns):
        return alone
    for rule, agrees in _RULES:
        draft = rule(asked, turns)
        if draft is None or not draft.filled or len(draft.text) > LONGEST:
            continue
        if agrees(question, draft.text, find) if find is not None else rule is not _full:
            return Completed(draft.text, tuple(draft.filled), antecedent.cited(turns[-1]))
        break
    return alone


def _is_understood(asked: ParsedQuestion, turns: Sequence[Turn]) -> bool:
    """Whether the question is in English, or is a fragment after a question in English."""
    before = is_english(ParsedQuestion(turns[-1].searched).words)
    return is_english(asked.words) or (before and is_fragment(asked))


def _more(asked: ParsedQuestion, turns: Sequence[Turn]) -> QuestionDraft | None:
    """Repeat the previous question, for "anything else?"."""
    if not asks_for_more(asked):
        return None
    last = len(turns) - 1
    before = ParsedQuestion(turns[last].searched)
    draft = QuestionDraft().fill(before.body, last, "question", instead_of=asked.body)
    return _add_in_brackets(draft, before.brackets, last)


def _bare(asked: ParsedQuestion, turns: Sequence[Turn]) -> QuestionDraft | None:
    """Repeat the previous question with a different question word: "why?", "by how much?"."""
    if asked.question_word_at is None or not is_bare(asked):
        return None
    last = len(turns) - 1
    before = ParsedQuestion(turns[last].searched)
    draft = QuestionDraft().own(asked.words_between(asked.opener_count))
    if content_words(asked.words):  # "which bakery?" asks something different from the turn before
        return _add_topic(draft, asked, turns)
    if before.auxiliary_at is not None:
        draft.own(" ").fill(
            before.words_between(before.auxiliary_at, before.rest_at), last, "question"
        )
    answer = antecedent.short_answer(turns[last])
    as_subject = before.asks_for_subject and answer is not None and asked.words[-1].low != "else"
    if as_subject and answer is not None:
        draft.own(" ").fill(answer, last, "answer")
    if before.rest_at < len(before.words):
        draft.own(" ").fill(before.words_between(before.rest_at), last, "question")
    nouns = "" if as_subject else " ".join(word.text for word in before.noun_phrase)
    return _add_in_brackets(draft, ", ".join(filter(None, (nouns, before.brackets))), last)


def _instead(asked: ParsedQuestion, turns: Sequence[Turn]) -> QuestionDraft | None:
    """Repeat the previous question with words replaced: "and in Songkhla?", "what about Tesco?".

    New words that replace nothing are added to the last full question, so they never pile up.
    """
    new = new_words(asked)
    if new is None:
        return None
    last, full = len(turns) - 1, _last_full(turns)
    for at in dict.fromkeys((last, full)):
        before = ParsedQuestion(turns[at].searched)
        old = find_substitution(new, before)
        if old is not None:
            draft = QuestionDraft().fill(before.body[: old.start], at, "question")
            draft.own(old.new).fill(before.body[old.end :], at, "question")
            return _add_in_brackets(draft, before.brackets, at)
    draft = QuestionDraft().fill(before.body, full, "question")
    if words_of(new)[0].low in PREPOSITIONS:
        return _add_in_brackets(draft.own(f" {new}"), before.brackets, full)
    draft.own(f" ({new}")
    if before.brackets:
        draft.own(", ").fill(before.brackets, full, "question")
    return draft.own(")")


def _last_full(turns: Sequence[Turn]) -> int:
    """The position of the last turn whose question is more than new words, such as "in Lask?"."""
    at = len(turns) - 1
    while at > 0 and turns[at].filled and new_words(ParsedQuestion(turns[at].question)):
        at -= 1
    return at


def _pronouns(asked: ParsedQuestion, turns: Sequence[Turn]) -> QuestionDraft | None:
    """Replace the pronouns by names and add the topic, as in "when did he say that?"."""
    found = pronouns_of(asked)
    if not found:
        return None
    draft = QuestionDraft()
    at = asked.words[asked.opener_count].start
    meanings: dict[str, str] = {}
    for pronoun in found:
        meant = _meant(pronoun, turns)
        # "he" and "them" in one question do not mean the same.
        if meant is None or meanings.setdefault(meant.text, pronoun.kind) != pronoun.kind:
            continue
        word = pronoun.word
        draft.own(asked.body[at : word.start])
        draft.fill(meant.text, meant.turn, meant.source, instead_of=word.text)
        ending = "'" if meant.text.endswith("s") else "'s"
        draft.own(ending if pronoun.possessive else "")
        at = word.end
    draft.own(asked.body[at:])
    return _add_topic(draft, asked, turns, event=any(one.kind == "event" for one in found))


def _thin(asked: ParsedQuestion, turns: Sequence[Turn]) -> QuestionDraft | None:
    """Add the topic to a question that says little: "who is the boss?"."""
    return _full(asked, turns) if is_thin(asked) else None


def _no_noun(asked: ParsedQuestion, turns: Sequence[Turn]) -> QuestionDraft | None:
    """Add the topic if "how many" has no noun: "how many did Labour set up?"."""
    return _full(asked, turns) if lacks_noun(asked) else None


def _full(asked: ParsedQuestion, turns: Sequence[Turn]) -> QuestionDraft | None:
    """Add the topic to any question that has no sign of a follow-up: "who's hosting?"."""
    if not asks(asked):
        return None
    return _add_topic(QuestionDraft().own(asked.words_between(asked.opener_count)), asked, turns)


_RULES: tuple[tuple[Rule, Evidence], ...] = (
    (_more, keeps_words),
    (_instead, keeps_new_words),
    (_bare, keeps_words),
    (_pronouns, keeps_words),
    (_no_noun, keeps_words),
    (_thin, shares_words),
    (_full, leans),
)
"""The rules, in the order in which they are tried, with what the passages must show.

The first that applies is used. Without passages, `_full` never applies.
"""


def _meant(pronoun: Pronoun, turns: Sequence[Turn]) -> Antecedent | None:
    match pronoun.kind:
        case "person":
            return antecedent.person(pronoun.word.low, turns)
        case "several":
            return antecedent.several(turns)
        case "thing":
            return antecedent.thing(turns)
        case "place":
            return antecedent.place_of(turns)
        case _:
            return None


def _add_topic(
    draft: QuestionDraft, asked: ParsedQuestion, turns: Sequence[Turn], *, event: bool = False
) -> QuestionDraft:
    """Add the topic in brackets; for an `event` such as "that", also what the last turn asked."""
    begun, last = topic_turn(asked, turns), len(turns) - 1
    just = topic_words(turns[last], draft.text) if event and turns[last].filled else ""
    just = just if len(content_words(words_of(just))) > 1 else ""
    topic = topic_words(turns[begun], f"{draft.text} {just}")
    if not just:
        return _add_in_brackets(draft, topic, begun)
    draft.own(" (").fill(just, last, "question")
    if topic:
        draft.own(", ").fill(topic, begun, "question")
    return draft.own(")")


def _add_in_brackets(draft: QuestionDraft, words: str, turn: int) -> QuestionDraft:
    """Add words of an earlier turn in brackets."""
    return draft.own(" (").fill(words, turn, "question").own(")") if words else draft
