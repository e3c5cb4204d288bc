"""Spans -> candidates: equal words together, and what speaks for each."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pullquote.answer_type import expected, fit
from pullquote.answers.words import normalise, say_the_same
from pullquote.passages import embedding_text
from pullquote.schema import Hit, Question, Span
from pullquote.sentences import sentence_around
from pullquote.terms import terms

COPIED = 0.7
"""Of the words of two sentences, from which one is a copy of the other, edited or not."""

BM25_MOST = 2.2
"""The most that BM25 gives a term for each unit of its rarity: k1 + 1."""


@dataclass(frozen=True, slots=True)
class AnswerFeatures:
    """What speaks for a candidate or, where negative, against it.

    `span_logit` is its best span's log-odds and `lead` how far they are above the best rival's, or
    below it. `support` is the logarithm of one more than the further statements that agree: equal
    words in a sentence of another article that is no copy, edited or not. `cosine`
    and `bm25` are its passage's scores, the latter as a share of the most that the question's words
    can score; `reciprocal_rank` is of the passage. The overlaps are shares of the question's terms,
    weighted by rarity: in its sentence, and in its passage and context. `expected_kind` is 1 where
    it holds the kind of thing asked for, -1 where it does not, 0 where the question names no kind.
    `echo` is the share of its words that the question already says; `length` is the logarithm of
    the number of its words.
    """

    span_logit: float
    lead: float
    support: float
    reciprocal_rank: float
    cosine: float
    bm25: float
    overlap: float
    overlap_nearby: float
    expected_kind: float
    echo: float
    length: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """Spans that say the same, best first, and what speaks for them."""

    spans: tuple[Span, ...]
    features: AnswerFeatures

    @property
    def best(self) -> Span:
        """The span that lends the answer its words."""
        return self.spans[0]


def candidates(question: Question, spans: Sequence[Span]) -> list[Candidate]:
    """The spans in groups that say the same, in the order of each group's best span."""
    groups = _grouped(spans)
    ranks = _ranks(spans)
    tops = [group[0].span_logit for group in groups]
    found = []
    for i, group in enumerate(groups):
        kind = group[0].whole_sentence
        rivals = [t for j, t in enumerate(tops) if j != i and groups[j][0].whole_sentence == kind]
        found.append(Candidate(tuple(group), _features(question, group, rivals, ranks)))
    return found


def _grouped(spans: Sequence[Span]) -> list[list[Span]]:
    """Each span joins the first group whose best span says the same."""
    groups: list[list[Span]] = []
    for span in sorted(spans, key=_order):
        home = next((g for g in groups if say_the_same(g[0], span)), None)
        if home is None:
            groups.append([span])
        else:
            home.append(span)
    return groups


def _order(span: Span) -> tuple[bool, float, str, int, int]:
    passage = span.hit.passage
    place = passage.start + span.start
    return span.whole_sentence, -span.span_logit, passage.article, place, span.end - span.start


def _ranks(spans: Sequence[Span]) -> dict[int, int]:
    """The place of each passage, 1 the best, among those in which something was found."""
    hits = {span.hit.passage.id: span.hit for span in spans}
    ordered = sorted(hits, key=lambda passage: (_promise(hits[passage]), -passage), reverse=True)
    return {passage: rank for rank, passage in enumerate(ordered, start=1)}


def _promise(hit: Hit) -> tuple[bool, float]:
    """What orders hits: a reranker's log-odds where it read them, else how they were retrieved."""
    reranked = hit.rerank_logit is not None
    return reranked, hit.fused_score if hit.rerank_logit is None else hit.rerank_logit


def _features(
    question: Question, group: Sequence[Span], rivals: Sequence[float], ranks: dict[int, int]
) -> AnswerFeatures:
    best = group[0]
    hit = best.hit
    asked = {word.casefold() for word in re.findall(r"\w+", question.text)}
    words = [word.casefold() for word in re.findall(r"\w+", best.text)]
    rarest = BM25_MOST * sum(question.rarity.values())
    return AnswerFeatures(
        span_logit=best.span_logit,
        lead=max(-8.0, min(8.0, best.span_logit - max(rivals, default=-math.inf))),
        support=math.log1p(_further_statements(group)),
        reciprocal_rank=1 / ranks[hit.passage.id],
        cosine=hit.cosine,
        bm25=hit.bm25 / rarest if hit.bm25 is not None and rarest > 0 else 0.0,
        overlap=question.share_in(frozenset(terms(_sentence(best)))),
        overlap_nearby=question.share_in(frozenset(terms(embedding_text(hit.passage)))),
        expected_kind=fit(expected(question.text), best.text),
        echo=sum(word in asked for word in words) / len(words) if words else 1.0,
        length=math.log(max(1, len(words))),
    )


def _further_statements(group: Sequence[Span]) -> int:
    """How many other articles say the same in a sentence of their own, copies counted once."""
    own = group[0].hit.passage.article
    said = [frozenset(normalise(_sentence(group[0])).split())]
    for span in group[1:]:
        words = frozenset(normalise(_sentence(span)).split())
        if span.hit.passage.article != own and not any(_are_copies(words, w) for w in said):
            said.append(words)
    return len(said) - 1


def _are_copies(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= COPIED * len(one | other)


def _sentence(span: Span) -> str:
    passage = span.hit.passage
    left, right = sentence_around(passage.text, span.start, span.end, span.hit.article.language)
    return passage.text[left:right]
