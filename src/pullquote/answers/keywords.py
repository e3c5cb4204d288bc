"""Chooses the sentence of each article that somebody who typed keywords wants to read first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pullquote.passages import passage_id
from pullquote.schema import Hit, Question, Role, Span
from pullquote.sentences import sentence_spans
from pullquote.terms import terms

LEAD_FROM = 0.5
"""The first sentence is chosen if it has at least this share of the terms in the best sentence."""


def first_sentences(question: Question, hits: Sequence[Hit], spans: Sequence[Span]) -> list[Span]:
    """A sentence of each article, in the order of the hits.

    It is the first sentence of the article if that has enough of the terms, because news puts what
    matters first. Otherwise it is the sentence with the most terms among the article's hits.
    """
    chosen = []
    for article in dict.fromkeys(hit.passage.article for hit in hits):
        own = [hit for hit in hits if hit.passage.article == article]
        sentences = [span for hit in own for span in _sentences(hit)]
        best = max(sentences, key=lambda span: _share(question, span))
        lead = _lead(own[0])
        if lead is not None and _share(question, lead) >= LEAD_FROM * _share(question, best):
            best = lead
        scored = (s for s in spans if s.whole_sentence and _same_place(s, best))
        chosen.append(next(scored, best))
    return chosen


def _sentences(hit: Hit) -> Iterator[Span]:
    for start, end in sentence_spans(hit.passage.text, hit.article.language):
        yield Span(hit, start, end, 0.0, whole_sentence=True)


def _lead(hit: Hit) -> Span | None:
    """The first sentence of the article's body, as a span of a passage of its own."""
    article = hit.article
    block = next((block for block in article.blocks if block.role is Role.BODY), None)
    if block is None:
        return None
    text = article.text[block.start : block.end]
    start, end = sentence_spans(text, article.language)[0]
    start, end = block.start + start, block.start + end
    passage = replace(
        hit.passage,
        id=passage_id(article.id, Role.BODY, start, end),
        role=Role.BODY,
        start=start,
        end=end,
        text=article.text[start:end],
    )
    return Span(replace(hit, passage=passage), 0, end - start, 0.0, whole_sentence=True)


def _share(question: Question, span: Span) -> float:
    """The share of the question's terms in a sentence and its headline."""
    return question.share_in(frozenset(terms(span.text)))


def _same_place(one: Span, other: Span) -> bool:
    here, there = one.hit.passage, other.hit.passage
    return here.article == there.article and here.start + one.start == there.start + other.start
