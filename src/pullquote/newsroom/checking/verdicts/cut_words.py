"""Finds the negations and hedges of an article that a quotation cuts out with a mark."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from pullquote.english.sentences import sentence_spans
from pullquote.newsroom.checking.matching.alignment import WordChange
from pullquote.newsroom.checking.matching.candidates import ReadArticle
from pullquote.newsroom.checking.matching.matching import Match
from pullquote.newsroom.checking.text.form import Mark, QuoteForm
from pullquote.newsroom.checking.text.sense import alters, sense_of, sense_places
from pullquote.newsroom.checking.text.words import words_of
from pullquote.newsroom.checking.verdicts.brackets import MarkedWords, marked_words


def cut_words(read: ReadArticle, form: QuoteForm, match: Match) -> list[WordChange]:
    """The words without which a sentence of the quotation says something else.

    A word in a sentence that the quotation leaves out as a whole is none of them, nor is one in
    "he claimed" between two quotations of the article.
    """
    words = read.words.words
    marked = [
        one
        for one in marked_words(read.words, form, match)
        if _stands_for_words(one.mark, inside=match.start <= one.start and one.end <= match.end)
        and sense_places(words[one.start : one.end])
    ]
    if not marked:
        return []
    spared = [*_sentences(read, match), *read.clauses]
    return [change for one in marked for change in _cut(read, one, spared)]


def _stands_for_words(mark: Mark, *, inside: bool) -> bool:
    """Whether words were cut out for a mark: for an ellipsis at an end of a quotation, none."""
    if mark.kind == "clause" or mark.leaves_nothing_out:
        return False
    return inside or (mark.kind == "bracket" and not mark.in_word)


def _cut(
    read: ReadArticle, one: MarkedWords, spared: Sequence[tuple[int, int]]
) -> Iterator[WordChange]:
    shown = one.mark.word if one.mark.in_word else one.mark.shown
    in_mark = {sense_of(word) for word in words_of(shown).words}
    for at in sense_places(read.words.words[one.start : one.end]):
        place = one.start + at
        word = read.words.words[place]
        whole = any(one.start <= low <= place < high <= one.end for low, high in spared)
        if alters(word) and sense_of(word) not in in_mark and not whole:
            yield WordChange(one.mark.text, read.words.text(place, place + 1))


def _sentences(read: ReadArticle, match: Match) -> list[tuple[int, int]]:
    """The sentences between the first and the last word of a quotation, as ranges of words.

    A mark at the end of a sentence is not counted, as at the end of a part of a quotation.
    """
    words = read.words
    low = words.starts[match.start]
    spans = sentence_spans(words.stored[low : words.ends[match.end - 1]], read.article.language)
    ranges = list[tuple[int, int]]()
    for start, end in spans:
        first = bisect_left(words.starts, low + start)
        last = bisect_left(words.starts, low + end)
        ranges.append((first, last))
    return ranges
