"""Says where a bracket of a quotation has another figure, date or name than the article there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pullquote.english.values import FoundValue, Name, Relation, compare, value_of, values_in
from pullquote.newsroom.checking.matching.candidates import ReadArticle
from pullquote.newsroom.checking.matching.matching import Match
from pullquote.newsroom.checking.text.form import Mark, QuoteForm
from pullquote.newsroom.checking.text.words import WordList, is_word
from pullquote.schema import day_of

_FURTHER = 2
"""In words. A bracket at an end may stand for so many words more than it has."""
_MOST_BESIDE = 12
_STOPS = frozenset(".!?;:")
_NAME = re.compile(r"[^\W\d_a-z][\w'’.-]*(?: (?:of |the |and |& )?[^\W\d_a-z][\w'’.-]*)*")
_NO_NAMES = frozenset(
    "he she it they we i you this that these those there the a an his her its their our my your "
    "him them us who which what sic in on at by for from of to and but or if when while as no not "
    "some many most all both here then now".split()
)


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
    while start > 0 and most and words.words[start - 1] not in _STOPS:
        start -= 1
        most -= is_word(words.words[start])
    return start


def _after(words: WordList, start: int, most: int) -> int:
    """Where the first words from a word on end, in its sentence."""
    end = start
    while end < len(words.words) and most and words.words[end] not in _STOPS:
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
            yield _instead(words, stored, relations[Relation.DIFFERENT])
        elif not _has(read, words):
            yield f"the bracket adds {words}, which the article does not have"


def _instead(words: str, stored: str, other: FoundValue) -> str:
    return f"the bracket has {words} where the article has {stored[other.start : other.end]}"


def _names(read: ReadArticle, shown: str, stored: str) -> Iterator[str]:
    """The names of a bracket that differ from those of the article's words."""
    there = [name for one in _NAME.findall(stored) if (name := _name(one)) is not None]
    for words in _NAME.findall(shown):
        name = _name(words)
        if name is None:
            continue
        relations = [compare(name, each) for each in there]
        if there and set(relations) == {Relation.DIFFERENT}:
            yield f"the bracket has {words} where the article has {_shown_name(stored)}"
        elif not there and not _mentions(read, name):
            yield f"the bracket adds {words}, which the article does not have"


def _name(words: str) -> Name | None:
    """The name that capitalised words give; None for a time, or a word that begins a sentence."""
    if words.split(maxsplit=1)[0].lower() in _NO_NAMES:
        words = words.partition(" ")[2]
    if not words or values_in(words):
        return None
    value = value_of(words)
    return value if isinstance(value, Name) else None


def _shown_name(stored: str) -> str:
    """The name among the article's words."""
    return next(one[0] for one in _NAME.finditer(stored) if _name(one[0]) is not None)


def _mentions(read: ReadArticle, name: Name) -> bool:
    """Whether an article has the last word of a name, or its first letters as one word."""
    acronym = "".join(word[0] for word in name.words)
    return _has(read, name.words[-1]) or (len(acronym) > 1 and _has(read, acronym))


def _has(read: ReadArticle, words: str) -> bool:
    """Whether an article has words, in any case."""
    pattern = rf"(?<![\w.,])\W*{re.escape(words)}\b"
    return re.search(pattern, read.article.text, re.IGNORECASE) is not None
