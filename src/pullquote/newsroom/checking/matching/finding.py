"""What was found in the archive for one quotation, before it is reported."""

from __future__ import annotations

from dataclasses import dataclass, field

from pullquote.newsroom.checking.matching.alignment import WordChange
from pullquote.newsroom.checking.matching.candidates import ReadArticle
from pullquote.newsroom.checking.matching.matching import LeftOut, Match
from pullquote.newsroom.checking.text.words import CLOSING
from pullquote.schema import Article
from pullquote.schema.quote_check import QuoteOmission, QuoteVerdict


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
    return [_omission(read, one) for one in match.left_out if _has_words(read, one)]


def _has_words(read: ReadArticle, one: LeftOut) -> bool:
    return any(word[0].isalnum() for word in read.words.words[one.start : one.end])


def _omission(read: ReadArticle, one: LeftOut) -> QuoteOmission:
    place = place_left_out(read, one)
    text = place.article.text[place.start : place.end]
    return QuoteOmission(mark=one.mark.text, text=text, start=place.start, end=place.end)
