"""A question -> its parts: what opens it, the question word with its noun, the auxiliary, the rest.

No grammar of English, only its closed classes: what is not told apart stays in the rest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from pullquote.conversation.words import (
    ASKING,
    AUXILIARIES,
    CLAUSES,
    FUNCTION,
    MEASURES,
    OPENERS,
    PREPOSITIONS,
    Word,
    words_of,
)

_ASIDE = re.compile(r"\s*\(([^()]*)\)\s*$")
_LONGEST_PHRASE = 6
"""Words between a question word and its auxiliary."""
_BE = frozenset("is are was were".split())


@dataclass(frozen=True, slots=True)
class Name:
    """A run of words that are written as names are: `text == question[start:end]`."""

    text: str
    start: int
    end: int


class Asked:
    """The parts of a question; every one is a slice of `body`.

    `aside` is what stands in brackets at its end, as in a question that was completed before.
    """

    def __init__(self, question: str) -> None:
        stripped = question.strip()
        found = _ASIDE.search(stripped.rstrip("?!. "))
        self.aside = "" if found is None else found[1].strip()
        kept = stripped.rstrip("?!. ")
        self.body = (kept if found is None else kept[: found.start()]).rstrip("?!.,; ")
        self.words = words_of(self.body)

    @cached_property
    def opened(self) -> int:
        """How many words only open the question: "and", "so", "ok"."""
        words = self.words
        count = 0
        while count < len(words) and words[count].low in OPENERS:
            count += 1
        return count

    @cached_property
    def asking(self) -> int | None:
        """The place of the question word, if one begins the question."""
        at = self.opened
        words = self.words
        if [word.low for word in words[at : at + 2]] == ["according", "to"]:
            at += 2
        elif at + 1 < len(words) and words[at].low in PREPOSITIONS:
            at += 1
        return at if at < len(words) and words[at].low in ASKING else None

    @cached_property
    def auxiliary(self) -> int | None:
        """The place of the auxiliary that belongs to the question word, or begins the question."""
        words = self.words
        if self.asking is None:
            at = self.opened
            return at if at < len(words) and words[at].low in AUXILIARIES else None
        for at in range(self.asking + 1, min(self.asking + 1 + _LONGEST_PHRASE, len(words))):
            if words[at].low in AUXILIARIES:
                return at
            if words[at].low in CLAUSES:
                break
        return None

    @cached_property
    def rest(self) -> int:
        """The place of the first word after question word, measure and auxiliary."""
        if self.auxiliary is not None:
            return self.auxiliary + 1
        if self.asking is None:
            return self.opened
        at = self.asking + 1
        while at < len(self.words) and self.words[at].low in MEASURES:
            at += 1
        return at

    @cached_property
    def noun(self) -> tuple[Word, ...]:
        """What the question word asks for by name: "victims" in "how many victims were"."""
        if self.asking is None or self.auxiliary is None:
            return ()
        between = self.words[self.asking + 1 : self.auxiliary]
        return tuple(word for word in between if word.low not in MEASURES | {"else", "exactly"})

    @cached_property
    def word(self) -> str:
        """The question word in small letters, or nothing."""
        return "" if self.asking is None else self.words[self.asking].low

    @property
    def asks_for_subject(self) -> bool:
        """Whether the answer takes the place of the question word: "who agreed to it"."""
        if self.asking is None or self.word not in ("who", "what", "which"):
            return False
        if self.auxiliary is None:
            return self.word == "who"
        verb = self.words[self.auxiliary].low
        follows = self.words[self.auxiliary + 1].low if self.rest < len(self.words) else ""
        return verb in _BE and self.word == "who" and follows.endswith(("ed", "en", "ing"))

    def text(self, first: int, last: int | None = None) -> str:
        """The words from one place to before another, as they stand in the question."""
        words = self.words[first:last]
        return self.body[words[0].start : words[-1].end] if words else ""

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """Runs of names, in order; the word that begins the question counts only if it must."""
        runs: list[Name] = []
        begins = self.opened if self.asking is None else self.asking + 1
        for word in self.words[begins:]:
            if not word.is_name or word.low in FUNCTION:
                continue
            text = re.sub(r"['’]s$", "", word.text)
            end = word.start + len(text)
            if runs and self.body[runs[-1].end : word.start].strip(" ") == "":
                runs[-1] = Name(self.body[runs[-1].start : end], runs[-1].start, end)
            else:
                runs.append(Name(text, word.start, end))
        return tuple(runs)
