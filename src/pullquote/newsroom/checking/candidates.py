"""Reads the articles that may have the words of a quotation, and says where they have them."""

from __future__ import annotations

import re
import time
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from pullquote.english.attribution.tokens import quotations
from pullquote.english.sentences import sentence_spans
from pullquote.english.terms import content_terms
from pullquote.index import OpenGeneration
from pullquote.index.duplicates.revisions import MOST_REVISIONS, is_uploaded
from pullquote.newsroom.checking.matching import LeftOut, Match, WordChange
from pullquote.newsroom.checking.words import (
    CLOSING,
    Mark,
    QuoteForm,
    WordList,
    WordRange,
    is_word,
    words_of,
)
from pullquote.newsroom.editions import shown_article
from pullquote.schema import Article, Filters
from pullquote.schema.quote_check import QuoteOmission, QuoteVerdict

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


_MOST_TERMS = 12
"""The rarest terms of a quotation that are searched for; more take longer and find the same."""
_FEW_TERMS = 3
_PASSAGES, _MORE_PASSAGES = 30, 200
"""How many passages are looked at; more for few terms, since many passages have them."""
_MOST_ARTICLES, _MORE_ARTICLES = 12, 30
"""How many of their articles are read at most."""
_LONG = 200_000
"""In characters. Of a longer article only the surroundings of its passages are read."""
_AROUND = 20_000
_CACHED = 200
"""Readings of articles that are kept for the next quotations."""

_UNSHOWN = re.compile(
    "[\u00ad\u200b-\u200f\u2060\ufeff\ufb00-\ufb06]"
    r"|(?<=[^\W\d_])[-\u2010][ \t]*[\r\n\x0b\x0c\x85\u2028\u2029]"
)
_EVERYTHING = Filters(comments=True)


@dataclass(frozen=True)
class ReadArticle:
    """An article, or the part of a long one around a passage; its words are read when needed.

    The words' places are in the article's text from `offset` on, up to `end`.
    """

    article: Article
    offset: int
    end: int

    @cached_property
    def words(self) -> WordList:
        """The words of the part."""
        return words_of(self.article.text[self.offset : self.end])

    @cached_property
    def letters(self) -> str | None:
        """The part in lower case; None if its words are not those that its letters show.

        These are divided words, and words with ligatures or with marks that take no room.
        """
        text = self.article.text[self.offset : self.end]
        return None if _UNSHOWN.search(text) else text.lower()

    @cached_property
    def clauses(self) -> tuple[WordRange, ...]:
        """The words between quotations that may say who speaks; see `clauses_in`."""
        return clauses_in(self.article, self.words, self.offset, self.end)

    def without_clauses(self) -> ReadArticle:
        """The same part without these clauses."""
        shorter = ReadArticle(self.article, self.offset, self.end)
        vars(shorter)["words"] = self.words.without(self.clauses)
        return shorter


class Candidates:
    """Finds and reads articles of a generation. Not safe to share between threads."""

    def __init__(self, generation: OpenGeneration) -> None:
        self._generation = generation
        self._read: OrderedDict[tuple[str, int], ReadArticle] = OrderedDict()

    def having(self, text: str, *, more: bool = False) -> list[ReadArticle]:
        """The articles whose passages match the words of a text best, best first.

        With `more`, or for a text of few words, more articles are read.
        """
        terms = self._rarest(text)
        if not terms:
            return []
        few = more or len(terms) <= _FEW_TERMS
        most = _MORE_PASSAGES if few else _PASSAGES
        found = self._generation.matching(terms, k=most, filters=_EVERYTHING)
        places = dict[tuple[str, int], ReadArticle]()
        low = text.lower()
        passages = list(self._generation.passages(list(found)))
        passages.sort(key=lambda one: low not in one.text.lower())
        for passage in passages:
            if (read := self._reading(passage.article, passage.start)) is not None:
                places.setdefault((read.article.id, read.offset), read)
            if len(places) == (_MORE_ARTICLES if few else _MOST_ARTICLES):
                break
        return list(places.values())

    def copies_of(self, article: str) -> list[ReadArticle]:
        """The near duplicates of an article that was read."""
        found = (self._reading(one, 0) for one in self._generation.near_duplicates_of(article))
        return [one for one in found if one is not None][:_MORE_ARTICLES]

    def at(self, address: str) -> str | None:
        """The id of the newest article with a web address; None if it identifies no article.

        An uploaded article states its address itself, so it comes after those that were not.
        """
        every = self._generation.articles_at(address)
        found = [one for one in every if not is_uploaded(one)] or every
        if len(found) > MOST_REVISIONS:
            return None
        old = self._generation.superseded(at=int(time.time())) if len(found) > 1 else {}
        return next((one for one in found if one not in old), None)

    def named(self, article: str) -> ReadArticle | None:
        """The article with an id, or the beginning of a long one; None if it cannot be shown."""
        return self._reading(article, 0)

    def _rarest(self, text: str) -> list[str]:
        """The rarest terms of a text that the index knows."""
        terms = content_terms(text)
        unknown = set(self._generation.unknown_terms(terms))
        rarity = self._generation.rarity([term for term in terms if term not in unknown])
        return sorted(rarity, key=lambda term: -rarity[term])[:_MOST_TERMS]

    def _reading(self, id: str, start: int) -> ReadArticle | None:
        """An article, read around a position if it is long."""
        article = shown_article(self._generation, id)
        if article is None:
            return None
        part = start // _AROUND if len(article.text) > _LONG else 0
        key = (id, part)
        if key not in self._read:
            low = max(0, (part - 1) * _AROUND)
            high = low + 3 * _AROUND if len(article.text) > _LONG else len(article.text)
            self._read[key] = ReadArticle(article, low, high)
        self._read.move_to_end(key)
        while len(self._read) > _CACHED:
            self._read.popitem(last=False)
        return self._read[key]


@dataclass(frozen=True, slots=True)
class ArticleRange:
    """A range of an article's text."""

    article: Article
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class QuoteFinding:
    """A verdict with the place that it is about; None if the archive has nothing similar.

    `also` are the places of the same words in other articles.
    """

    verdict: QuoteVerdict
    place: ArticleRange | None = None
    similarity: float = 0.0
    changes: tuple[WordChange, ...] = ()
    omitted: tuple[QuoteOmission, ...] = ()
    warnings: tuple[str, ...] = ()
    said_by: str | None = None
    parts: tuple[ArticleRange, ...] = field(default=())
    also: tuple[ArticleRange, ...] = field(default=())

    @property
    def has_exact_words(self) -> bool:
        """Whether an article has the words, whoever says them there."""
        return self.verdict in (QuoteVerdict.EXACT, QuoteVerdict.MISATTRIBUTED)


def place_of(read: ReadArticle, start: int, end: int) -> ArticleRange:
    """The place of the words `start` to `end` of an article."""
    low, high = read.words.starts[start], read.words.ends[end - 1]
    return ArticleRange(read.article, read.offset + low, read.offset + high)


def places_between(read: ReadArticle, match: Match) -> list[ArticleRange]:
    """The places of the words before, between and after what a quotation leaves out."""
    gaps = [one for one in match.left_out if one.mark.kind != "bracket"]
    starts = [match.start, *(one.end for one in gaps)]
    ends = [*(one.start for one in gaps), match.end]
    return [place_of(read, start, end) for start, end in zip(starts, ends, strict=True)]


def place_left_out(read: ReadArticle, one: LeftOut) -> ArticleRange:
    """The place of words that a quotation leaves out; a clause without the marks before it."""
    start = one.start
    while one.mark.kind == "clause" and read.words.words[start] in CLOSING:
        start += 1
    return place_of(read, start, one.end)


def omissions(read: ReadArticle, match: Match) -> list[QuoteOmission]:
    """The words of the article that the marks of a quotation stand for, without marks alone."""
    words = read.words.words
    return [
        _omission(read, one)
        for one in match.left_out
        if any(map(is_word, words[one.start : one.end]))
    ]


def _omission(read: ReadArticle, one: LeftOut) -> QuoteOmission:
    place = place_left_out(read, one)
    text = place.article.text[place.start : place.end]
    return QuoteOmission(mark=one.mark.text, text=text, start=place.start, end=place.end)
