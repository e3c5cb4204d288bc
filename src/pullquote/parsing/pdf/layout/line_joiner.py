"""Joins lines into one text, and rejoins words that were split at the end of a line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from pullquote.parsing.blocks import PageSpan

HYPHENS = ("-", "\u00ad", "\u2010")
_HYPHENATED = re.compile(r"(\w+)[-\u00ad\u2010]$")
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_LETTERS = re.compile(r"[^\W\d_]+")
# Scripts without spaces between words. A line break between their letters adds no space.
_UNSPACED = (
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uff60]"
)
_NO_SPACE = re.compile(rf"{_UNSPACED}\n{_UNSPACED}")
_LONGEST_WORD = 60
_SUSPENDED = frozenset("and or to nor but und oder bis et ou y o e".split())
"""A hyphen before one of these words is not removed: "two- and three-year terms"."""


def count_words(lines: Iterable[str]) -> Counter[str]:
    """Count the words within lines, in lower case. A hyphenated compound is one word."""
    return Counter(word.casefold() for line in lines for word in _WORD.findall(line))


class LineJoiner:
    """Joins the lines of a paragraph, and records which part of the text is on which page.

    A word that is split between two pages belongs to the page where it begins.
    """

    def __init__(self, words: Counter[str]) -> None:
        self.parts: list[str] = []
        self.page_spans: list[PageSpan] = []
        self._words = words
        self._length = 0

    def add(self, line: str, *, page: int) -> None:
        """Append a line, which must not be empty."""
        continues_word = self._append_separator(line)
        start = self._length
        self.parts.append(line)
        self._length += len(line)
        if self.page_spans and self.page_spans[-1].page == page:
            self._end_at(self._length)
            return
        if continues_word:
            head = len(line.split(maxsplit=1)[0])
            self._end_at(start + head)
            start += head + 1
        if start < self._length:
            self.page_spans.append(PageSpan(start, self._length, page))

    def _end_at(self, end: int) -> None:
        last = self.page_spans[-1]
        self.page_spans[-1] = PageSpan(last.start, end, last.page)

    def _append_separator(self, line: str) -> bool:
        """Append the separator before the next line. Returns whether a word continues."""
        if not self.parts:
            return False
        last = self.parts[-1]
        hyphenated = _HYPHENATED.search(last, max(0, len(last) - _LONGEST_WORD))
        word = _LETTERS.match(line)
        if hyphenated is not None and line[0].isalnum() and not _is_suspended(word):
            if word is not None and not self._is_compound(hyphenated, word[0]):
                self.parts[-1] = last[:-1]
                self._length -= 1
                self._end_at(self._length)
            return True
        if not _NO_SPACE.fullmatch(f"{last[-1]}\n{line[0]}"):
            self.parts.append(" ")
            self._length += 1
        return False

    def _is_compound(self, hyphenated: re.Match[str], second: str) -> bool:
        """Whether a hyphen at the end of a line belongs to the word, as in "well-known".

        The spelling elsewhere in the document decides. If the word does not occur elsewhere, a
        capital or a digit decides.
        """
        first = hyphenated[1].casefold()
        if hyphenated[0].endswith("\u00ad"):
            return False
        whole = self._words[first + second.casefold()]
        compound = self._words[f"{first}-{second.casefold()}"]
        if whole or compound:
            return compound > whole
        return not (first.isalpha() and second[0].islower())


def _is_suspended(word: re.Match[str] | None) -> bool:
    return word is not None and word[0] in _SUSPENDED
