"""Tells whether one person says the words on both sides of a clause that a quotation leaves out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pullquote.answering.answers.article_claims import attributions_near
from pullquote.answering.answers.attributed import attribution_of
from pullquote.newsroom.checking.matching.candidates import ReadArticle
from pullquote.newsroom.checking.matching.finding import (
    ArticleRange,
    place_left_out,
    places_between,
)
from pullquote.newsroom.checking.matching.matching import Match
from pullquote.newsroom.checking.speakers.claims import may_be_same
from pullquote.schema import Article, Attribution
from pullquote.schema.attribution import Range

_PRONOUNS = frozenset("he she it they we i who which".split())


def leaves_out_only_speakers(read: ReadArticle, match: Match) -> bool:
    """Whether each clause that a quotation leaves out only says who speaks."""
    return all(
        _says_who_speaks(read.article, clause) and _knows_both(read.article, before, after)
        for before, clause, after in _clauses(read, match)
    )


def speakers_apart(read: ReadArticle, match: Match) -> tuple[str, str] | None:
    """The two people who say the words on both sides of a clause that was left out; or None."""
    for before, _, after in _clauses(read, match):
        one, other = _claim(before), _claim(after)
        if one is not None and other is not None and not _is_same(one, other):
            return _name(read.article, one), _name(read.article, other)
    return None


def _clauses(
    read: ReadArticle, match: Match
) -> Iterable[tuple[ArticleRange, ArticleRange, ArticleRange]]:
    """The words before each clause that was left out, the clause, and the words after it."""
    places = places_between(read, match)
    gaps = [one for one in match.left_out if one.mark.kind != "bracket"]
    for before, gap, after in zip(places, gaps, places[1:], strict=False):
        if gap.mark.kind == "clause":
            yield before, place_left_out(read, gap), after


def _claim(place: ArticleRange) -> Attribution | None:
    claim = attribution_of(place.article, range(place.start, place.end))
    return claim if claim is not None and claim.source else None


def _says_who_speaks(article: Article, clause: ArticleRange) -> bool:
    """Whether a clause has the words that say who speaks, and nothing else that anybody says."""
    near = attributions_near(article, clause.start)
    cut = range(clause.start, clause.end)
    named = any(_meets(cut, [*one.cue, *one.source]) for one in near if one.direct)
    return named and not any(_meets(cut, one.content) for one in near)


def _meets(cut: range, ranges: Sequence[Range]) -> bool:
    """Whether a range has characters of some other ranges."""
    return any(low < cut.stop and cut.start < high for low, high in ranges)


def _knows_both(article: Article, before: ArticleRange, after: ArticleRange) -> bool:
    """Whether it is known that one person says both, or that two people do."""
    one, other = _claim(before), _claim(after)
    if one is None or other is None:
        return False
    return _is_same(one, other) or not _may_be_same(article, one, other)


def _is_same(one: Attribution, other: Attribution) -> bool:
    """Whether two claims surely have one source."""
    if one.source == other.source:
        return True
    if one.speaker is None or other.speaker is None:
        return False
    return may_be_same(one.speaker, other.speaker)


def _may_be_same(article: Article, one: Attribution, other: Attribution) -> bool:
    """Whether two claims with different sources may be one person's: one has no name of its own."""
    if one.speaker is not None and other.speaker is not None:
        return False
    return any(_source(article, each).lower() in _PRONOUNS for each in (one, other))


def _source(article: Article, claim: Attribution) -> str:
    return " ".join(article.text[low:high] for low, high in claim.source)


def _name(article: Article, claim: Attribution) -> str:
    return claim.speaker or _source(article, claim)
