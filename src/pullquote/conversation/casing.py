"""Restores the capital letters of names in questions that are typed in lower case."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pullquote.english.questions.words import ASKING, AUXILIARIES, FUNCTION, Word, words_of

MOST_CHARACTERS = 60_000
"""At most this many characters are compared; more would take too long."""

_BEGINS_SENTENCE = re.compile(r"(?:^|[.!?:\n\"“”'‘])\s*$")
_OFTEN_FIRST = ASKING | AUXILIARIES | frozenset("the a an and but in on at".split())
_SHORTEST = 3
"""In letters. Shorter words are often written in capitals for other reasons."""


def is_lower(text: str) -> bool:
    """Whether a text has no capital letters, except perhaps the first letter and "I"."""
    return not any(word.text[0].isupper() for word in words_of(text)[1:] if word.low != "i")


class PrintedNames:
    """How the words of lower-case texts are written in print.

    A word is a name if it always begins with a capital letter inside sentences. If it only
    sometimes does, it is a name next to the same word as in print: "Carry On" films.
    """

    def __init__(self, texts: Iterable[str], printed: Iterable[str]) -> None:
        self._spellings: dict[str, str] = {}
        self._common: set[str] = set()
        self._printed = ""
        wanted = {_plain(word) for text in texts for word in words_of(text)} - FUNCTION
        longest = sorted((one for one in wanted if len(one) >= _SHORTEST), key=len, reverse=True)
        if longest:
            self._scan("|".join(map(re.escape, longest)), "\n".join(printed)[:MOST_CHARACTERS])

    def _scan(self, words: str, printed: str) -> None:
        self._printed = printed
        pattern = rf"(?i)(?<![\w-])(?P<word>{words})(?![\w-])(?=(?:[ ](?P<next>\w+))?)"
        for match in re.finditer(pattern, printed):
            spelling, following = match["word"], match["next"] or ""
            if spelling[0].islower():
                self._common.add(spelling)
                continue
            before = printed[max(0, match.start() - 3) : match.start()]
            if following[:1].isupper() or not _BEGINS_SENTENCE.search(before):
                self._spellings.setdefault(spelling.lower(), spelling)

    def restored(self, text: str) -> str:
        """The text, of the same length, with its names written as in print."""
        words = words_of(text)
        parts = []
        at = 0
        for place, word in enumerate(words):
            plain = _plain(word)
            name = self._spellings.get(plain)
            if name is None or not word.text[0].islower() or not self._is_name(words, place):
                continue
            parts += [text[at : word.start], name]
            at = word.start + len(plain)
        return "".join((*parts, text[at:]))

    def _is_name(self, words: Sequence[Word], place: int) -> bool:
        here = _plain(words[place])
        if here not in self._common:
            return True
        pairs = [words[place : place + 2], words[place - 1 : place + 1]]
        return any(
            " ".join(_plain(word).capitalize() for word in pair) in self._printed
            for pair in pairs
            if len(pair) == 2 and pair[0].low not in _OFTEN_FIRST
        )


def _plain(word: Word) -> str:
    return word.low.removesuffix("'s")
