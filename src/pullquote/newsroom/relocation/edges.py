"""The marks with which a quotation begins and ends: punctuation and white space."""

from __future__ import annotations

from pullquote.newsroom.relocation.edited_article import WordRange
from pullquote.newsroom.relocation.words import Words

_QUOTE_MARKS = "\"'`´‘’‚‛“”„‟«»‹›「」『』″′＂＇"
_DASHES = "-‐‑‒–—―−"


def with_marks(words: Words, place: WordRange, quote: str) -> tuple[int, int]:
    """The range of the words with the marks around them that the quotation has too."""
    text = words.text
    quoted = Words.of(quote)
    start, end = words.starts[place.first], words.ends[place.last - 1]
    leading, trailing = quote[: quoted.starts[0]], quote[quoted.ends[-1] :]
    start -= _shared(leading[::-1], text[max(0, start - 2 * len(leading) - 4) : start][::-1])
    end += _shared(trailing, text[end : end + 2 * len(trailing) + 4])
    return start, end


def _shared(marks: str, text: str) -> int:
    """The number of characters of the text that are these marks, as far as they agree.

    Any white space is the same, wherever it is between two marks.
    """
    at, shared = 0, 0
    for mark in marks:
        if mark.isspace():
            continue
        while at < len(text) and text[at].isspace():
            at += 1
        if at == len(text) or _folded(text[at]) != _folded(mark):
            break
        at += 1
        shared = at
    return shared


def _folded(mark: str) -> str:
    if mark in _QUOTE_MARKS:
        return '"'
    return "-" if mark in _DASHES else mark
