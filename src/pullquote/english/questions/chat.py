"""Finds the question in a chatty message, without the greetings, politeness and story around it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pullquote.english.questions.chat_phrases import ASKS_INSIDE, CLOSES, FACES, OPENS
from pullquote.english.questions.words import (
    ASKING,
    AUXILIARIES,
    PRONOUNS,
    Word,
    content_words,
    is_english,
    words_of,
)
from pullquote.english.sentences import sentence_spans

_TELLER = frozenset("i me my mine we us our i'm i've i'd i'll we're we've we'd".split())
"""Words of people who tell their own story."""

_CONTEXT = 8
"""Maximum number of words that are kept from the story around a question."""

_SELF_SUFFICIENT = 3
"""A question with this many content words, whose pronouns follow a name, needs no story."""

_CLAUSE = re.compile(r"\s+[–—-]+\s+|:\s+|;\s+|…\s*|\.\.\.\s*")
_WHETHER = re.compile(r"(?i)\A(?:if|whether|about) ")
_QUOTED = re.compile(r"[\"“”]")


def strip_chat(text: str) -> str:
    """The question in a message, without the small talk around it; a plain question is unchanged.

    Statements are kept. Sentences in which people tell their own story are dropped, but names in
    them are kept, in brackets after the question. If there are no names, other words are kept if
    the question needs them.
    """
    message = FACES.sub("", text).strip()
    if _QUOTED.search(message) or not is_english(words_of(message)):
        return text
    parts = [_bare(message[start:end]) for start, end in sentence_spans(message)]
    parts = [part for part in parts if words_of(part)]
    found = _without_story(parts) if parts else text
    return text if found.split() == text.split() else found


def _without_story(parts: Sequence[str]) -> str:
    """The sentences, without those that only lead up to the last question."""
    asking = max((at for at, part in enumerate(parts) if _asks(part)), default=len(parts) - 1)
    *before, question = _split(parts[asking])
    story = [part for part in (*parts[:asking], *before, *parts[asking + 1 :]) if _is_story(part)]
    if not question or not (before or _asks(question)):
        story = []
    plain = [part for part in (*parts[:asking], *before) if part not in story]
    plain += [question, *(part for part in parts[asking + 1 :] if part not in story)]
    context = _context(story, question)
    return " ".join(plain) + (f" ({context})" if context else "")


def _bare(sentence: str) -> str:
    """The sentence without small talk at its beginning and end; empty if nothing else is left."""
    bare = _after_opening(sentence)
    while closed := CLOSES.search(bare):
        bare = bare[: closed.start()].rstrip(" ,;:-–—")
    if bare == sentence:
        return sentence
    return _as_question(bare) if sentence.rstrip().endswith("?") else _WHETHER.sub("", bare)


def _after_opening(sentence: str) -> str:
    """The sentence without small talk at its beginning."""
    while opened := OPENS.match(sentence):
        sentence = sentence[opened.end() :]
    return sentence


def _as_question(words: str) -> str:
    """Words with a question mark at the end; none if there are no words."""
    found = _WHETHER.sub("", words).rstrip(" .!?,;:")
    return f"{found}?" if found else ""


def _asks(sentence: str) -> bool:
    """Whether a sentence is a question."""
    words = words_of(sentence)
    return sentence.endswith("?") or (bool(words) and words[0].low in ASKING | AUXILIARIES)


def _split(sentence: str) -> list[str]:
    """A sentence cut into what leads to its question, and the question, if they can be story apart.

    "I have the rest, but I'd like to know what it cost" is cut before "what". "One thing is
    missing: what did it cost?" is cut before "what", too.
    """
    if inside := ASKS_INSIDE.search(sentence):
        return [
            sentence[: inside.start()].rstrip(" ,"),
            _as_question(sentence[inside.end() :].strip()),
        ]
    for found in reversed(list(_CLAUSE.finditer(sentence))):
        before, after = sentence[: found.start()], sentence[found.end() :]
        words = words_of(after)
        if words and words[0].low in ASKING | AUXILIARIES and _is_story(before):
            return [before, _as_question(after)]
    return [sentence]


def _is_story(sentence: str) -> bool:
    """Whether people talk about themselves."""
    return any(word.low in _TELLER for word in words_of(sentence))


def _context(story: Sequence[str], question: str) -> str:
    """What the question needs of the story: names, or else other words if it is incomplete."""
    known = {word.low for word in words_of(question)}
    words = [word for part in story for word in _after_first(part) if word.low not in known]
    found = [word for word in words if word.is_name and word.low not in _TELLER]
    if not found and _is_incomplete(question):
        found = content_words([word for word in words if word.low not in _TELLER])
    texts = (re.sub("['’]s$", "", word.text) for word in found[:_CONTEXT])
    return " ".join(dict.fromkeys(texts))


def _after_first(sentence: str) -> Sequence[Word]:
    """The words of a sentence without the first, whose capital says nothing."""
    return words_of(sentence)[1:]


def _is_incomplete(question: str) -> bool:
    """Whether a question has few words of its own, or a pronoun with no name before it."""
    words = words_of(question)
    pronouns = [at for at, word in enumerate(words) if word.low.split("'")[0] in PRONOUNS]
    named = any(word.is_name for word in words[1 : pronouns[0]]) if pronouns else True
    return not named or len(content_words(words)) < _SELF_SUFFICIENT
