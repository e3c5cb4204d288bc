"""Parses a question into opening words, question word and noun, auxiliary, and the rest.

The parser knows only closed classes of English words, and no grammar. All other words are the rest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from pullquote.english.questions.words import AUXILIARIES, MEASURES, Word, words_of
from pullquote.english.word_lists import (
    ASKING,
    FUNCTION_WORDS,
    PREPOSITIONS,
    PREPOSITIONS_OF_TIME,
    SUBORDINATORS,
)

_OPENERS = frozenset("and but or so ok okay well also now".split())
_CLAUSE = SUBORDINATORS | frozenset("and or which who he she they".split())
"""Words that may begin a clause."""
_SHORT = re.compile(r"(?i)\b(who|what|where|when|why|how)['’](s|ll|re)\b")
_LONG = {"s": "is", "ll": "will", "re": "are"}
_BRACKETS = re.compile(r"\s*\(([^()]*)\)\s*$")
_LONGEST_PHRASE = 6
"""At most this many words may be between a question word and its auxiliary."""


@dataclass(frozen=True, slots=True)
class ProperName:
    """Adjacent words written as a name: `text == question[start:end]`."""

    text: str
    start: int
    end: int


class ParsedQuestion:
    """The parts of a question; each is a slice of `body`, in which "who's" is written "who is".

    `brackets` is the text in brackets at the end, which a completed question may have.
    """

    def __init__(self, question: str) -> None:
        stripped = _SHORT.sub(lambda m: f"{m[1]} {_LONG[m[2].lower()]}", question.strip())
        found = _BRACKETS.search(stripped.rstrip("?!. "))
        self.brackets = "" if found is None else found[1].strip()
        unmarked = stripped.rstrip("?!. ")
        self.body = (unmarked if found is None else unmarked[: found.start()]).rstrip("?!.,; ")
        self.words = words_of(self.body)

    @cached_property
    def opener_count(self) -> int:
        """How many words at the beginning only open the question, such as "and", "so" or "ok"."""
        words = self.words
        count = 0
        while count < len(words) and words[count].low in _OPENERS:
            count += 1
        return count

    @cached_property
    def question_word_at(self) -> int | None:
        """The position of the question word, if the question begins with one."""
        at = self.opener_count
        words = self.words
        if [word.low for word in words[at : at + 2]] == ["according", "to"]:
            at += 2
        elif at + 1 < len(words) and words[at].low in PREPOSITIONS | PREPOSITIONS_OF_TIME:
            at += 1
        return at if at < len(words) and words[at].low in ASKING else None

    @cached_property
    def auxiliary_at(self) -> int | None:
        """The position of the auxiliary, after the question word or at the beginning."""
        words = self.words
        if self.question_word_at is None:
            at = self.opener_count
            return at if at < len(words) and words[at].low in AUXILIARIES else None
        for at in range(
            self.question_word_at + 1, min(self.question_word_at + 1 + _LONGEST_PHRASE, len(words))
        ):
            if words[at].low in AUXILIARIES:
                return at
            if words[at].low in _CLAUSE:
                break
        return None

    @cached_property
    def rest_at(self) -> int:
        """The position of the first word after the question word, measure word and auxiliary."""
        if self.auxiliary_at is not None:
            return self.auxiliary_at + 1
        if self.question_word_at is None:
            return self.opener_count
        at = self.question_word_at + 1
        while at < len(self.words) and self.words[at].low in MEASURES:
            at += 1
        return at

    @cached_property
    def noun_phrase(self) -> tuple[Word, ...]:
        """The noun after the question word: "victims" in "how many victims were"."""
        if self.question_word_at is None or self.auxiliary_at is None:
            return ()
        between = self.words[self.question_word_at + 1 : self.auxiliary_at]
        return tuple(word for word in between if word.low not in MEASURES | {"else", "exactly"})

    def words_between(self, first: int, last: int | None = None) -> str:
        """The text from word `first` up to but not including word `last`."""
        words = self.words[first:last]
        return self.body[words[0].start : words[-1].end] if words else ""

    @cached_property
    def names(self) -> tuple[ProperName, ...]:
        """The names, in order, not including opening words and the question word."""
        runs: list[ProperName] = []
        begins = self.opener_count if self.question_word_at is None else self.question_word_at + 1
        for word in self.words[begins:]:
            if not word.is_name or word.low in FUNCTION_WORDS:
                continue
            text = re.sub(r"['’]s$", "", word.text)
            end = word.start + len(text)
            if runs and self.body[runs[-1].end : word.start].strip(" ") == "":
                runs[-1] = ProperName(self.body[runs[-1].start : end], runs[-1].start, end)
            else:
                runs.append(ProperName(text, word.start, end))
        return tuple(runs)
