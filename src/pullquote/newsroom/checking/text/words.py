"""Cuts a text into the words and marks that are compared, with their places as stored."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

from pullquote.newsroom.checking.text.normalise import LINE_HYPHEN, NormalisedText, normalise

SEPARATOR = "\x1f"
"""Stands before, between and after the words of a key; no word contains it."""

_WORD = re.compile(
    rf"\w+(?:(?:(?<=\d)[.,:](?=\d)|'(?=\w)|{LINE_HYPHEN}(?=\w))\w+)*|\.{{2,}}|[^\s\w]"
)
_QUOTE_MARKS = frozenset("\"'")
CLOSING = frozenset([*".,;:!?-", "..", "...", "...."])
"""Marks that do not count at either end of a quotation or of a part of one."""
_SIGNS = frozenset("$£€¥%‰°+=<>~±×/@&#_−₹₩¢")
"""Signs that belong to the word they touch: a quotation may not leave them out at its ends."""
_CLAUSE_DASHES = frozenset("—―⸺⸻")


@dataclass(frozen=True)
class WordList:
    """The words and marks of a text, except quote marks; word `i` is `stored[starts[i]:ends[i]]`.

    `words` are in one typography, with their capitals.
    """

    stored: str = field(repr=False)
    words: tuple[str, ...]
    starts: tuple[int, ...] = field(repr=False)
    ends: tuple[int, ...] = field(repr=False)

    @cached_property
    def folded(self) -> tuple[str, ...]:
        """The words in lower case."""
        joined = SEPARATOR.join(self.words)
        if self.words and joined.isascii():  # much faster than word by word
            return tuple(joined.lower().split(SEPARATOR))
        return tuple(map(fold_case, self.words))

    @cached_property
    def key(self) -> str:
        """The words in lower case in one string, in which lists of words are searched for."""
        return key_of(self.folded)

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The distinct words in lower case."""
        return frozenset(self.folded)

    @cached_property
    def key_positions(self) -> list[int]:
        """The position in `key` of the separator before each word."""
        lengths = (len(word) + 1 for word in self.folded[:-1])
        return list(accumulate(lengths, initial=0)) if self.folded else []

    def resolved(self, vocabulary: Container[str]) -> WordList:
        """The list with each word that a line end divides joined, or hyphenated as a compound.

        It is joined if the vocabulary has the joined word.
        """
        if LINE_HYPHEN not in self.key:
            return self
        words, starts, ends = list[str](), list[int](), list[int]()
        for word, start, end in zip(self.words, self.starts, self.ends, strict=True):
            joined = word.replace(LINE_HYPHEN, "")
            whole = word == joined or fold_case(joined) in vocabulary
            parts = [joined] if whole else re.split(f"({LINE_HYPHEN})", word)
            words += ["-" if part == LINE_HYPHEN else part for part in parts]
            starts += [start] * len(parts)
            ends += [end] * len(parts)
        return WordList(self.stored, tuple(words), tuple(starts), tuple(ends))

    def binds(self, at: int) -> bool:
        """Whether a sign or a hyphen binds word `at` to the one before, as in "5%", "anti-war"."""
        if not 0 < at < len(self.words) or self.ends[at - 1] != self.starts[at]:
            return False
        before, after = self.words[at - 1], self.words[at]
        return self._binds(at - 1, after) or self._binds(at, before)

    def _binds(self, at: int, other: str) -> bool:
        """Whether the mark `at` belongs to another word that it touches."""
        mark = self.words[at]
        if mark in _SIGNS:
            return other[0].isalnum() or other[0] in _SIGNS
        if mark != "-" or self.stored[self.starts[at] : self.ends[at]][:1] in _CLAUSE_DASHES:
            return False
        return other[0].isalnum() and self._touches_both(at)

    def _touches_both(self, at: int) -> bool:
        """Whether a hyphen touches words on both sides, or is the sign of a number."""
        before = at > 0 and self.ends[at - 1] == self.starts[at]
        after = at + 1 < len(self.words) and self.starts[at + 1] == self.ends[at]
        if not after:
            return False
        return before or self.words[at + 1][0].isdigit()

    def slice(self, start: int, end: int) -> WordList:
        """The words from `start` to `end`."""
        if (start, end) == (0, len(self.words)):
            return self
        cut = slice(start, end)
        return WordList(self.stored, self.words[cut], self.starts[cut], self.ends[cut])

    def without(self, ranges: Sequence[tuple[int, int]]) -> WordList:
        """The words without some ranges of them, except a mark at the end of a range."""
        starts = [0, *(end - (self.words[end - 1] in CLOSING) for _, end in ranges)]
        ends = [*(start for start, _ in ranges), len(self.words)]
        left = [at for start, end in zip(starts, ends, strict=True) for at in range(start, end)]
        return WordList(
            self.stored,
            tuple(self.words[at] for at in left),
            tuple(self.starts[at] for at in left),
            tuple(self.ends[at] for at in left),
        )

    def text(self, start: int, end: int) -> str:
        """The stored text from word `start` to word `end`; "" if that is no word."""
        return self.stored[self.starts[start] : self.ends[end - 1]] if start < end else ""


def key_of(folded: Sequence[str]) -> str:
    """Words in lower case in one string."""
    return SEPARATOR + "".join(word + SEPARATOR for word in folded)


def words_of(text: str) -> WordList:
    """The words and marks of a text."""
    return words_in(text, normalise(text, line_hyphens=True))


def words_in(stored: str, text: NormalisedText) -> WordList:
    """The words and marks of a text that has been normalised with its line hyphens."""
    found = [one for one in _WORD.finditer(text.text) if one[0] not in _QUOTE_MARKS]
    starts = text.stored_starts([one.start() for one in found])
    ends = text.stored_ends([one.end() for one in found])
    return WordList(stored, tuple(one[0] for one in found), tuple(starts), tuple(ends))


def fold_case(word: str) -> str:
    """A word in lower case; letters that only look like others are not replaced by them."""
    return word.lower() if word.isascii() else "".join(map(_lower, word))


def _lower(letter: str) -> str:
    """A letter in lower case, if that is the same letter."""
    if letter in "ßẞ":
        return "ss"
    if letter == "ς":
        return "σ"
    lower = letter.lower()
    return lower if lower.upper() == letter else letter


def is_word(word: str) -> bool:
    """Whether it is a word or a number, and no mark."""
    return word[0].isalnum()
