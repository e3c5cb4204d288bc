"""Completes a follow-up question from earlier turns, with a few rules of English and no model.

A question that is complete, or in another language, is not changed. The rules know only closed
classes of words, such as pronouns and question words, and phrases such as "what about".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from pullquote.conversation import antecedent
from pullquote.conversation.antecedent import Antecedent
from pullquote.conversation.completed import Completed
from pullquote.conversation.draft import QuestionDraft
from pullquote.conversation.evidence import Find, leans, loses_words
from pullquote.conversation.models import Turn
from pullquote.conversation.parsed_question import ParsedQuestion
from pullquote.conversation.pronouns import Pronoun, pronouns_of
from pullquote.conversation.substitution import find_substitution
from pullquote.conversation.topic import topic_turn, topic_words
from pullquote.conversation.words import (
    ASKING,
    AUXILIARIES,
    CLAUSES,
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

_ABOUT = re.compile(r"(?i)^(?:(?:and|but|so|ok|okay),?\s+)*(?:what|how)\s+about\s+(?P<new>.+)$")
_ASKS_AGAIN = re.compile(rf"(?i)[,;:–-]\s*(?:{'|'.join(ASKING | AUXILIARIES)})\b")
_AND = re.compile(r"(?i)^(?:and|or|but)\s+(?P<new>.+)$")
_OTHER = re.compile(r"(?i)^(?:the\s+)?(?:others?|second|third|first|last|next)\b.*$")
_LEAD_ALONE = re.compile(r"(?i)^(?:and|but|or|so|ok(?:ay)?|what about|how about)$")
_MORE = re.compile(
    r"(?i)^(?:(?:and|but)\s+)?(?:any(?:thing|one|body)?\s+(?:else|others?|more)|(?:tell me )?more"
    r"(?: (?:details?|on (?:this|that)|about (?:it|this|that)))?|go on)$"
)
_ORDINALS = ("second", "third", "fourth", "last", "next")
_THIN = 2
"""In content words. A question with so few, with "the" and without a name, is rarely complete.

Among complete questions, none of 130 about news and 3 of 2,800 about invented news have this form
and so few content words.
"""

_MOST_NEW = 6
"""In words after "and". With more words, the question is taken to be complete."""


def complete_question(
    question: str, turns: Sequence[Turn], *, find: Find | None = None
) -> Completed:
    """The text to search for: the question as it is, or completed from earlier turns.

    `turns` are the earlier turns, oldest first. Words are taken from their searched texts, which
    the person may have corrected, and from their best answers.

    With `find`, such as `assistant.find`, the passages decide where the words do not: the question
    is searched as typed and as completed. This takes at most two searches.

    Raises:
        SettingsError: the question is not a string.
    """
    check_kind("The question", question, str, give="a text, such as 'and when?'")
    alone = Completed(question)
    if not turns or max(len(question), len(turns[-1].searched)) > LONGEST:
        return alone
    asked = ParsedQuestion(question)
    if not 0 < len(asked.words) <= MOST_WORDS or not _is_understood(asked, turns):
        return alone
    completed = _completed(asked, turns, _RULES)
    if find is None:
        return alone if completed is None else completed
    if completed is not None:
        return alone if loses_words(question, completed.text, find) else completed
    completed = _completed(asked, turns, (_full,))
    return alone if completed is None or not leans(question, completed.text, find) else completed


def _is_understood(asked: ParsedQuestion, turns: Sequence[Turn]) -> bool:
    """Whether the question is in English, or is a fragment after a question in English."""
    before = is_english(ParsedQuestion(turns[-1].searched).words)
    return is_english(asked.words) or (before and _is_fragment(asked))


def _completed(
    asked: ParsedQuestion, turns: Sequence[Turn], rules: Sequence[Rule]
) -> Completed | None:
    """The question completed by the first rule that applies."""
    for rule in rules:
        draft = rule(asked, turns)
        if draft is not None and draft.filled and len(draft.text) <= LONGEST:
            return Completed(draft.text, tuple(draft.filled), antecedent.cited(turns[-1]))
    return None


def _more(asked: ParsedQuestion, turns: Sequence[Turn]) -> QuestionDraft | None:
    """Repeat the previous question, for "anything else?"."""
    if not (_MORE.match(asked.body) or _LEAD_ALONE.match(asked.body)):
        return None
    last = len(turns) - 1
    before = ParsedQuestion(turns[last].searched)
    draft = QuestionDraft().fill(before.body, last, "question", instead_of=asked.body)
    return _add_in_brackets(draft, before.brackets, last)


def _bare(asked: ParsedQuestion, turns: Sequence[Turn]) -> QuestionDraft | None:
    """Repeat the previous question with a different question word: "why?", "by how much?"."""
    if asked.question_word_at is None or not _is_bare(asked):
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

    New words that replace none are added to the last full question, so they never pile up.
    """
    new = _new_words(asked)
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
    while at > 0 and turns[at].filled and _new_words(ParsedQuestion(turns[at].question)):
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
    """Add the topic to a question that says too little: "who is the boss?", "how many were?"."""
    if not (_is_thin(asked) or _lacks_noun(asked)):
        return None
    draft = QuestionDraft().own(asked.words_between(asked.opener_count))
    return _add_topic(draft, asked, turns)


def _full(asked: ParsedQuestion, turns: Sequence[Turn]) -> QuestionDraft | None:
    """Add the topic to any question that has no sign of a follow-up: "who's hosting?"."""
    if not _asks(asked):
        return None
    return _add_topic(QuestionDraft().own(asked.words_between(asked.opener_count)), asked, turns)


_RULES: tuple[Rule, ...] = (
    _more,
    _instead,
    _bare,
    _pronouns,
    _thin,
)
"""The rules, in the order in which they are tried; the first that applies is used."""


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


def _is_bare(asked: ParsedQuestion) -> bool:
    """Whether a question is little more than its question word: "why not?", "which street?"."""
    words = asked.words[asked.opener_count :]
    own = content_words(words)
    if any(word.is_name for word in own) or asked.auxiliary_at is not None or len(words) > 4:
        return False
    return len(own) <= 1 and not pronouns_of(asked)


def _asks(asked: ParsedQuestion) -> bool:
    return asked.question_word_at is not None or asked.auxiliary_at is not None


def _is_thin(asked: ParsedQuestion) -> bool:
    """Whether a question says little and has "the" for a known thing: "who is the boss?"."""
    own = len(content_words(asked.words))
    known = any(word.low in ("the", *_ORDINALS) for word in asked.words)
    clauses = any(word.low in CLAUSES for word in asked.words[asked.rest_at :])
    return _asks(asked) and not asked.names and 0 < own <= _THIN and known and not clauses


def _lacks_noun(asked: ParsedQuestion) -> bool:
    """Whether "how many" has no noun: "how many did Labour set up?"."""
    words = asked.words[asked.opener_count : asked.rest_at]
    return (
        [word.low for word in words[:2]] == ["how", "many"]
        and asked.auxiliary_at is not None
        and all(word.low in ("more", "others") for word in words[2:-1])
    )


def _is_fragment(asked: ParsedQuestion) -> bool:
    """Whether a question is only a place or a time: "in Songkhla?"."""
    first = asked.words[0].low
    return first in PREPOSITIONS and first == asked.words[0].text and len(asked.words) <= 4


def _new_words(asked: ParsedQuestion) -> str | None:
    """The new words in a fragment, which are added or replace others; None for a full question."""
    if match := _ABOUT.match(asked.body):
        return None if _ASKS_AGAIN.search(match["new"]) else match["new"]
    opened = _AND.match(asked.body)
    new = asked.body if opened is None else opened["new"]
    words = words_of(new)
    if not words or len(words) > _MOST_NEW:
        return None
    if any(word.low in ASKING | AUXILIARIES for word in words):
        return None
    if opened is not None or _OTHER.match(new):
        return new
    return new if _is_fragment(asked) else None
