"""Finds valid spans from logits: whole words, balanced quotes, limited length."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from pullquote.answering.reader.protocol import Window

LONGEST_ANSWER = 48
"""In tokens. Of the training answers, nine in ten have at most 12; clauses have up to 40."""

CONSIDERED = 24
"""How many pairs of start and end are considered in a window; usually the first three decide."""


@dataclass(frozen=True, slots=True)
class ScoredSpan:
    """Characters `start` to `end` of a passage, and their log-odds of being the answer."""

    start: int
    end: int
    span_logit: float


def valid_spans(text: str, windows: Sequence[Window], *, keep: int) -> list[ScoredSpan]:
    """At most `keep` spans of a passage, best first, without overlaps.

    The log-odds are start plus end minus the window's `none`, so they can be compared between
    passages. In a tie, the earlier span comes first, and then the shorter one.
    """
    best: dict[tuple[int, int], float] = {}
    for window in windows:
        for start, end, logit in _pairs(text, window):
            tidied = tidy(text, start, end)
            if tidied is not None and logit > best.get(tidied, -np.inf):
                best[tidied] = logit
    chosen: list[ScoredSpan] = []
    for (start, end), logit in sorted(best.items(), key=lambda item: (-item[1], item[0])):
        if all(end <= other.start or other.end <= start for other in chosen):
            chosen.append(ScoredSpan(start, end, logit))
        if len(chosen) == keep:
            break
    return chosen


def _pairs(text: str, window: Window) -> Iterator[tuple[int, int, float]]:
    """The most likely ranges from a word's start to a word's end, with their log-odds."""
    offsets = _with_accents(text, window.offsets)
    begins, stops = _edges(text, offsets)
    starts = np.where(begins, window.starts, -np.inf)
    ends = np.where(stops, window.ends, -np.inf)
    padded = np.pad(ends, (0, LONGEST_ANSWER), constant_values=-np.inf)
    # Row i, column j: from token i to token i + j. No such pair is reversed or too long.
    pairs = starts[:, None] + sliding_window_view(padded, LONGEST_ANSWER)[: len(starts)]
    most_likely = np.argsort(-pairs, axis=None, kind="stable")[:CONSIDERED]
    for first, further in zip(*np.unravel_index(most_likely, pairs.shape), strict=True):
        if pairs[first, further] > -np.inf:
            logit = float(pairs[first, further]) - window.none
            yield int(offsets[first, 0]), int(offsets[first + further, 1]), logit


_ACCENTS = re.compile(r"(?<=[^\W\d_])[\u0300-\u036f]+")
"""Combining accents after a letter, as found in text that is not in composed form (NFC)."""


def _with_accents(text: str, offsets: NDArray[np.int64]) -> NDArray[np.int64]:
    """The offsets, with tokens extended over the accents that follow their last letter.

    A tokenizer that drops accents would end "Jose\u0301" before its accent.
    """
    reaching = offsets.copy()
    for accents in _ACCENTS.finditer(text):
        left, right = accents.span()
        reaching[(left <= offsets[:, 1]) & (offsets[:, 1] < right), 1] = right
    return reaching


def _edges(text: str, offsets: NDArray[np.int64]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which tokens begin a word, and which tokens end a word.

    "$42m", "-5°C", "6.3%", "9/11", "don't", "hope-monger", "Covid-19" and "Q&A" are words. A span
    may end before the "'s" of "Charlotte's", and after the number of "13-year-old".
    """
    text = _ACCENTS.sub(lambda accents: "x" * len(accents[0]), text)  # accents are part of the word
    begins = np.ones(len(text) + 1, dtype=np.bool_)
    stops = np.ones(len(text) + 1, dtype=np.bool_)
    for word in _WORD.finditer(text):
        for edges in (begins, stops):
            edges[word.start() + 1 : word.end()] = False
        if word["possessive"]:
            stops[word.start("possessive")] = True
    return begins[offsets[:, 0]], stops[offsets[:, 1]]


_BEFORE_NUMBER = r"""
    (?:(?<![^\s(\[“‘"'])[-−–+])?           # a sign, if no word comes before it
    (?:[A-Z]{0,3}[£$¥฿\u20a0-\u20c0]\s?)?
    (?:(?<![\w.])\.)?                      # .5
    """
_WORD = re.compile(
    rf"""
    (?: {_BEFORE_NUMBER}\d+(?:[.,:/]\d+)*(?:\w+|\s?(?:%|°(?:[CF]\b)?))?
        | [^\W\d_]+(?:[-\u2010\u2011&][^\W_]+)+  # hope-monger, Covid-19, Q&A
        | (?:[^\W\d_]\.){{2,}}              # U.S.
        | [^\W_]+(?:['’](?!s\b)[^\W\d_]+)* # don't, O'Brien, but Charlotte|'s
    )
    (?P<possessive>['’]s\b)?
    """,
    re.VERBOSE,
)
_NUMBER = re.compile(rf"{_BEFORE_NUMBER}\d", re.VERBOSE)

_AROUND = ",;:-–—…/|*•"
_OPENING, _CLOSING = "([{“‘«", ")]}”’»"
_STRAIGHT = '"'
_PARTNERS = {"(": ")", "[": "]", "{": "}", "“": "”", "«": "»", _STRAIGHT: _STRAIGHT}
_FULL_STOP_BELONGS = re.compile(r"\b(?:[^\W\d_]|Co|Inc|Ltd|Corp|Jr|Sr|Bros|No|St|etc)\.$")
_DANGLING = re.compile(
    r"""
    (?<!\s)
    (?!(?<=[a-z,])\s+(?:A|IN|OR)$)  # Group A; Gary, IN; Portland, OR
    \s+(?i:of|in|at|to|for|from|by|with|on|as|and|or|but|nor|that|than|the|a|an|into|about)$
    """,
    re.VERBOSE,
)


def tidy(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Trim a range to the words of an answer; None if the range is not an answer.

    Removes punctuation at the edges, quotes and brackets whose partner is outside, and a final
    preposition, conjunction or article. A range is not an answer if it has an unbalanced quote or
    bracket inside, or neither a letter nor a digit.
    """
    previous = None
    while (start, end) != previous:
        previous = start, end
        start, end = _trimmed(text, start, end)
        if dangling := _DANGLING.search(text, start, end):
            end = dangling.start()
    words = text[start:end]
    return (start, end) if any(map(str.isalnum, words)) and _balanced(words) else None


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The range without one superfluous character at an edge, or unchanged."""
    inner = text[start:end]
    if not inner:
        return start, end
    first, last = inner[0], inner[-1]
    loose = _is_loose(first) or first in ".!?"
    if (loose and not _NUMBER.match(text, start)) or (_is_mark(first) and not _partnered(inner, 0)):
        return start + 1, end
    ends_sentence = last in ".!?" and not _FULL_STOP_BELONGS.search(inner)
    if _is_loose(last) or ends_sentence or (_is_mark(last) and not _partnered(inner, -1)):
        return start, end - 1
    if len(inner) > 2 and _encloses(inner):
        return start + 1, end - 1
    return start, end


def _is_loose(character: str) -> bool:
    return character in _AROUND or character.isspace()


def _is_mark(character: str) -> bool:
    return character in _OPENING or character in _CLOSING or character == _STRAIGHT


def _partnered(inner: str, at: int) -> bool:
    """Whether the quote or bracket at an edge has its partner inside the range."""
    mark = inner[at]
    if mark == _STRAIGHT:
        return inner.count(_STRAIGHT) % 2 == 0
    if mark in _OPENING:
        return at == 0 and _CLOSING[_OPENING.index(mark)] in inner[1:]
    return at == -1 and _OPENING[_CLOSING.index(mark)] in inner[:-1]


def _encloses(inner: str) -> bool:
    """Whether one pair of quotes or brackets encloses everything."""
    first, last, middle = inner[0], inner[-1], inner[1:-1]
    if first == last == _STRAIGHT:
        return _STRAIGHT not in middle
    if first in _OPENING and last == _CLOSING[_OPENING.index(first)]:
        return first not in middle and last not in middle
    return False


def _balanced(words: str) -> bool:
    """Whether every bracket and double quote has a partner. Apostrophes do not count as quotes."""
    if re.match(r'[^"]*[\w.,!?]"', words):  # the first straight quote is a closing one
        return False
    awaited: list[str] = []
    for mark in re.findall(r'[][(){}“”«»"]', words):
        if awaited and mark == awaited[-1]:
            awaited.pop()
        elif mark in _PARTNERS:
            awaited.append(_PARTNERS[mark])
        else:
            return False
    return not awaited
