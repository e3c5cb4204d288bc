"""Finds the words between two quotations of an article that a draft may leave out: "he said"."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pullquote.english.attribution.tokens import quotations
from pullquote.english.sentences import sentence_spans
from pullquote.newsroom.checking.text.form import Mark, QuoteForm, WordRange
from pullquote.newsroom.checking.text.words import CLOSING, WordList
from pullquote.schema import Article

_MOST_WORDS = 40
"""In a reporting clause."""
_LONGEST = 400
"""In characters."""
_COMPARED = 3
"""In words. So many words on both sides of a clause say where a quotation leaves it out."""


def clauses_in(article: Article, words: WordList, offset: int, end: int) -> tuple[WordRange, ...]:
    """The words between quotations that may be a reporting clause, in a part of an article.

    A range has the marks before the clause too, such as the comma in “It was gravel,” he said.
    """
    blocks = [
        (max(offset, block.start), min(end, block.end))
        for block in article.blocks
        if block.start < end and offset < block.end
    ]
    quoted = quotations(article.text, blocks)
    found: list[WordRange] = []
    for one, other in pairwise(quoted):
        between = article.text[one.end : other.start]
        if _is_one_clause(between):
            found += _range_of(words, one.end - offset, other.start - offset)
    return tuple(found)


def _is_one_clause(between: str) -> bool:
    """Whether the text between two quotations is one sentence at most."""
    if len(between) > _LONGEST or not any(map(str.isalnum, between)):
        return False
    return between.strip().count("\n") == 0 and len(sentence_spans(between.strip())) == 1


def _range_of(words: WordList, start: int, end: int) -> Iterator[WordRange]:
    """The words of a range of the text, with the closing marks beside them."""
    low, high = bisect_left(words.starts, start), bisect_left(words.starts, end)
    while low > 0 and words.words[low - 1] in CLOSING:
        low -= 1
    while high < len(words.words) and words.words[high] in CLOSING:
        high += 1
    if 0 < low < high < len(words.words) and high - low <= _MOST_WORDS:
        yield low, high


def without_clauses(
    form: QuoteForm, article: WordList, clauses: Sequence[WordRange]
) -> QuoteForm | None:
    """The quotation cut where it leaves out clauses of an article; None if it leaves out none."""
    parts, marks = list[WordList](), list[Mark]()
    for part, mark in zip(form.parts, [*form.marks, None], strict=True):
        start = 0
        for left, right, clause in _cuts(part, article, clauses):
            parts.append(part.slice(start, left))
            marks.append(Mark("clause", clause=clause))
            start = right
        parts.append(part.slice(start, len(part.words)))
        marks += [] if mark is None else [mark]
    if len(parts) == len(form.parts):
        return None
    return QuoteForm(tuple(parts), tuple(marks), form.leading, form.trailing)


def _cuts(
    part: WordList, article: WordList, clauses: Sequence[WordRange]
) -> Iterator[tuple[int, int, WordRange]]:
    """Where a part of a quotation leaves out clauses.

    It is the end of the words before and the start of those after, with the clause.
    """
    start = 0
    for clause in clauses:
        for left in range(start + 1, len(part.words)):
            right = left
            while right < len(part.words) and part.words[right] in CLOSING:
                right += 1
            if right < len(part.words) and _joins(part, article, clause, start, left, right):
                yield left, right, clause
                start = right
                break


def _joins(
    part: WordList, article: WordList, clause: WordRange, start: int, left: int, right: int
) -> bool:
    """Whether the words beside a place of a quotation are those beside a clause."""
    low, high = clause
    if part.folded[left - 1] != article.folded[low - 1]:
        return False
    before = min(_COMPARED, left - start)
    after = min(_COMPARED, len(part.words) - right)
    return (
        part.folded[left - before : left] == article.folded[max(0, low - before) : low]
        and part.folded[right : right + after] == article.folded[high : high + after]
    )
