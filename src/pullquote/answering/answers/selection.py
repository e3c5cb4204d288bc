"""Selects the candidates that answer a question, by its kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pullquote.answering.answers.keywords import first_sentences
from pullquote.answering.answers.list_items import list_items
from pullquote.answering.answers.ranking import RankedCandidate, Ranking, ReplyFeatures
from pullquote.answering.answers.sides import sides_of
from pullquote.answering.answers.speakers import by_speaker
from pullquote.english.terms import content_terms, terms
from pullquote.schema import Hit, Question, QuestionKind, Span

MOST_ITEMS = 20
"""Maximum number of items of a list that are shown."""

TERSE_FROM = 0.6
"""The least confidence of exact words that are put before the sentences for keywords. Of held-out
terse questions such as "mayor's birthplace", 30 of 41 reached it; of keywords, 10 of 105 did."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The candidates of a reply, best first, and the features of the reply.

    The first `items` candidates are the items of a list; 0 for other kinds of questions.
    """

    ranked: list[RankedCandidate]
    features: ReplyFeatures
    items: int = 0

    @property
    def is_unscored_sentence(self) -> bool:
        """Whether the first candidate is a sentence that the reader's network did not score.

        Passages in other languages than English have such sentences.
        """
        if not self.ranked:
            return False
        best = self.ranked[0].candidate.best
        return best.whole_sentence and best.sentence_logit is None


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
            listed = list_items(ranking, question, spans)
            items = min(MOST_ITEMS, len(listed))
            ranked = listed or ranking.order(question, spans)
        case QuestionKind.COMPARISON:
            ranked = _sides(ranking, question, spans)
        case QuestionKind.FACT:
            ranked = by_speaker(ranking.order(question, _exact(spans)), question)
        case QuestionKind.CHANGE:
            ranked = ranking.order(question, _exact(spans))
        case _:
            ranked = by_speaker(ranking.order(question, spans), question)
    return Selection(ranked, ReplyFeatures.of(question, hits, spans, ranked), items)


def _exact(spans: Sequence[Span]) -> list[Span]:
    """The spans without the sentences that the network scored."""
    return [span for span in spans if not span.whole_sentence or span.sentence_logit is None]


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
    words = ranking.order(question, _exact(spans))
    asked = [one for one in words[:1] if ranking.confidence(one) >= TERSE_FROM]
    chosen = first_sentences(question, hits, spans)
    return asked + sorted(
        ranking.order(question, chosen),
        key=lambda one: min(chosen.index(span) for span in one.candidate.spans),
    )


def _sides(ranking: Ranking, question: Question, spans: Sequence[Span]) -> list[RankedCandidate]:
    """The best sentence for each side, then the other sentences."""
    ordered = _sentences(ranking, question, spans)
    sides = [frozenset(content_terms(side)) for side in sides_of(question.text)]
    shared = frozenset.intersection(*sides) if sides else frozenset()
    first: list[RankedCandidate] = []
    for side in sides:
        named = (one for one in ordered if _names(one.candidate.best, side - shared))
        best = next(named, None)
        if best is not None and best not in first:
            first.append(best)
    return first + [one for one in ordered if one not in first]


def _names(sentence: Span, side: frozenset[str]) -> bool:
    """Whether a sentence has a term of one side of a comparison."""
    return not side.isdisjoint(terms(sentence.text))
