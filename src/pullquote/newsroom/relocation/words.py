"""The words of a text with their positions, in a form in which typography does not count."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pullquote.newsroom.checking.text.normalise import normalise

_UNSPACED = "\u2e80-\u2fdf\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Chinese and Japanese letters, which stand without spaces: each is a word of its own."""

_CURRENCIES = "$£¥€¢₹₽₩₺₴₪₦"
_SIGNS = f"%‰+&@#°=<>±×÷{_CURRENCIES}"
"""Signs that are read as words: without them, a quotation says something else."""

_MINUS = r"(?<![\w-])-"
"""A dash before a number that does not join it to a word: "−5", but neither "1990–95" nor "A-5"."""

_LETTER = f"[^\\W{_UNSPACED}]"
_WORD = re.compile(
    f"[{_UNSPACED}{_SIGNS}]|{_MINUS}(?=[{_CURRENCIES}])|"
    f"(?:{_MINUS}(?=\\d))?{_LETTER}(?:{_LETTER}|[\u0300-\u036f]|(?<=\\d)[.,:](?=\\d))*"
)


@dataclass(frozen=True)
class Words:
    """The words of `text`: the keys to compare, and the range of each in the text.

    A key is the word in one typography and without case. White space and punctuation are in no
    word, except a mark between two digits and a minus sign. Signs such as "%" and "£" are words.
    """

    text: str
    keys: Sequence[str]
    starts: Sequence[int]
    ends: Sequence[int]

    @classmethod
    def of(cls, text: str) -> Words:
        """The words of a text."""
        reading = normalise(text)
        found = list(_WORD.finditer(reading.text))
        starts = reading.stored_starts([one.start() for one in found])
        ends = reading.stored_ends([one.end() for one in found])
        return cls(text, [one[0].casefold() for one in found], starts, ends)

    def __len__(self) -> int:
        return len(self.keys)
