"""Recognises a follow-up by its words, with a few rules of English."""

from __future__ import annotations

import re

from pullquote.conversation.parsed_question import ParsedQuestion
from pullquote.english.questions.chat import SUBJECT_CHANGE
from pullquote.english.questions.words import (
    AUXILIARIES,
    MEASURES,
    THIN,
    content_words,
    words_of,
)
from pullquote.english.word_lists import (
    ASKING,
    FUNCTION_WORDS,
    PREPOSITIONS,
    PREPOSITIONS_OF_TIME,
    THIRD_PERSON,
)

_ABOUT = re.compile(r"(?i)^(?:(?:and|but|so|ok|okay),?\s+)*(?:what|how)\s+about\s+(?P<new>.+)$")
_ASKS_AGAIN = re.compile(rf"(?i)[,;:–-]\s*(?:{'|'.join(ASKING | AUXILIARIES)})\b")
_AND = re.compile(r"(?i)^(?:and|or|but)\s+(?P<new>.+)$")
_LEAD_ALONE = re.compile(r"(?i)^(?:and|but|or|so|ok(?:ay)?|what about|how about)$")
_MORE = re.compile(
    r"(?i)^(?:(?:and|but)\s+)?(?:any(?:thing|one|body)?\s+(?:else|others?|more)|(?:tell me )?more"
    r"(?: (?:details?|on (?:this|that)|about (?:it|this|that)))?|go on)$"
)
_NEW_SUBJECT = re.compile(
    rf"(?i)\A(?:(?:ok(?:ay)?|right|well|now|so|and)\b[,.!]?\s+)*(?:{SUBJECT_CHANGE})"
)
_THIN = 2
"""A question with a pronoun, at most this many content words and no name is rarely complete."""

_MOST_NEW = 6
"""In words after "and". With more words, the question is taken to be complete."""

_POINTING = frozenset(
    "this that these those then there one ones same else other others instead".split()
)
"""Words that may refer to what was said before."""


def asks_for_more(asked: ParsedQuestion) -> bool:
    """Whether a question only asks for more: "anything else?", "and?"."""
    return bool(_MORE.match(asked.body) or _LEAD_ALONE.match(asked.body))


def changes_subject(question: str) -> bool:
    """Whether a question says that it is about something else: "moving on to Yukos, who …"."""
    return _NEW_SUBJECT.match(question) is not None


def asks(asked: ParsedQuestion) -> bool:
    """Whether a question has a question word or begins with an auxiliary."""
    return asked.question_word_at is not None or asked.auxiliary_at is not None


def only_asks(asked: ParsedQuestion) -> bool:
    """Whether a question has nothing but question words, as "when?" and "how many?" have."""
    words = {word.low for word in asked.words[asked.opener_count :]}
    return bool(words & ASKING) and words <= ASKING | MEASURES


def has_open_pronoun(asked: ParsedQuestion) -> bool:
    """Whether a question has a personal pronoun with no name before it: "when did he say so?".

    In "and the pier, how long is it?" the words before the comma say what is meant.
    """
    own = 0
    for word in asked.words[asked.opener_count :]:
        if word.low in THIRD_PERSON and not (word.text[0].isupper() and word is not asked.words[0]):
            return True
        again = word.low in ASKING and asked.body[: word.start].rstrip().endswith((",", ":", "–"))
        if (again and own) or (word.is_name and word.low not in FUNCTION_WORDS):
            return False
        own += word.low not in THIN
    return False


def points(asked: ParsedQuestion) -> bool:
    """Whether a question has a word such as "that" or "there", or asks for "the others"."""
    return any(word.low in _POINTING for word in asked.words)


def looks_incomplete(asked: ParsedQuestion) -> bool:
    """Whether the words of a question alone say that it leans on another one.

    It has no name and hardly a word of its own beside a pronoun, or only new words for the last
    question ("what about Tesco?").
    """
    own = len(content_words(asked.words))
    most = _THIN if has_open_pronoun(asked) else int(points(asked))
    return new_words(asked) is not None or (not asked.names and own <= most)


def is_fragment(asked: ParsedQuestion) -> bool:
    """Whether a question is only a place or a time: "in Songkhla?"."""
    first = asked.words[0].low
    return (
        first in PREPOSITIONS | PREPOSITIONS_OF_TIME
        and first == asked.words[0].text
        and len(asked.words) <= 4
    )


def new_words(asked: ParsedQuestion) -> str | None:
    """The words that a fragment puts into the last question; None for a question of its own."""
    if match := _ABOUT.match(asked.body):
        return None if _ASKS_AGAIN.search(match["new"]) else match["new"]
    opened = _AND.match(asked.body)
    new = asked.body if opened is None else opened["new"]
    words = words_of(new)
    if not 0 < len(words) <= _MOST_NEW or any(w.low in ASKING | AUXILIARIES for w in words):
        return None
    return new if opened is not None or is_fragment(asked) else None
