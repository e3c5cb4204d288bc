"""Finds where articles have the words of a quotation exactly, and what its marks cut out or add."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, product

from pullquote.english.sentences import sentence_spans
from pullquote.english.values import Name, Relation, compare, value_of, values_in
from pullquote.english.word_lists import NO_NAMES
from pullquote.newsroom.checking.candidates import (
    ArticleRange,
    ReadArticle,
    place_of,
    without_clauses,
)
from pullquote.newsroom.checking.matching import Match, WordChange, has_all_words, matches
from pullquote.newsroom.checking.sense import alters, sense_of, sense_places
from pullquote.newsroom.checking.speakers import leaves_out_only_speakers, speech_at
from pullquote.newsroom.checking.words import Mark, QuoteForm, WordList, is_word, words_of
from pullquote.schema import day_of

_FURTHER = 2
"""In words. A bracket at an end may stand for so many words more than it has."""
_MOST_BESIDE = 12
STOPS = frozenset(".!?;:")
_NAME = re.compile(r"[^\W\d_a-z][\w'’.-]*(?: (?:of |the |and |& )?[^\W\d_a-z][\w'’.-]*)*")
_NO_NAMES = NO_NAMES | {"sic"}


@dataclass(frozen=True, slots=True)
class MarkedWords:
    """A mark, and the words of the article that it stands for, as far as that is known."""

    mark: Mark
    start: int
    end: int


def bracket_warnings(read: ReadArticle, form: QuoteForm, match: Match) -> list[str]:
    """The figures, dates and names of brackets for which the article has others, or none."""
    found = list[str]()
    for one in marked_words(read.words, form, match):
        if one.mark.kind == "bracket" and not one.mark.leaves_nothing_out and not one.mark.in_word:
            stored = read.words.text(one.start, one.end)
            found += _figures(read, one.mark.shown, stored)
            found += _names(read, one.mark.shown, stored)
    return found


def marked_words(words: WordList, form: QuoteForm, match: Match) -> Iterator[MarkedWords]:
    """Each mark with the words that it stands for; at an end, some words in the same sentence."""
    for one in form.leading:
        yield MarkedWords(one, _before(words, match.start, _reach(one)), match.start)
    for left_out in match.left_out:
        yield MarkedWords(left_out.mark, left_out.start, left_out.end)
    for one in form.trailing:
        yield MarkedWords(one, match.end, _after(words, match.end, _reach(one)))


def _reach(mark: Mark) -> int:
    return min(len(mark.shown.split()) + _FURTHER, _MOST_BESIDE)


def _before(words: WordList, end: int, most: int) -> int:
    """Where the last words before a word begin, in its sentence."""
    start = end
    while start > 0 and most and words.words[start - 1] not in STOPS:
        start -= 1
        most -= is_word(words.words[start])
    return start


def _after(words: WordList, start: int, most: int) -> int:
    """Where the first words from a word on end, in its sentence."""
    end = start
    while end < len(words.words) and most and words.words[end] not in STOPS:
        most -= is_word(words.words[end])
        end += 1
    return end


def _figures(read: ReadArticle, shown: str, stored: str) -> Iterator[str]:
    """The figures and dates of a bracket that differ from those of the article's words."""
    day, language = day_of(read.article.published), read.article.language
    there = values_in(stored, day=day, language=language)
    for one in values_in(shown, day=day, language=language):
        words = shown[one.start : one.end]
        relations = {compare(one.value, each.value): each for each in reversed(there)}
        if relations.keys() & {Relation.EQUAL, Relation.COMPATIBLE}:
            continue
        if Relation.DIFFERENT in relations:
            other = relations[Relation.DIFFERENT]
            there_now = stored[other.start : other.end]
            yield f"the bracket has {words} where the article has {there_now}"
        elif not _has(read, words):
            yield f"the bracket adds {words}, which the article does not have"


def _names(read: ReadArticle, shown: str, stored: str) -> Iterator[str]:
    """The names of a bracket that differ from those of the article's words."""
    named = [(one, name) for one in _NAME.findall(stored) if (name := _name(one)) is not None]
    for words in _NAME.findall(shown):
        name = _name(words)
        if name is None:
            continue
        relations = [compare(name, each) for _, each in named]
        if named and set(relations) == {Relation.DIFFERENT}:
            yield f"the bracket has {words} where the article has {named[0][0]}"
        elif not named and not _mentions(read, name):
            yield f"the bracket adds {words}, which the article does not have"


def _name(words: str) -> Name | None:
    """The name that capitalised words give; None for a time, or a word that begins a sentence."""
    if words.split(maxsplit=1)[0].lower() in _NO_NAMES:
        words = words.partition(" ")[2]
    if not words or values_in(words):
        return None
    value = value_of(words)
    return value if isinstance(value, Name) else None


def _mentions(read: ReadArticle, name: Name) -> bool:
    """Whether an article has the last word of a name, or its first letters as one word."""
    acronym = "".join(word[0] for word in name.words)
    return _has(read, name.words[-1]) or (len(acronym) > 1 and _has(read, acronym))


def _has(read: ReadArticle, words: str) -> bool:
    pattern = rf"(?<![\w.,])\W*{re.escape(words)}\b"
    return re.search(pattern, read.article.text, re.IGNORECASE) is not None


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
