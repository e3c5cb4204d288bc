"""Finds where articles have the words of a quotation exactly."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, product

from pullquote.english.sentences import sentence_spans
from pullquote.newsroom.checking.matching.alignment import WordChange
from pullquote.newsroom.checking.matching.candidates import ReadArticle
from pullquote.newsroom.checking.matching.clauses import without_clauses
from pullquote.newsroom.checking.matching.finding import ArticleRange, place_of
from pullquote.newsroom.checking.matching.matching import Match, has_all_words, matches
from pullquote.newsroom.checking.speakers.claims import speech_at
from pullquote.newsroom.checking.speakers.draft_speakers import leaves_out_only_speakers
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


_PLAIN_WORD = re.compile(r"[a-z]{3,}")


@dataclass(frozen=True, slots=True)
class ExactWords:
    """Exact words in an article."""

    read: ReadArticle
    form: QuoteForm
    match: Match

    @property
    def place(self) -> ArticleRange:
        """The place of the words."""
        return place_of(self.read, self.match.start, self.match.end)


def exact_words(
    forms: Sequence[QuoteForm],
    reads: Sequence[ReadArticle],
    *,
    cited: str | None,
    speaker: str | None,
) -> ExactWords | None:
    """Where the words stand exactly: where the draft says so, if they stand there too.

    A place of which the marks cut out a negation or hedge is the last choice, except in the cited
    article.
    """
    altered: ExactWords | None = None
    for places_in, form in product((_places_in, _places_without_clauses), forms):
        first: ExactWords | None = None
        for one in chain.from_iterable(places_in(form, read) for read in reads):
            if one.read.article.id != cited and cut_words(one.read, one.form, one.match):
                altered = altered or one
                continue
            if first is None:  # the places in the cited article come first
                first = one
            elif first.read.article.id == cited != one.read.article.id:
                break
            if speaker is None or speech_at(one.place).may_be(speaker):
                return one
        if first is not None:
            return first
    return altered


def _places_in(form: QuoteForm, read: ReadArticle) -> Iterator[ExactWords]:
    """The places of exact words in an article."""
    for match in matches(form, read.words) if _may_have(read, form) else []:
        yield ExactWords(read, form, match)


def _places_without_clauses(form: QuoteForm, read: ReadArticle) -> Iterator[ExactWords]:
    """The places of words that are exact but for clauses that say who speaks."""
    if not _may_have(read, form):
        return
    here = form.resolved(read.words.vocabulary)
    if not has_all_words(here, read.words):
        return
    cut = without_clauses(here, read.words, read.clauses)
    for match in [] if cut is None else matches(cut, read.words):
        if leaves_out_only_speakers(read, match):
            yield ExactWords(read, form, match)


def other_places(found: ExactWords, reads: Iterable[ReadArticle]) -> list[ArticleRange]:
    """The places of the same words in other articles, one for each of them."""
    places = dict[str, ArticleRange]()
    for read in reads:
        id = read.article.id
        if id == found.read.article.id or id in places:
            continue
        same = chain(_places_in(found.form, read), _places_without_clauses(found.form, read))
        if (one := next(same, None)) is not None:
            places[id] = one.place
    return list(places.values())


def _may_have(read: ReadArticle, form: QuoteForm) -> bool:
    """Whether an article has the letters of the words; it is cut into words only then."""
    if read.letters is None:
        return True
    words = (word for part in form.parts for word in part.folded if _PLAIN_WORD.fullmatch(word))
    return all(word in read.letters for word in words)
