"""Finds known names in a question, using an index of the names' words."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import chain

_ARTICLE = re.compile(r"(?i)^the\s+")
_WORD = re.compile(r"\w+")
_DOTTED = str.maketrans({"\u0131": "i", "\u0307": None})
"""Case-insensitive patterns treat all forms of the letter I alike; `casefold` does not."""

MOST_NAMES = 200
"""At most this many names are looked for in a question; real questions contain far fewer."""


def bare(name: str) -> str:
    """The name without "the"."""
    return _ARTICLE.sub("", name).strip()


class NameIndex:
    """An index that lists each name under its rarest word.

    A pattern of 10,000 names takes seconds to compile. A pattern of only the names that a question
    contains takes no time.
    """

    def __init__(self, names: tuple[str, ...]) -> None:
        words = [_words(bare(name)) for name in names]
        shared = Counter(chain.from_iterable(words))
        self._names = names
        self._words = words
        self._folded = [_folded(bare(name)) for name in names]
        self._by_word: dict[str | None, list[int]] = {}
        for at, of_name in enumerate(words):
            rarest = min(of_name, key=shared.__getitem__, default=None)
            self._by_word.setdefault(rarest, []).append(at)

    def within(self, question: str) -> tuple[str, ...]:
        """The names that a question may contain, in order.

        Upper and lower case, and kinds of white space, are not distinguished. If there are more
        than `MOST_NAMES` names, only the longest are returned.
        """
        asked, folded = frozenset(_words(question)), _folded(question)
        found = [
            at
            for word in (*asked, None)
            for at in self._by_word.get(word, ())
            if asked.issuperset(self._words[at]) and self._folded[at] in folded
        ]
        longest = sorted(found, key=lambda at: (-len(self._folded[at]), at))[:MOST_NAMES]
        return tuple(self._names[at] for at in sorted(longest))


@lru_cache(maxsize=8)
def name_index(names: tuple[str, ...]) -> NameIndex:
    """The index of these names, from a cache."""
    return NameIndex(names)


def _words(text: str) -> list[str]:
    """The words of a text, normalised so that they compare like a case-insensitive pattern."""
    words: list[str] = _WORD.findall(text)
    if text.isascii():
        return [word.lower() for word in words]
    return [word.casefold().translate(_DOTTED) for word in words]


def _folded(text: str) -> str:
    """The text with single spaces, normalised like `_words`."""
    spaced = " ".join(text.split())
    return spaced.lower() if spaced.isascii() else spaced.casefold().translate(_DOTTED)
