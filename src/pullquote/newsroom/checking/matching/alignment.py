"""Finds the words of an article that are nearest to a quotation, and how the two differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from pullquote.newsroom.checking.matching.matching import all_capitals
from pullquote.newsroom.checking.text.words import WordList, is_word

_BESIDE, _MOST_BESIDE = 4, 40
"""In words. The nearest words may be longer or shorter than the quotation by a quarter and this
number of words, but not by more than the second number at either end."""
_OTHER_AT_END = 2
"""In words. So many other words at an end are shown with those that the article has there."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """The words `start` to `end` of an article that are nearest to a part of a quotation.

    `similarity` is the share of the words, of the longer side, that are the same: 0 to 1.
    """

    start: int
    end: int
    similarity: float


@dataclass(frozen=True, slots=True)
class WordChange:
    """Words of a quotation, and the words of the article that stand there; either may be empty."""

    quoted: str
    stored: str


def nearest(part: WordList, article: WordList) -> Nearest | None:
    """The words of an article that are nearest to a part of a quotation; None if it has none."""
    if not part.words or not article.words:
        return None
    size = len(part.words)
    if size >= len(article.words):
        window = (0, len(article.words))
    else:
        found = fuzz.partial_ratio_alignment(part.folded, article.folded)
        if found is None:
            return None
        window = (found.dest_start, found.dest_end)
    start, end = _fitted(part.folded, article.folded, *window)
    start, end = _with_replaced_ends(part.folded, article.folded, start, end)
    distance = Levenshtein.distance(part.folded, article.folded[start:end])
    return Nearest(start, end, 1 - distance / max(size, end - start))


def _fitted(part: Sequence[str], article: Sequence[str], start: int, end: int) -> tuple[int, int]:
    """The window moved and stretched to where it is nearest to the part; the shortest such."""
    reach = min(len(part) // 4 + _BESIDE, _MOST_BESIDE)
    starts = range(max(0, start - reach), min(end, start + reach))
    ends = range(max(start + 1, end - reach), min(len(article), end + reach) + 1)

    def distance(one: int, other: int) -> float:
        longer = max(len(part), other - one)
        return Levenshtein.distance(part, article[one:other]) / longer

    end = min(ends, key=lambda at: (distance(start, at), at))
    start = min((at for at in starts if at < end), key=lambda at: (distance(at, end), -at))
    end = min((at for at in ends if at > start), key=lambda at: (distance(start, at), at))
    return start, end


def _with_replaced_ends(
    part: Sequence[str], article: Sequence[str], start: int, end: int
) -> tuple[int, int]:
    """The window with the words that stand where the part begins or ends with others.

    It has as many words as the part at most, so it is as near as before.
    """
    there = article[start:end]
    equal = [one for one in Levenshtein.editops(part, there).as_matching_blocks() if one.size]
    if not equal:
        return start, end
    room = max(0, len(part) - len(there))
    first, last = equal[0], equal[-1]
    if first.b == 0 and first.a <= _OTHER_AT_END:
        before = article[max(0, start - min(first.a, room)) : start]
        added = len(list(takewhile(is_word, reversed(before))))
        start, room = start - added, room - added
    others = len(part) - last.a - last.size
    if last.b + last.size == len(there) and others <= _OTHER_AT_END:
        end += len(list(takewhile(is_word, article[end : end + min(others, room)])))
    return start, end


def changes(part: WordList, article: WordList, found: Nearest) -> list[WordChange]:
    """The differences between a part of a quotation and the article's words, in order."""
    changed = list[WordChange]()
    quoted, stored = 0, found.start  # the first words after the last that are equal
    for block in Levenshtein.editops(
        part.folded, article.folded[found.start : found.end]
    ).as_matching_blocks():
        low, at = block.a, found.start + block.b
        if low > quoted or at > stored:
            changed.append(WordChange(part.text(quoted, low), article.text(stored, at)))
        quoted, stored = low + block.size, at + block.size
        changed += _case_changes(part, article, low, at, block.size)
    if article.binds(found.start) and not _starts_with_change(changed, part):
        changed.insert(0, WordChange("", article.words[found.start - 1]))
    if article.binds(found.end) and found.end < len(article.words):
        changed.append(WordChange("", article.words[found.end]))
    return changed


def _starts_with_change(changed: list[WordChange], part: WordList) -> bool:
    """Whether the first words are already reported as different."""
    return bool(changed) and changed[0].quoted.startswith(part.words[0])


def _case_changes(
    part: WordList, article: WordList, quoted: int, stored: int, count: int
) -> Iterator[WordChange]:
    """The words of an equal stretch that differ in capitals where that counts."""
    if all_capitals(part.words) or all_capitals(article.words[stored : stored + count]):
        return
    first = next((at for at, word in enumerate(part.words) if is_word(word)), 0)
    for at in range(count):
        one, other = part.words[quoted + at], article.words[stored + at]
        if one != other and not (quoted + at == first and one[1:] == other[1:]):
            yield WordChange(one, other)
