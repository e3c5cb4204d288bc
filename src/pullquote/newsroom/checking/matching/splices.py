"""Finds quotations that are joined, without a mark, from parts of different sentences."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from pullquote.english.sentences import sentence_spans
from pullquote.newsroom.checking.text.words import CLOSING, WordList, is_word, key_of, words_of

LEAST_RUN = 4
"""In words. A shorter run of equal words may be chance."""
LEAST_COVERED = 0.8
"""The runs of a spliced quotation have at least this share of its words."""
_MOST_RUNS = 6
_SHIFTED = 8
"""In words. Equal words that are so much farther apart in the article are not one passage."""
_AROUND = 2000
"""In characters. A sentence is looked for so far around a run."""
_MOST_WORDS = 1500
"""Longer quotations are not taken apart: the time grows with words times articles."""


@dataclass(frozen=True, slots=True)
class Run:
    """The words `start` to `end` of a quotation that an article has from its word `at` on."""

    start: int
    end: int
    article: int
    at: int

    def __len__(self) -> int:
        return self.end - self.start


def runs_of(quote: WordList, articles: Sequence[WordList]) -> list[Run]:
    """The longest runs of the quotation's words that some article has, from left to right."""
    found: list[Run] = []
    at = 0
    if len(quote.words) > _MOST_WORDS:
        return []
    while at < len(quote.words):
        run = _longest(quote, articles, at)
        if run is None or sum(map(is_word, quote.words[run.start : run.end])) < LEAST_RUN:
            at += 1
            continue
        found.append(run)
        at = run.end
    return found


def first_run(quote: WordList, articles: Sequence[WordList]) -> Run | None:
    """The longest run with which the quotation begins; None if no article has its first word."""
    return _longest(quote, articles, 0) if quote.words else None


def _longest(quote: WordList, articles: Sequence[WordList], start: int) -> Run | None:
    """The longest run that begins at a word of the quotation, of the first article that has it."""
    best: Run | None = None
    for number, article in enumerate(articles):
        length = 0 if best is None else len(best)
        if start + length + 1 > len(quote.words):
            break
        if key_of(quote.folded[start : start + length + 1]) not in article.key:
            continue
        low, high = start + length + 1, len(quote.words)
        while low < high:
            middle = (low + high + 1) // 2
            if key_of(quote.folded[start:middle]) in article.key:
                low = middle
            else:
                high = middle - 1
        at = article.key.find(key_of(quote.folded[start:low]))
        best = Run(start, low, number, bisect_left(article.key_positions, at))
    return best


def is_splice(
    quote: WordList, runs: Sequence[Run], articles: Sequence[WordList], *, marked: bool
) -> bool:
    """Whether the runs make up most of a quotation, and come from different sentences.

    If the last run goes on where the first ends, or in its sentence, only words were changed. The
    same holds for a quotation `marked` with ellipses, as long as the order is that of the article.
    """
    if not 2 <= len(runs) <= _MOST_RUNS:
        return False
    if sum(map(len, runs)) < LEAST_COVERED * len(quote.words):
        return False
    first, last = runs[0], runs[-1]
    if first.article != last.article:
        return True
    if marked:
        return last.at < first.at
    shift = (last.at - first.at) - (last.start - first.start)
    return abs(shift) > _SHIFTED and _sentence(first, articles) != _sentence(last, articles)


def _sentence(run: Run, articles: Sequence[WordList]) -> int:
    """Where the sentence begins in which a run begins."""
    article = articles[run.article]
    position = article.starts[run.at]
    low = max(0, position - _AROUND)
    spans = sentence_spans(article.stored[low : position + _AROUND])
    return low + next((start for start, end in spans if start <= position - low < end), 0)


_SAYS = (
    r"(?:said|says|told|tells|added|adds|wrote|writes|replied|insisted|warned|explained|declared|"
    r"argued|continued|concluded|noted|stated|recalled|claimed|asked)"
)
_WHO = r"(?:he|she|they|it|the \w+(?: \w+){0,3}|[^\W\d_a-z][\w'’.-]*(?: [\w'’.-]+){0,4})"
_CLAUSE = re.compile(rf"[,.!?…] (?={_SAYS} |{_WHO}(?:, [^,.]{{1,60}},)? {_SAYS}\b)")
_OPENING_MARKS, _CLOSING_MARKS = '“„«"', '”"»'


def end_of_words(text: str, articles: Sequence[WordList]) -> int:
    """Where the quotation ends that begins a text: as an article has it, or as the text goes on.

    It ends where an article that has its words closes its own quotation, or with the words that an
    article has in one piece, if they end with a sentence. Otherwise it ends before a clause such as
    "she said", or with the text.
    """
    words = words_of(text)
    run = first_run(words, articles)
    if run is not None:
        article = articles[run.article]
        size = _size_quoted(article, run)
        marks = {*words.words[run.end : run.end + 1], words.words[run.end - 1]}
        ends = size is not None or run.end == len(words.words) or CLOSING & marks
        size = len(run) if size is None else size
        if ends and sum(map(is_word, words.words[:size])) >= LEAST_RUN:
            return words.ends[size - 1]
    clause = _CLAUSE.search(text)
    return len(text) if clause is None else clause.start() + 1


def _size_quoted(article: WordList, run: Run) -> int | None:
    """How many words of a run an article has before a mark that ends a quotation there.

    None if there is no such mark in the run or right after it.
    """
    for at in range(run.at + 1, run.at + len(run) + 1):
        after = article.ends[at - 1]
        if article.stored[after : after + 1] in _CLOSING_MARKS:
            return at - run.at
    return None
