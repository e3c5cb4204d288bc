"""Shows the words of a quotation and of its article in one text, with what differs marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from pullquote.newsroom.checking.text.words import CLOSING, WordList, words_of
from pullquote.schema.quote_check import QuoteDifference


@dataclass(frozen=True, slots=True)
class ComparedText:
    """A part of a quotation. If `differs`, the article has the words `stored` instead of `text`."""

    text: str
    stored: str = ""
    differs: bool = False


@dataclass(frozen=True, slots=True)
class _Pair:
    """A range of the quotation's words, and the words that the article has there."""

    start: int
    end: int
    stored: str


def compared(
    quote: str, stored: str, differences: Sequence[QuoteDifference]
) -> tuple[ComparedText, ...]:
    """The text of a quotation with its differences where they are.

    It is empty if their places are unclear, as in a quotation with an ellipsis or a bracket.
    """
    words = words_of(quote)
    pairs = list(_pairs(words, words_of(stored), differences))
    found = [(words.text(one.start, one.end), one.stored) for one in pairs]
    if not pairs or found != [(one.quote, one.article) for one in differences]:
        return ()
    return tuple(one for one in _cut(words, pairs) if one.text or one.differs)


def _pairs(
    quoted: WordList, stored: WordList, differences: Sequence[QuoteDifference]
) -> Iterator[_Pair]:
    """The words that differ, without closing marks at the ends, which do not count."""
    low, high = _without_closing(quoted)
    known = {(one.quote, one.article) for one in differences}
    at, at_stored = low, 0
    for block in Levenshtein.editops(quoted.folded[low:high], stored.folded).as_matching_blocks():
        start, start_stored = low + block.a, block.b
        if start > at or start_stored > at_stored:
            yield _Pair(at, start, stored.text(at_stored, start_stored))
        for number in range(block.size):
            one, other = quoted.words[start + number], stored.words[start_stored + number]
            if one != other and (one, other) in known:
                yield _Pair(start + number, start + number + 1, other)
        at, at_stored = start + block.size, start_stored + block.size


def _without_closing(words: WordList) -> tuple[int, int]:
    start, end = 0, len(words.words)
    while start < end and words.words[start] in CLOSING:
        start += 1
    while start < end and words.words[end - 1] in CLOSING:
        end -= 1
    return start, end


def _cut(words: WordList, pairs: Sequence[_Pair]) -> Iterator[ComparedText]:
    """The whole quotation, cut at the pairs."""
    at = 0
    for one in pairs:
        start = _place(words, one.start)
        end = start if one.start == one.end else words.ends[one.end - 1]
        yield ComparedText(words.stored[at:start])
        yield ComparedText(words.stored[start:end], one.stored, differs=True)
        at = end
    yield ComparedText(words.stored[at:])


def _place(words: WordList, number: int) -> int:
    """The position of a word; after the last one, its end."""
    return words.starts[number] if number < len(words.words) else words.ends[-1]
