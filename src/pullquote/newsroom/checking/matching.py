"""Compares the words of a quotation with those of an article: the same, the nearest, or spliced."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from pullquote.english.sentences import sentence_spans
from pullquote.newsroom.checking.sense import is_form_of
from pullquote.newsroom.checking.words import (
    CLOSING,
    Mark,
    QuoteForm,
    WordList,
    WordRange,
    is_word,
    key_of,
    words_of,
)

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


_BESIDE, _MOST_BESIDE = 4, 40
"""In words. The nearest words may be longer or shorter than the quotation by a quarter and this
number of words, but not by more than the second number at either end."""
_OTHER_AT_END = 2
"""In words. So many other words at an end are shown with those that the article has there."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """The words `start` to `end` of an article that are nearest to a part of a quotation.

    `similarity` is the share of the words, of the longer side, that are the same: 0 to 1.
    """

    start: int
    end: int
    similarity: float


@dataclass(frozen=True, slots=True)
class WordChange:
    """Words of a quotation, and the words of the article that stand there; either may be empty."""

    quoted: str
    stored: str


def nearest(part: WordList, article: WordList) -> Nearest | None:
    """The words of an article that are nearest to a part of a quotation; None if it has none."""
    if not part.words or not article.words:
        return None
    size = len(part.words)
    if size >= len(article.words):
        window = (0, len(article.words))
    else:
        found = fuzz.partial_ratio_alignment(part.folded, article.folded)
        if found is None:
            return None
        window = (found.dest_start, found.dest_end)
    start, end = _fitted(part.folded, article.folded, *window)
    start, end = _with_replaced_ends(part.folded, article.folded, start, end)
    distance = Levenshtein.distance(part.folded, article.folded[start:end])
    return Nearest(start, end, 1 - distance / max(size, end - start))


def _fitted(part: Sequence[str], article: Sequence[str], start: int, end: int) -> tuple[int, int]:
    """The window moved and stretched to where it is nearest to the part; the shortest such."""
    reach = min(len(part) // 4 + _BESIDE, _MOST_BESIDE)
    starts = range(max(0, start - reach), min(end, start + reach))
    ends = range(max(start + 1, end - reach), min(len(article), end + reach) + 1)

    def distance(one: int, other: int) -> float:
        longer = max(len(part), other - one)
        return Levenshtein.distance(part, article[one:other]) / longer

    end = min(ends, key=lambda at: (distance(start, at), at))
    start = min((at for at in starts if at < end), key=lambda at: (distance(at, end), -at))
    end = min((at for at in ends if at > start), key=lambda at: (distance(start, at), at))
    return start, end


def _with_replaced_ends(
    part: Sequence[str], article: Sequence[str], start: int, end: int
) -> tuple[int, int]:
    """The window with the words that stand where the part begins or ends with others.

    It has as many words as the part at most, so it is as near as before.
    """
    there = article[start:end]
    equal = [one for one in Levenshtein.editops(part, there).as_matching_blocks() if one.size]
    if not equal:
        return start, end
    room = max(0, len(part) - len(there))
    first, last = equal[0], equal[-1]
    if first.b == 0 and first.a <= _OTHER_AT_END:
        before = article[max(0, start - min(first.a, room)) : start]
        added = len(list(takewhile(is_word, reversed(before))))
        start, room = start - added, room - added
    others = len(part) - last.a - last.size
    if last.b + last.size == len(there) and others <= _OTHER_AT_END:
        end += len(list(takewhile(is_word, article[end : end + min(others, room)])))
    return start, end


def changes(part: WordList, article: WordList, found: Nearest) -> list[WordChange]:
    """The differences between a part of a quotation and the article's words, in order."""
    changed = list[WordChange]()
    quoted, stored = 0, found.start  # the first words after the last that are equal
    for block in Levenshtein.editops(
        part.folded, article.folded[found.start : found.end]
    ).as_matching_blocks():
        low, at = block.a, found.start + block.b
        if low > quoted or at > stored:
            changed.append(WordChange(part.text(quoted, low), article.text(stored, at)))
        quoted, stored = low + block.size, at + block.size
        changed += _case_changes(part, article, low, at, block.size)
    reported = bool(changed) and changed[0].quoted.startswith(part.words[0])
    if article.binds(found.start) and not reported:
        changed.insert(0, WordChange("", article.words[found.start - 1]))
    if article.binds(found.end) and found.end < len(article.words):
        changed.append(WordChange("", article.words[found.end]))
    return changed


def _case_changes(
    part: WordList, article: WordList, quoted: int, stored: int, count: int
) -> Iterator[WordChange]:
    """The words of an equal stretch that differ in capitals where that counts."""
    if all_capitals(part.words) or all_capitals(article.words[stored : stored + count]):
        return
    first = next((at for at, word in enumerate(part.words) if is_word(word)), 0)
    for at in range(count):
        one, other = part.words[quoted + at], article.words[stored + at]
        if one != other and not (quoted + at == first and one[1:] == other[1:]):
            yield WordChange(one, other)


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


SAYING_VERBS = (
    "said|says|told|tells|added|adds|wrote|writes|replied|insisted|warned|explained|declared|"
    "argued|continued|concluded|noted|stated|recalled|claimed|asked"
)
_SAYS = f"(?:{SAYING_VERBS})"
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
