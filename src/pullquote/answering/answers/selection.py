"""Selects the candidates that answer a question, by its kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pullquote.answering.answers.by_speaker import by_speaker
from pullquote.answering.answers.list_items import list_items
from pullquote.answering.answers.ranking import RankedCandidate, Ranking, ReplyFeatures
from pullquote.answering.answers.sides import own_terms, sides_of
from pullquote.english.sentences import sentence_spans
from pullquote.english.terms import terms
from pullquote.index.passages import passage_id
from pullquote.schema import Hit, Question, QuestionKind, Role, Span

LEAD_FROM = 0.5
"""The first sentence is chosen if it has at least this share of the terms in the best sentence."""

LONGEST_LEAD = 1000
"""In characters. A longer first sentence is not chosen, and no more of the text is split."""


def first_sentences(question: Question, hits: Sequence[Hit], spans: Sequence[Span]) -> list[Span]:
    """A sentence of each article, in the order of the hits.

    It is the first sentence of the article if it has enough of the terms, since news says first
    what matters; else the sentence of a hit with the most terms. A sentence that the reader did not
    score gets the log-odds of the best sentence of its article.
    """
    chosen = []
    for article in dict.fromkeys(hit.passage.article for hit in hits):
        own = [hit for hit in hits if hit.passage.article == article]
        sentences = [span for hit in own for span in _sentences(hit)]
        best = max(sentences, key=lambda span: _share(question, span))
        lead = _lead(own[0])
        if lead is not None and _share(question, lead) >= LEAD_FROM * _share(question, best):
            best = lead
        scored = [one for one in spans if one.whole_sentence and one.hit.passage.article == article]
        chosen.append(_scored(best, scored))
    return chosen


def _sentences(hit: Hit) -> Iterator[Span]:
    for start, end in sentence_spans(hit.passage.text, hit.article.language):
        yield Span(hit, start, end, 0.0, whole_sentence=True)


def _lead(hit: Hit) -> Span | None:
    """The first sentence of the article's body, if the hit is in the body too."""
    article = hit.article
    if hit.passage.role is not Role.BODY:
        return None
    for block in article.blocks:
        text = article.text[block.start : min(block.end, block.start + LONGEST_LEAD)]
        if block.role is Role.BODY and (found := sentence_spans(text, article.language)):
            start, end = block.start + found[0][0], block.start + found[0][1]
            whole = len(found) > 1 or len(text) < LONGEST_LEAD
            return _span(hit, start, end) if whole else None
    return None


def _span(hit: Hit, start: int, end: int) -> Span:
    """A sentence of an article's body, as a passage of its own."""
    article = hit.article
    passage = replace(
        hit.passage,
        id=passage_id(article.id, Role.BODY, start, end),
        start=start,
        end=end,
        text=article.text[start:end],
    )
    return Span(replace(hit, passage=passage), 0, end - start, 0.0, whole_sentence=True)


def _scored(sentence: Span, scored: Sequence[Span]) -> Span:
    """The sentence as the reader scored it, or with the log-odds of the best scored one."""
    same = next((one for one in scored if _place(one) == _place(sentence)), None)
    if same is not None or not scored:
        return same or sentence
    best = max(scored, key=lambda one: one.span_logit)
    return replace(sentence, span_logit=best.span_logit, sentence_logit=best.sentence_logit)


def _place(span: Span) -> int:
    return span.hit.passage.start + span.start


def _share(question: Question, span: Span) -> float:
    """The share of the question's terms, weighted by rarity, in a sentence."""
    return question.share_in(frozenset(terms(span.text)))


MOST_ITEMS = 20
"""Maximum number of items of a list that are shown."""

TERSE_FROM = 0.6
"""The least confidence of exact words that are put before the sentences for keywords. Of held-out
terse questions such as "mayor's birthplace", 30 of 41 reached it; of keywords, 10 of 105 did."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The candidates of a reply, best first, and the features of the reply.

    `answerable` is the log-odds that the articles answer the question. The first `items` candidates
    are the items of a list; 0 for other kinds of questions.
    """

    ranked: list[RankedCandidate]
    features: ReplyFeatures
    answerable: float
    items: int = 0

    def in_terms_of(self, other: Ranking, own: Ranking) -> Selection:
        """The same with the log-odds by which another ranking would say the same as its own."""
        by = own.calibration
        ranked = [
            replace(one, logit=by.in_terms_of(other.calibration, one.logit)) for one in self.ranked
        ]
        answerable = self.answerable - own.nothing_below + other.nothing_below
        return replace(self, ranked=ranked, answerable=answerable)

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
            ranked = _rank_sentences(ranking, question, spans)
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
    features = ReplyFeatures.of(question, hits, spans, ranked)
    return Selection(ranked, features, ranking.answerable.logit(features), items)


def _exact(spans: Sequence[Span]) -> list[Span]:
    """The spans without the sentences that the network scored."""
    return [span for span in spans if not span.whole_sentence or span.sentence_logit is None]


def _rank_sentences(
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
    ordered = _rank_sentences(ranking, question, spans)
    first: list[RankedCandidate] = []
    for side in own_terms(sides_of(question.text)):
        named = (one for one in ordered if not side.isdisjoint(terms(one.candidate.best.text)))
        best = next(named, None)
        if best is not None and best not in first:
            first.append(best)
    return first + [one for one in ordered if one not in first]
