"""Finds the sentences of a text with sentencex, and corrects its errors after abbreviations.

sentencex holds the interpreter's lock, and takes time with the square of a paragraph's length if
that is full of quote marks. So it gets a long paragraph in pieces, each of which takes little time
(`benchmarks/sentences.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import sentencex

from pullquote.base.cancellation import check_cancelled

_MOST_WORK = 10_000_000
"""Characters of a piece times its marks, of which a quote mark may count ten times. The time that
sentencex takes grows with this product. Prose of 10,000 characters has it."""
_LONGEST_PIECE = 16_384
"""In characters."""
_MARK = re.compile(r"[^\w\s]")
_OPENING = re.compile("[«»‹›“„‘‚‛「『《〈`]")
"""For each such mark that is not closed, sentencex reads to the end."""
_READS_ON = 10
_PARAGRAPH = "\n\n"
"""Where sentencex ends a sentence in any case, and begins anew."""

# Titles and abbreviations in news, after which sentencex (1.0.32) wrongly ends a sentence.
_ABBREVIATION = re.compile(
    r"(?:^|[\W_])"
    r"(?:Mr|Mrs|Ms|Mx|Dr|Prof|Rev|Fr|Sr|Sra|Srta|Jr|St|Gen|Maj|Brig|Col|Lt|Capt|Cmdr|Adm|Sgt|Cpl|"
    r"Pol|Det|Con|Insp|Supt|Supts|Asst|Dep|Gov|Sen|Rep|Hon|Pres|Min|Amb|Atty|No|Nos|vs|approx|"
    r"ca|cf|e\.g|i\.e|et al|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|M|Mme|Mlle|Mt|Ft)\.\s*$"
)


def sentence_spans(text: str, language: str = "en") -> list[tuple[int, int]]:
    """The half-open range of each sentence of a text, in order, without surrounding white space.

    `language` is a BCP 47 tag. Together the ranges contain every character that is not white space.

    Raises:
        Cancelled: the work was cancelled.
    """
    primary = re.split("[-_]", language.lower())[0]  # sentencex knows "de" but not "de-CH"
    spans: list[tuple[int, int]] = []
    joins_next = False
    for low, high in _untrimmed_spans(text, primary):
        start, end = trim(text, low, high)
        if start == end:
            continue
        if joins_next:
            start = spans.pop()[0]
        spans.append((start, end))
        joins_next = _ABBREVIATION.search(text, max(0, start - 1, end - 12), end) is not None
    return spans


def _untrimmed_spans(text: str, language: str) -> Iterator[tuple[int, int]]:
    """The sentences of sentencex in order, with the white space around them."""
    low = 0
    while low < len(text):
        high = text.find(_PARAGRAPH, low)
        high = len(text) if high < 0 else high
        yield from _spans_of_paragraph(text, low, high, language)
        low = high + len(_PARAGRAPH)


def _spans_of_paragraph(text: str, low: int, high: int, language: str) -> Iterator[tuple[int, int]]:
    """The sentences of the paragraph `low` to `high`, which sentencex gets in pieces.

    What follows a piece may show that its last sentences are one, as when a quotation goes on. So
    only the sentences of its first half count, and the next piece begins after them.
    """
    start = at = low  # where a sentence begins, and where it is read on
    size = _LONGEST_PIECE
    while at < high:
        check_cancelled()
        size = _piece_size(text, at, min(2 * size, high - at))
        ends = [
            at + one["end_index"]
            for one in sentencex.get_sentence_boundaries(language, text[at : at + size])
        ]
        if at + size < high:
            first = ends[:-1][:1]
            ends = [end for end in ends[:-1] if end <= at + size // 2] or first
        for end in ends:
            yield start, end
            start = end
        at = start if ends else _word_end(text, at + max(1, size // 2), at + size)
    if start < high:
        yield start, high


def _piece_size(text: str, at: int, most: int) -> int:
    """How many characters from `at` on sentencex gets at once."""
    size = min(most, _LONGEST_PIECE)
    while size > 1 and size * _marks(text, at, at + size) > _MOST_WORK:
        size //= 2
    return size


def _marks(text: str, low: int, high: int) -> int:
    """The number of marks in a range, as it counts for `_MOST_WORK`."""
    opening = len(_OPENING.findall(text, low, high))
    return len(_MARK.findall(text, low, high)) + _READS_ON * opening


def _word_end(text: str, low: int, high: int) -> int:
    """Where the last white space in a range begins; its end if there is none."""
    space = max(text.rfind(" ", low, high), text.rfind("\n", low, high))
    return space if space >= low else high


def sentence_around(text: str, start: int, end: int, language: str = "en") -> tuple[int, int]:
    """The range that covers every sentence overlapping `start` to `end`."""
    touched = [s for s in sentence_spans(text, language) if s[0] < end and start < s[1]]
    return (min(start, touched[0][0]), max(end, touched[-1][1])) if touched else (start, end)


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The range without white space at its ends; empty, at `start`, if it is all white space."""
    inner = text[start:end]
    left = len(inner) - len(inner.lstrip())
    stripped = inner.strip()
    return start + left if stripped else start, start + left + len(stripped) if stripped else start
