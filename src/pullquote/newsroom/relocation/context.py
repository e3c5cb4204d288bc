"""How well the words around a place agree with the words that stood around a quotation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import LCSseq

from pullquote.newsroom.checking.normalise import normalise

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


NEAR = 16
"""Words on each side that decide whether a place is a quotation's at all."""

WIDE = 400
"""Words on each side that decide between several places."""

_LARGEST_GAP = 3
"""Words beside the quotation that an edit may have put in or taken away."""

_SENTENCE = 12
"""Words of a short sentence, which an edit may have put in or taken away."""


@dataclass(frozen=True, slots=True)
class Context:
    """The words before a quotation, the nearest first, and the words after it."""

    before: Sequence[str]
    after: Sequence[str]

    @classmethod
    def of(cls, before: str, after: str) -> Context:
        """The nearest words of the texts before and after a quotation."""
        return cls(_reversed(Words.of(before).keys), Words.of(after).keys[:WIDE])

    @classmethod
    def around(cls, words: Words, first: int, last: int) -> Context:
        """The words around those from `first` up to `last`, which is not one of them."""
        before = words.keys[max(0, first - WIDE - _slack(WIDE)) : first]
        return cls(before[::-1], words.keys[last : last + WIDE + _slack(WIDE)])

    @property
    def size(self) -> int:
        """The number of words that can agree near the quotation."""
        return len(self.before[:NEAR]) + len(self.after[:NEAR])


@dataclass(frozen=True, slots=True)
class Agreement:
    """The number of words beside a place that agree with the context, on each side."""

    before: int
    after: int

    @property
    def total(self) -> int:
        """The words of both sides."""
        return self.before + self.after


def near_agreement(context: Context, place: Context) -> Agreement:
    """The words that agree in the direct neighbourhood, up to a gap of several words."""
    return Agreement(
        _beside(context.before[:NEAR], place.before),
        _beside(context.after[:NEAR], place.after),
    )


def wide_agreement(context: Context, place: Context) -> Agreement:
    """The words that agree in a wide neighbourhood, up to a gap of a sentence or more."""
    return Agreement(
        _beside(context.before[:WIDE], place.before, gap=_SENTENCE),
        _beside(context.after[:WIDE], place.after, gap=_SENTENCE),
    )


def _beside(wanted: Sequence[str], found: Sequence[str], *, gap: int = _LARGEST_GAP) -> int:
    """The words that agree, from the quotation outwards until too many differ.

    A single word counts only if it stands beside the quotation: common words agree by chance.
    """
    agreed, at_wanted, at_found = 0, 0, 0
    for one in equal_runs(wanted, found[: len(wanted) + gap]):
        if max(one.first - at_wanted, one.second - at_found) > gap:
            break
        if one.length > 1 or one.first == one.second == 0:
            agreed += one.length
        at_wanted, at_found = one.first + one.length, one.second + one.length
    return agreed


@dataclass(frozen=True, slots=True)
class EqualRun:
    """Words that are equal in two sequences, from a position in each."""

    first: int
    second: int
    length: int


def equal_runs(wanted: Sequence[str], found: Sequence[str]) -> list[EqualRun]:
    """The runs of equal words, in order. Those at the beginning are one run."""
    same = common_start(wanted, found)
    runs = [
        EqualRun(one.src_start + same, one.dest_start + same, one.src_end - one.src_start)
        for one in LCSseq.opcodes(wanted[same:], found[same:])
        if one.tag == "equal"
    ]
    return [EqualRun(0, 0, same), *runs] if same else runs


def common_start(one: Sequence[str], other: Sequence[str]) -> int:
    """The number of words with which both sequences begin."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _slack(words: int) -> int:
    """The words that may have been added in a neighbourhood of that many words."""
    return words // 4 + _LARGEST_GAP


def _reversed(keys: Sequence[str]) -> Sequence[str]:
    return keys[: -WIDE - 1 : -1]
