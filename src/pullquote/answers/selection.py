"""Selects the candidates that answer a question, by its kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pullquote.answers.enumeration import items
from pullquote.answers.keywords import first_sentences
from pullquote.answers.ranking import RankedCandidate, Ranking, ReplyFeatures
from pullquote.answers.sides import sides_of
from pullquote.schema import Hit, Question, QuestionKind, Span
from pullquote.terms import terms

MOST_ITEMS = 20
"""Maximum number of items of a list that are shown."""

ITEM_WITHIN = 2.0
"""In log-odds. Words that are at most this much less likely than the first are items of a list."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The candidates of a reply, best first, and the features of the reply.

    The first `items` candidates are the items of a list; 0 for other kinds of questions.
    """

    ranked: list[RankedCandidate]
    features: ReplyFeatures
    items: int = 0


def select(
    ranking: Ranking, question: Question, hits: Sequence[Hit], spans: Sequence[Span]
) -> Selection:
    """The candidates that the kind of the question asks for, best first."""
    items = 0
    match question.kind:
        case QuestionKind.YES_NO:
            ranked = _sentences(ranking, question, spans)
        case QuestionKind.KEYWORDS:
            ranked = _first_sentences(ranking, question, hits, spans)
        case QuestionKind.LIST:
            listed = _items(ranking, question, spans)
            items = min(MOST_ITEMS, len(listed))
            ranked = listed + _others(ranking.order(question, spans), listed)
        case QuestionKind.COMPARISON:
            ranked = _sides(ranking, question, spans)
        case _:
            ranked = ranking.order(question, spans)
    return Selection(ranked, ReplyFeatures.of(question, hits, spans, ranked), items)


def _sentences(
    ranking: Ranking, question: Question, spans: Sequence[Span]
) -> list[RankedCandidate]:
    """Whole sentences, or exact words if the reader scored no sentences."""
    sentences = [span for span in spans if span.whole_sentence]
    return ranking.order(question, sentences or spans)


def _first_sentences(
    ranking: Ranking, question: Question, hits: Sequence[Hit], spans: Sequence[Span]
) -> list[RankedCandidate]:
    """The sentence to read first in each of the best articles, in the order of the articles."""
    chosen = first_sentences(question, hits, spans)
    return sorted(
        ranking.order(question, chosen),
        key=lambda one: min(chosen.index(span) for span in one.candidate.spans),
    )


def _items(ranking: Ranking, question: Question, spans: Sequence[Span]) -> list[RankedCandidate]:
    """The items of the best enumeration and of other words that are nearly as likely."""
    words = ranking.order(question, [span for span in spans if not span.whole_sentence])
    likely = [one for one in words if one.logit >= words[0].logit - ITEM_WITHIN]
    return [item for one in likely for item in _split(one)]


def _others(
    ordered: Sequence[RankedCandidate], items: Sequence[RankedCandidate]
) -> list[RankedCandidate]:
    """The candidates that do not overlap with an item of the list."""
    return [
        one
        for one in ordered
        if not any(_touches(one.candidate.best, item.candidate.best) for item in items)
    ]


def _touches(one: Span, other: Span) -> bool:
    same = one.hit.passage.id == other.hit.passage.id
    return same and one.start < other.end and other.start < one.end


def _split(ranked: RankedCandidate) -> list[RankedCandidate]:
    """A candidate for each item of an enumeration."""
    best = ranked.candidate.best
    parts = items(best.hit.passage.text, best.start, best.end)
    if len(parts) == 1:
        return [ranked]
    return [
        RankedCandidate(
            replace(ranked.candidate, spans=(replace(best, start=start, end=end),)), ranked.logit
        )
        for start, end in parts
    ]


def _sides(ranking: Ranking, question: Question, spans: Sequence[Span]) -> list[RankedCandidate]:
    """The best sentence for each side, then the other sentences."""
    ordered = _sentences(ranking, question, spans)
    first: list[RankedCandidate] = []
    for side in sides_of(question.text):
        named = (one for one in ordered if _names(one.candidate.best, side))
        best = next(named, None)
        if best is not None and best not in first:
            first.append(best)
    return first + [one for one in ordered if one not in first]


def _names(sentence: Span, side: str) -> bool:
    """Whether a sentence contains a term from one side of a comparison."""
    return not set(terms(side)).isdisjoint(terms(sentence.text))
