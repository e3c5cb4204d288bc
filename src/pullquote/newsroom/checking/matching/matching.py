"""Finds where an article has the words of a quotation, with what its marks left out."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from pullquote.newsroom.checking.text.form import Mark, QuoteForm, WordRange
from pullquote.newsroom.checking.text.sense import is_form_of
from pullquote.newsroom.checking.text.words import CLOSING, WordList, is_word

LONG_PART = 4
"""In words. Between parts of this length an ellipsis may leave out any number of words."""
MOST_LEFT_OUT = 60
"""In words. Beside a shorter part, an ellipsis may leave out at most so many."""
MOST_REPLACED = 12
"""In words. A bracket replaces at most so many words of the article."""
_BESIDE_WORD = 3
"""A word that a bracket changes may have so many words and marks beside it, counted with it."""
_MOST_TRIED = 2000
"""Occurrences of a part that are looked at, so that "the" in a book takes bounded time."""
_MOST_FOUND = 8


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The words `start` to `end` of an article that a mark stands for; none if they are equal."""

    mark: Mark
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Match:
    """The words `start` to `end` of an article that a quotation repeats, with what it left out."""

    start: int
    end: int
    left_out: tuple[LeftOut, ...] = ()

    @property
    def words_left_out(self) -> int:
        """How many words were left out."""
        return sum(one.end - one.start for one in self.left_out)


def matches(form: QuoteForm, article: WordList) -> list[Match]:
    """Where an article has the words of a quotation; the fewest words left out first."""
    form = form.resolved(article.vocabulary)
    if not has_all_words(form, article):
        return []
    starts = islice(occurrences(form.parts[0], article), _MOST_TRIED)
    found = [one for start in starts if (one := _match_from(form, article, start)) is not None]
    return sorted(found, key=lambda one: (one.words_left_out, one.start))[:_MOST_FOUND]


def has_all_words(form: QuoteForm, article: WordList) -> bool:
    """Whether an article has each word of a quotation somewhere."""
    return all(article.vocabulary.issuperset(part.vocabulary) for part in form.parts)


def _match_from(form: QuoteForm, article: WordList, start: int) -> Match | None:
    """The match whose first part begins at a word."""
    at = start + len(form.parts[0].words)
    if not _ends_fit(form, article, start, at, number=0):
        return None
    left_out: list[LeftOut] = []
    for mark in (one for one in form.leading if one.in_word):
        before = _beside(article, start, -1)
        if before is None or not _stands_for(mark, article.words[before : before + 1]):
            return None
        left_out.append(LeftOut(mark, before, start))
        start = before
    for number, mark in enumerate(form.marks, start=1):
        after = _next(form, article, at, number, mark)
        if after is None:
            return None
        left_out.append(LeftOut(mark, at, after))
        at = after + len(form.parts[number].words)
    for mark in (one for one in form.trailing if one.in_word):
        last = _beside(article, at - 1, 1)
        if last is None or not _stands_for(mark, article.words[last : last + 1]):
            return None
        left_out.append(LeftOut(mark, at, last + 1))
        at = last + 1
    return Match(start, at, tuple(left_out))


def _beside(article: WordList, at: int, step: int) -> int | None:
    """The word next to a word in a direction, over closing marks; None if there is none near."""
    for far in range(1, _BESIDE_WORD + 1):
        near = at + far * step
        if not 0 <= near < len(article.words):
            return None
        if article.words[near] not in CLOSING:
            return near
    return None


def _next(form: QuoteForm, article: WordList, at: int, number: int, mark: Mark) -> int | None:
    """Where the next part begins after `at`; None if the mark cannot stand for what is between."""
    part = form.parts[number]
    if mark.clause is not None:
        return _after_clause(form, article, at, number, mark.clause)
    most = _most_between(mark, form.parts[number - 1], part)
    for start in islice(occurrences(part, article, at), _MOST_TRIED):
        if most is not None and start - at > most:
            return None
        if _stands_for(mark, article.words[at:start]) and _ends_fit(
            form, article, start, start + len(part.words), number=number
        ):
            return start
    return None


def _after_clause(
    form: QuoteForm, article: WordList, at: int, number: int, clause: WordRange
) -> int | None:
    """Where the next part begins after a clause that follows `at`; None if it is not there."""
    part, (low, start) = form.parts[number], clause
    end = start + len(part.words)
    same = at == low and article.folded[start:end] == part.folded
    return start if same and _ends_fit(form, article, start, end, number=number) else None


def _most_between(mark: Mark, before: WordList, after: WordList) -> int | None:
    """How many words and marks the article may have at a mark; None for any number."""
    if mark.kind == "bracket":
        return _BESIDE_WORD if mark.leaves_nothing_out or mark.in_word else MOST_REPLACED
    shorter = min(sum(map(is_word, part.words)) for part in (before, after))
    return None if shorter >= LONG_PART else MOST_LEFT_OUT


def _stands_for(mark: Mark, replaced: Sequence[str]) -> bool:
    """Whether a mark may stand for words of the article.

    A bracket inside a word stands for another form of that word: "plays" for "play[ed]".
    """
    replaced = [word for word in replaced if is_word(word)]
    if mark.leaves_nothing_out:
        return not replaced
    if not mark.in_word:
        return True
    return len(replaced) == 1 and is_form_of(mark, replaced[0])


def _ends_fit(form: QuoteForm, article: WordList, start: int, end: int, *, number: int) -> bool:
    """Whether a part has the case of the article, and cuts no word of it at an open end."""
    part = form.parts[number]
    if not case_fits(part.words, article.words[start:end]):
        return False
    left = number == 0 or form.marks[number - 1].kind == "ellipsis"
    right = number == len(form.marks) or form.marks[number].kind == "ellipsis"
    return not (left and article.binds(start)) and not (right and article.binds(end))


def case_fits(quoted: Sequence[str], stored: Sequence[str]) -> bool:
    """Whether words differ only in the case of the first letter, or one side is all capitals."""
    if quoted == stored or all_capitals(quoted) or all_capitals(stored):
        return True
    first = next((at for at, word in enumerate(quoted) if is_word(word)), 0)
    return all(
        one == other or (at == first and one[1:] == other[1:])
        for at, (one, other) in enumerate(zip(quoted, stored, strict=True))
    )


def all_capitals(words: Sequence[str]) -> bool:
    """Whether words are set in capitals: all letters, and more than one short word."""
    letters = "".join(word for word in words if is_word(word))
    cased = [one for one in letters if one.lower() != one.upper()]
    several = sum(map(is_word, words)) > 1 or len(cased) >= LONG_PART
    return several and bool(cased) and all(one == one.upper() for one in cased)


def occurrences(part: WordList, article: WordList, start: int = 0) -> Iterator[int]:
    """The words from `start` on at which an article has the words of a part, in any case."""
    if start >= len(article.words):
        return
    at = article.key.find(part.key, article.key_positions[start])
    while at >= 0:
        yield bisect_left(article.key_positions, at)
        at = article.key.find(part.key, at + 1)
