"""Where the words of a quotation and of its place in an article differ, to be marked. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from pullquote.checking.words import WordList, words_of
from pullquote.schema.quote_check import QuoteDifference


@dataclass(frozen=True, slots=True)
class WordMarks:
    """The ranges of characters that differ, in the quotation and in the article's words."""

    quoted: Sequence[range]
    stored: Sequence[range]


def word_marks(quote: str, stored: str, differences: Sequence[QuoteDifference]) -> WordMarks:
    """The differing words on both sides that are among the differences reported.

    Others differ in what does not count: an ellipsis, a bracket, a mark at an end.
    """
    one, other = words_of(quote), words_of(stored)
    quoted, found = list[range](), list[range]()
    for low, high, first, last in _unequal(one, other):
        if _is_reported(one.text(low, high), [each.quote for each in differences]):
            quoted.append(range(one.starts[low], one.ends[high - 1]))
        if _is_reported(other.text(first, last), [each.article for each in differences]):
            found.append(range(other.starts[first], other.ends[last - 1]))
    return WordMarks(quoted, found)


def _unequal(one: WordList, other: WordList) -> Iterator[tuple[int, int, int, int]]:
    """The stretches between equal words, and equal words with other capitals, on both sides."""
    low = first = 0
    for block in Levenshtein.editops(one.folded, other.folded).as_matching_blocks():
        yield low, block.a, first, block.b
        low, first = block.a + block.size, block.b + block.size
        for at in range(block.size):
            if one.words[block.a + at] != other.words[block.b + at]:
                yield block.a + at, block.a + at + 1, block.b + at, block.b + at + 1


def _is_reported(words: str, reported: Sequence[str]) -> bool:
    return bool(words) and any(each and (each in words or words in each) for each in reported)
