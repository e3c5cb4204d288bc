"""Names that a question may hold, found by its words: the question is read, and not every name."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import chain

_ARTICLE = re.compile(r"(?i)^the\s+")
_WORD = re.compile(r"\w+")
_DOTTED = str.maketrans({"\u0131": "i", "\u0307": None})
"""Regular expressions that ignore case take all letters I for one, `casefold` does not."""

MOST_NAMES = 200
"""Names looked for in one question: more can only stand in it in an archive made for that."""


def bare(name: str) -> str:
    """The name without "the"."""
    return _ARTICLE.sub("", name).strip()


class NameIndex:
    """Some names, each to be looked up by the one of its words that the fewest names share.

    A pattern of 10,000 names takes seconds to compile; of those in a question it takes nothing.
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
        """The names that may stand in a question, in order; others cannot.

        They stand in it where letters are compared without case and all white space is alike.
        Of more than `MOST_NAMES` it is the longest.
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
    """The names, to be looked up; made once for those of an index."""
    return NameIndex(names)


def _words(text: str) -> list[str]:
    """The words of a text, equal where a pattern that ignores case takes them for equal."""
    words: list[str] = _WORD.findall(text)
    if text.isascii():
        return [word.lower() for word in words]
    return [word.casefold().translate(_DOTTED) for word in words]


def _folded(text: str) -> str:
    """The text as a pattern that ignores case sees it, with one space for any white space."""
    spaced = " ".join(text.split())
    return spaced.lower() if spaced.isascii() else spaced.casefold().translate(_DOTTED)
