"""Groups equal spans into candidates, and computes the candidates' features."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pullquote.english.questions.answer_type import expected_type, type_match
from pullquote.english.sentences import sentence_around
from pullquote.english.terms import terms
from pullquote.english.values.names import CHANGES_WHO, normalise
from pullquote.index.passages import embedding_text
from pullquote.schema import Hit, Question, QuestionKind, Span


def say_the_same(one: Span, other: Span) -> bool:
    """Whether two spans give the same answer.

    They do if their words are equal, or if they overlap in one article or in a sentence that two
    articles share. They also do if one is a full name and the other a longer name that ends in it:
    "Surachate Hakparn", "Pol Gen Surachate Hakparn". A surname alone means the same person only
    within one article.
    """
    if one.whole_sentence != other.whole_sentence:
        return False
    here, there = normalise(one.text), normalise(other.text)
    if (here or one.text) == (there or other.text) or _overlap(one, other):
        return True
    shorter, longer = sorted((one, other), key=lambda span: len(span.text))
    name, titled = normalise(shorter.text).split(), normalise(longer.text).split()
    least = 1 if _article(one) == _article(other) else 2
    return (
        least <= len(name) < len(titled)
        and titled[-len(name) :] == name
        and titled[-len(name) - 1] not in CHANGES_WHO
        and _is_name(shorter.text)
        and _is_name(longer.text)
    )


def _is_name(words: str) -> bool:
    """Whether every word begins with a capital letter, as in names with titles."""
    found = re.findall(r"\w+", words)
    return bool(found) and all(word[0].isupper() for word in found)


def _article(span: Span) -> str:
    return span.hit.passage.article


def _overlap(one: Span, other: Span) -> bool:
    """Whether two spans overlap in one article, or in a sentence that two articles share."""
    if _article(one) == _article(other):
        left, right = one.hit.passage.start, other.hit.passage.start
    elif one.text in other.hit.passage.text or other.text in one.hit.passage.text:
        (here, first), (there, second) = _sentence(one), _sentence(other)
        if here != there:
            return False
        left, right = -first, -second
    else:
        return False
    return left + one.start < right + other.end and right + other.start < left + one.end


def _sentence(span: Span) -> tuple[str, int]:
    """The whole sentences that a span touches, and their start in the passage."""
    text = span.hit.passage.text
    start, end = sentence_around(text, span.start, span.end, span.hit.article.language)
    return text[start:end], start


COPIED = 0.7
"""Sentences that share at least this part of their words (Jaccard) are copies of each other."""

CLAUSES = frozenset(
    {QuestionKind.REASON, QuestionKind.MANNER, QuestionKind.SPEECH, QuestionKind.DEFINITION}
)
"""The kinds of questions whose answer is usually a clause."""

BM25_MOST = 2.2
"""The highest BM25 score of a term per unit of its rarity: k1 + 1."""


MOST_LEAD = 8.0
"""In log-odds. A lead is limited to this in both directions."""


@dataclass(frozen=True, slots=True)
class AnswerFeatures:
    """The features by which a candidate is ranked.

    - `span_logit`: the log-odds of the best span; `lead`: how far they are above those of the best
      rival, limited to the range from -8 to 8.
    - `sentence_logit`: the log-odds that the sentence around the best span settles the question; 0
      if the reader does not score sentences.
    - `support`: log(1 + n), where n is the number of other statements that agree. A statement is a
      sentence of another article that is not a copy, edited or not.
    - `reciprocal_rank`, `cosine`: those of the passage; `bm25`: that of the passage, as a share of
      the highest score that the question's terms can reach.
    - `overlap`, `overlap_nearby`: the shares of the question's terms, weighted by rarity, that are
      in the candidate's sentence, and in its passage with context.
    - `expected_kind`: 1 if the candidate contains the type of answer asked for, -1 if not, 0 if the
      question asks for no particular type.
    - `echo`: the share of the candidate's words that are in the question; `length`: the logarithm
      of the number of words.
    - `clause`: 1 if the question asks for a clause, as "why" and "how" do, else 0;
      `clause_length`: the length if it asks for a clause, else 0.
    - `second_logit`, `second_lead`, `second_sentence_logit`: the same from the second network, or 0
      if it did not read any of the spans; `read_again`: 1 if it did, else 0.
    """

    span_logit: float
    lead: float
    sentence_logit: float
    support: float
    reciprocal_rank: float
    cosine: float
    bm25: float
    overlap: float
    overlap_nearby: float
    expected_kind: float
    echo: float
    length: float
    clause: float
    clause_length: float
    second_logit: float = 0.0
    second_lead: float = 0.0
    second_sentence_logit: float = 0.0
    read_again: float = 0.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """Spans that give the same answer, best first, and their features."""

    spans: tuple[Span, ...]
    features: AnswerFeatures

    @property
    def best(self) -> Span:
        """The span whose words become the answer."""
        return self.spans[0]


def candidates(question: Question, spans: Sequence[Span]) -> list[Candidate]:
    """Group the spans that give the same answer. Groups are in the order of their best spans."""
    groups = _grouped(spans)
    ranks = _ranks(spans)
    firsts = [group[0].span_logit for group in groups]
    seconds = [_highest(span.second_logit for span in group) for group in groups]
    result = []
    for i, group in enumerate(groups):
        kind = group[0].whole_sentence
        rivals = [j for j, g in enumerate(groups) if j != i and g[0].whole_sentence == kind]
        leads = (_lead(firsts, i, rivals), _lead(seconds, i, rivals))
        result.append(Candidate(tuple(group), _features(question, group, leads, ranks)))
    return result


def _lead(logits: Sequence[float | None], at: int, rivals: Sequence[int]) -> float:
    """How far log-odds are above those of the best rival, from -8 to 8; 0 if they are not known."""
    if (own := logits[at]) is None:
        return 0.0
    best = _highest(logits[rival] for rival in rivals)
    return max(-MOST_LEAD, min(MOST_LEAD, MOST_LEAD if best is None else own - best))


def _highest(logits: Iterable[float | None]) -> float | None:
    return max((logit for logit in logits if logit is not None), default=None)


def _grouped(spans: Sequence[Span]) -> list[list[Span]]:
    """Put each span into the first group whose best span gives the same answer."""
    groups: list[list[Span]] = []
    for span in sorted(spans, key=_order):
        match = next((g for g in groups if say_the_same(g[0], span)), None)
        if match is None:
            groups.append([span])
        else:
            match.append(span)
    return groups


def _order(span: Span) -> tuple[bool, bool, float, str, int, int]:
    """Exact words before sentences, and those that both networks read before the others."""
    passage = span.hit.passage
    start = passage.start + span.start
    unread = span.second_logit is None
    return span.whole_sentence, unread, -span.logit, passage.article, start, span.end - span.start


def _ranks(spans: Sequence[Span]) -> dict[int, int]:
    """The rank of each passage that has spans, from 1, by passage id."""
    hits = {span.hit.passage.id: span.hit for span in spans}
    ordered = sorted(
        hits, key=lambda passage_id: (_order_of_hit(hits[passage_id]), -passage_id), reverse=True
    )
    return {passage_id: rank for rank, passage_id in enumerate(ordered, start=1)}


def _order_of_hit(hit: Hit) -> tuple[bool, float]:
    """The sort key of a hit: the reranker's log-odds, or the fused score if there are none."""
    reranked = hit.rerank_logit is not None
    return reranked, hit.fused_score if hit.rerank_logit is None else hit.rerank_logit


def _features(
    question: Question,
    group: Sequence[Span],
    leads: tuple[float, float],
    ranks: dict[int, int],
) -> AnswerFeatures:
    best = group[0]
    second = _highest(span.second_logit for span in group)
    hit = best.hit
    asked = {word.casefold() for word in re.findall(r"\w+", question.text)}
    words = [word.casefold() for word in re.findall(r"\w+", best.text)]
    rarest = BM25_MOST * sum(question.rarity.values())
    length = math.log(max(1, len(words)))
    clause = float(question.kind in CLAUSES)
    return AnswerFeatures(
        span_logit=best.span_logit,
        lead=leads[0],
        sentence_logit=0.0 if best.sentence_logit is None else best.sentence_logit,
        support=math.log1p(_further_statements(group)),
        reciprocal_rank=1 / ranks[hit.passage.id],
        cosine=hit.cosine,
        bm25=hit.bm25 / rarest if hit.bm25 is not None and rarest > 0 else 0.0,
        overlap=question.share_in(frozenset(terms(_sentence_text(best)))),
        overlap_nearby=question.share_in(frozenset(terms(embedding_text(hit.passage)))),
        expected_kind=type_match(expected_type(question.text), best.text),
        echo=sum(word in asked for word in words) / len(words) if words else 1.0,
        length=length,
        clause=clause,
        clause_length=clause * length,
        second_logit=0.0 if second is None else second,
        second_lead=leads[1],
        second_sentence_logit=_highest(span.second_sentence_logit for span in group) or 0.0,
        read_again=float(second is not None),
    )


def _further_statements(group: Sequence[Span]) -> int:
    """How many other articles say the same; articles whose sentences are copies count once."""
    own = group[0].hit.passage.article
    statements = [frozenset(normalise(_sentence_text(group[0])).split())]
    for span in group[1:]:
        words = frozenset(normalise(_sentence_text(span)).split())
        if span.hit.passage.article != own and not any(_are_copies(words, w) for w in statements):
            statements.append(words)
    return len(statements) - 1


def _are_copies(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= COPIED * len(one | other)


def _sentence_text(span: Span) -> str:
    passage = span.hit.passage
    left, right = sentence_around(passage.text, span.start, span.end, span.hit.article.language)
    return passage.text[left:right]
