"""Chooses the sentence of each article that somebody who typed keywords wants to read first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pullquote.english.sentences import sentence_spans
from pullquote.english.terms import terms
from pullquote.index.passages import passage_id
from pullquote.schema import Hit, Question, Role, Span

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
