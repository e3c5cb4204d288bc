"""Finds the topic of a conversation: the turn that began it, and the words that name it.

A question that stands alone begins a topic, and each follow-up leans on it. Words that another
follow-up took from its topic are never part of the topic.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pullquote.conversation import antecedent
from pullquote.conversation.models import Turn
from pullquote.conversation.parsed_question import ParsedQuestion
from pullquote.english.questions.words import content_words, words_of

MOST_TOPIC = 14
"""At most this many words are taken from the topic of an earlier turn."""

FARTHEST_TOPIC = 30
"""How many turns are searched for a topic that the person comes back to."""


def topic_turn(asked: ParsedQuestion, turns: Sequence[Turn]) -> int:
    """The position of the turn that began the topic of a follow-up.

    That is the last turn that stands alone. It is an earlier one if the follow-up refers to
    something that was named there but not since: "the council", or a name.
    """
    own = _referred_to(asked)
    begun: list[int] = []
    named: set[str] = set()
    for at in _recent(turns):
        named |= _named_in(turns[at])
        if turns[at].filled:
            continue
        if own & named:
            return at
        begun.append(at)
        named = set()
    return begun[0] if begun else 0


def turns_on_topic(asked: ParsedQuestion, turns: Sequence[Turn]) -> range:
    """The positions of the turn that began the topic of a follow-up, and of its follow-ups."""
    begun = topic_turn(asked, turns)
    after = range(begun + 1, len(turns))
    return range(begun, next((at for at in after if not turns[at].filled), len(turns)))


def clause_words(turn: Turn, text: str) -> str:
    """The words of a turn's question after its question word, for "when was that?"."""
    before = ParsedQuestion(turn.searched)
    nouns = " ".join(word.text for word in before.noun_phrase)
    rest = before.words_between(before.rest_at)
    for name in before.names:
        if rest.startswith(f"{name.text} ") and name.text in text:
            rest = rest.removeprefix(name.text).strip()
    known = {word.low for word in words_of(text)}
    clause = " ".join(filter(None, (nouns, rest)))
    if all(word.low in known for word in content_words(words_of(clause))):
        return ""
    return " ".join(clause.split(" ")[:MOST_TOPIC])


def _recent(turns: Sequence[Turn]) -> range:
    return range(len(turns) - 1, max(-1, len(turns) - 1 - FARTHEST_TOPIC), -1)


def _referred_to(asked: ParsedQuestion) -> set[str]:
    """The names in a question, and the nouns after "the", in lower case."""
    own = content_words(asked.words)
    after = re.compile(r"(?i)\b(?:the|that|those)(?: [\w'’-]+)?$")
    return {
        word.low
        for word in own
        if (word.is_name and word is not asked.words[0])
        or after.search(asked.body[: word.start].rstrip())
    }


def _named_in(turn: Turn) -> set[str]:
    """The words of a turn's own question and of its short answer, in lower case."""
    answer = antecedent.short_answer(turn) or ""
    text = f"{turn.question if turn.filled else turn.searched} {answer}"
    return {word.low for word in content_words(words_of(text))}
