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


def bare(name: str) -> str:
    """The name without "the"."""
    return _ARTICLE.sub("", name).strip()


class Names:
    """Some names, each to be looked up by the one of its words that the fewest names share.

    A pattern of 10,000 names takes seconds to compile; of those in a question it takes nothing.
    """

    def __init__(self, names: tuple[str, ...]) -> None:
        words = [_words(bare(name)) for name in names]
        shared = Counter(chain.from_iterable(words))
        self._names = names
        self._words = words
        self._by_word: dict[str | None, list[int]] = {}
        for at, of_name in enumerate(words):
            rarest = min(of_name, key=shared.__getitem__, default=None)
            self._by_word.setdefault(rarest, []).append(at)

    def within(self, question: str) -> tuple[str, ...]:
        """The names all of whose words are in a question, in order; others cannot be in it.

        Those of signs alone are among them, whatever the question.
        """
        asked = frozenset(_words(question))
        found = [at for word in (*asked, None) for at in self._by_word.get(word, ())]
        return tuple(self._names[at] for at in sorted(found) if asked.issuperset(self._words[at]))


@lru_cache(maxsize=8)
def names_of(names: tuple[str, ...]) -> Names:
    """The names, to be looked up; made once for those of an index."""
    return Names(names)


def _words(text: str) -> list[str]:
    """The words of a text, equal where a pattern that ignores case takes them for equal."""
    words: list[str] = _WORD.findall(text)
    if text.isascii():
        return [word.lower() for word in words]
    return [word.casefold().translate(_DOTTED) for word in words]
