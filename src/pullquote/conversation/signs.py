"""Recognises a follow-up by its words, with a few rules of English."""

from __future__ import annotations

import re

from pullquote.conversation.parsed_question import ParsedQuestion
from pullquote.conversation.pronouns import pronouns_of
from pullquote.english.questions.chat import SUBJECT_CHANGE
from pullquote.english.questions.words import (
    ASKING,
    AUXILIARIES,
    CLAUSES,
    PREPOSITIONS,
    content_words,
    words_of,
)

_ABOUT = re.compile(r"(?i)^(?:(?:and|but|so|ok|okay),?\s+)*(?:what|how)\s+about\s+(?P<new>.+)$")
_ASKS_AGAIN = re.compile(rf"(?i)[,;:–-]\s*(?:{'|'.join(ASKING | AUXILIARIES)})\b")
_AND = re.compile(r"(?i)^(?:and|or|but)\s+(?P<new>.+)$")
_OTHER = re.compile(r"(?i)^(?:the\s+)?(?:others?|second|third|first|last|next)\b.*$")
_LEAD_ALONE = re.compile(r"(?i)^(?:and|but|or|so|ok(?:ay)?|what about|how about)$")
_MORE = re.compile(
    r"(?i)^(?:(?:and|but)\s+)?(?:any(?:thing|one|body)?\s+(?:else|others?|more)|(?:tell me )?more"
    r"(?: (?:details?|on (?:this|that)|about (?:it|this|that)))?|go on)$"
)
_NEW_SUBJECT = re.compile(
    rf"(?i)\A(?:(?:ok(?:ay)?|right|well|now|so|and)\b[,.!]?\s+)*(?:{SUBJECT_CHANGE})"
)
_ORDINALS = ("second", "third", "fourth", "last", "next")
_THIN = 2
"""A question with at most this many content words, with "the" but no name, is rarely complete.

Among complete questions, none of 130 about news and 3 of 2,800 about invented news have this form
and at most this many content words.
"""

_MOST_NEW = 6
"""In words after "and". With more words, the question is taken to be complete."""


def asks_for_more(asked: ParsedQuestion) -> bool:
    """Whether a question only asks for more: "anything else?", "and?"."""
    return bool(_MORE.match(asked.body) or _LEAD_ALONE.match(asked.body))


def changes_subject(question: str) -> bool:
    """Whether a question says that it is about something else: "moving on to Yukos, who …"."""
    return _NEW_SUBJECT.match(question) is not None


def is_bare(asked: ParsedQuestion) -> bool:
    """Whether a question is little more than its question word: "why not?", "which street?"."""
    words = asked.words[asked.opener_count :]
    own = content_words(words)
    if any(word.is_name for word in own) or asked.auxiliary_at is not None or len(words) > 4:
        return False
    return len(own) <= 1 and all(one.word.low == "else" for one in pronouns_of(asked))


def asks(asked: ParsedQuestion) -> bool:
    """Whether a question has a question word or begins with an auxiliary."""
    return asked.question_word_at is not None or asked.auxiliary_at is not None


def is_thin(asked: ParsedQuestion) -> bool:
    """Whether a question says little, and "the" refers to a known thing: "who is the boss?"."""
    own = len(content_words(asked.words))
    known = any(word.low in ("the", *_ORDINALS) for word in asked.words)
    clauses = any(word.low in CLAUSES for word in asked.words[asked.rest_at :])
    return asks(asked) and not asked.names and 0 < own <= _THIN and known and not clauses


def lacks_noun(asked: ParsedQuestion) -> bool:
    """Whether "how many" has no noun: "how many did Labour set up?"."""
    words = asked.words[asked.opener_count : asked.rest_at]
    return (
        [word.low for word in words[:2]] == ["how", "many"]
        and asked.auxiliary_at is not None
        and all(word.low in ("more", "others") for word in words[2:-1])
    )


def is_fragment(asked: ParsedQuestion) -> bool:
    """Whether a question is only a place or a time: "in Songkhla?"."""
    first = asked.words[0].low
    return first in PREPOSITIONS and first == asked.words[0].text and len(asked.words) <= 4


def new_words(asked: ParsedQuestion) -> str | None:
    """The new words in a fragment, which the question before is for; None for a full question."""
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
    return new if is_fragment(asked) else None
