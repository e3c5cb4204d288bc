"""The places in an edited article that may be those of a quotation."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from pullquote.newsroom.relocation.context import Words

MOST_PLACES = 2000
"""Places that are compared. If more have the words, the neighbours must be the same too."""

MOST_CHANGED = 3000
"""Words of a quotation that is looked for with changes; the time grows with their square."""

_GRAM = 3
_MOST_GRAMS = 64
_MOST_SHIFTS = 24
_MARGIN = 12
"""Words around a quotation that help to align it with changed words."""

_SEPARATOR = " "


@dataclass(frozen=True, slots=True)
class WordRange:
    """Words of a text from `first` up to `last`, and how similar they are to the quotation.

    `similarity` is 1 if all words are the same, and falls to 0.
    """

    first: int
    last: int
    similarity: float = 1.0


class SearchableWords:
    """The words of a text as one string, in which sequences of words are found fast."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._joined = f"{_SEPARATOR}{_SEPARATOR.join(keys)}{_SEPARATOR}"
        self._keys = keys

    @cached_property
    def _starts(self) -> list[int]:
        """Where each word begins, after the separator, in the joined string."""
        at, starts = 1, []
        for key in self._keys:
            starts.append(at)
            at += len(key) + 1
        return starts

    def find(self, keys: Sequence[str], *, most: int = MOST_PLACES) -> list[int]:
        """The numbers of the words where that sequence begins; at most `most + 1`."""
        return list(islice(self._found(keys), most + 1))

    def _found(self, keys: Sequence[str]) -> Iterator[int]:
        wanted = f"{_SEPARATOR}{_SEPARATOR.join(keys)}{_SEPARATOR}"
        at = self._joined.find(wanted)
        while at >= 0 and keys:
            yield bisect_left(self._starts, at + 1)
            at = self._joined.find(wanted, at + 1)


@dataclass(frozen=True)
class QuotedWords:
    """The words of a quotation, and those before and after it in the article that was quoted."""

    before: Sequence[str]
    words: Sequence[str]
    after: Sequence[str]

    @classmethod
    def of(cls, quote: str, *, before: str, after: str) -> QuotedWords:
        """The words of these texts."""
        return cls(Words.of(before).keys, Words.of(quote).keys, Words.of(after).keys)


def same_words(quotation: QuotedWords, article: SearchableWords) -> list[WordRange]:
    """The places that have the quoted words.

    If there are too many, only those are left that also have the words beside the quotation.
    """
    words, size = quotation.words, len(quotation.words)
    found, left = article.find(words), 0
    before, after = quotation.before, quotation.after
    while len(found) > MOST_PLACES and left < min(_MARGIN, len(before), len(after)):
        left += 1
        found = article.find([*before[-left:], *words, *after[:left]])
    if len(found) > MOST_PLACES:
        return []
    return [WordRange(at + left, at + left + size) for at in found]


def similar_words(
    quotation: QuotedWords, words: Words, article: SearchableWords
) -> list[WordRange]:
    """The places that have some of the quoted words or of their neighbours, in the same order."""
    if len(quotation.words) > MOST_CHANGED:
        return []
    before = quotation.before[-_MARGIN:]
    old = [*before, *quotation.words, *quotation.after[:_MARGIN]]
    places = {
        place
        for shift in _shifts(old, article)
        if (place := _aligned(old, len(before), len(quotation.words), words, shift)) is not None
    }
    return sorted(places, key=lambda one: (-one.similarity, one.first))


def _shifts(old: Sequence[str], article: SearchableWords) -> list[int]:
    """How far sequences of words have moved, the most frequent first."""
    grams = range(0, max(1, len(old) - _GRAM + 1), max(1, len(old) // _MOST_GRAMS))
    moved = Counter(
        found - at for at in grams for found in article.find(old[at : at + _GRAM], most=50)
    )
    return [shift for shift, _ in moved.most_common(_MOST_SHIFTS)]


def _aligned(
    old: Sequence[str], begin: int, size: int, words: Words, shift: int
) -> WordRange | None:
    """The words at which the quotation stands if the text has moved that far; None if it is gone.

    The quotation is `size` words of `old` from `begin` on.
    """
    slack = _MARGIN + size // 2
    low = max(0, shift - slack)
    window = words.keys[low : max(0, shift + len(old) + slack)]
    pairs = [
        (one.src_start + n, one.dest_start + n)
        for one in LCSseq.opcodes(old, window)
        if one.tag == "equal"
        for n in range(one.src_end - one.src_start)
    ]
    inner = [(a, b) for a, b in pairs if begin <= a < begin + size]
    if not inner:
        return None
    left = max((b + 1 for a, b in pairs if a < begin), default=0)
    right = min((b for a, b in pairs if a >= begin + size), default=len(window))
    first = max(left, inner[0][1] - (inner[0][0] - begin))
    last = min(right, inner[-1][1] + begin + size - inner[-1][0])
    quoted = " ".join(old[begin : begin + size])
    similarity = fuzz.ratio(quoted, " ".join(window[first:last])) / 100
    return WordRange(low + first, low + last, similarity)
