"""Spans -> ranked candidates: grouping and features."""

from __future__ import annotations

import math
from dataclasses import asdict, replace

import pytest

from planted_ranking import EVEN, planted_ranking
from pullquote.answering.answers import (
    AnswerFeatures,
    Ranking,
    StoredCalibration,
    answers,
    candidates,
)
from pullquote.base.regression import Weights
from pullquote.schema import Hit, Question, Span
from strategies import body, hit, span

NAMES = set(AnswerFeatures.__dataclass_fields__)
WHO = Question("Who built the old quay?", {"built": 2.0, "old": 1.0, "quay": 5.0})


def ranked(text: str, *, id: str = "a.md", fused_score: float = 0.1, start: int = 0) -> Hit:
    return replace(hit(body(text, id=id), start), fused_score=fused_score)


def features_of(spans: list[Span], question: Question = WHO) -> AnswerFeatures:
    return candidates(question, spans)[0].features


def test_features_by_hand():
    """Every feature of a candidate with a rival, by hand."""
    first = ranked("It rained. Ida Roe built the quay in 1911. All is old.", fused_score=0.05)
    other = ranked("Odd Vik came.", id="b.md", fused_score=0.1)
    first = replace(first, cosine=0.6, bm25=3.52)
    found = features_of([span(first, "Ida Roe built", 3.0), span(other, "Odd Vik", 1.0)])
    assert asdict(found) == pytest.approx(
        {
            "span_logit": 3.0,
            "lead": 3.0 - 1.0,
            "sentence_logit": 0.0,
            "support": 0.0,
            "reciprocal_rank": 1 / 2,
            "cosine": 0.6,
            "bm25": 3.52 / (2.2 * 8),
            "overlap": (2 + 5) / 8,  # its sentence holds "built" and "quay"
            "overlap_nearby": 1.0,  # "old" stands beside it
            "expected_kind": 1.0,  # a name
            "echo": 1 / 3,  # "built"
            "length": math.log(3),
            "clause": 0.0,
            "clause_length": 0.0,
            "second_logit": 0.0,
            "second_lead": 0.0,
            "second_sentence_logit": 0.0,
            "read_again": 0.0,
        }
    )


def test_features_of_what_was_read_again():
    """The second network's log-odds count on their own, and those of the best rival."""
    first, other = ranked("Ida Roe built the quay."), ranked("Odd Vik came.", id="b.md")
    again = replace(span(first, "Ida Roe", 1.0), second_logit=4.0, second_sentence_logit=2.0)
    rival = replace(span(other, "Odd Vik", 3.0), second_logit=-1.0, second_sentence_logit=-3.0)
    found = features_of([again, rival])
    assert (found.span_logit, found.second_logit, found.second_lead) == (1.0, 4.0, 5.0)
    assert (found.lead, found.second_sentence_logit, found.read_again) == (-2.0, 2.0, 1.0)


def test_lead_is_over_the_best_rival_of_the_same_kind():
    """The lead is at most 8, also without a rival; sentences are no rivals of words."""
    found = ranked("Ida and Odd and Vik left. It rained.")
    spans = [span(found, "Ida", 5.0), span(found, "Odd", 2.0), span(found, "Vik", -9.0)]
    whole = replace(span(found, "It rained.", 1.0), whole_sentence=True)
    leads = [c.features.lead for c in candidates(WHO, [whole, *spans])]
    assert leads == [3.0, -3.0, -8.0, 8.0]


def test_further_statements_support_and_copies_do_not():
    """Two more articles with sentences of their own; the wire story's copies count once."""
    wire = "Ida Roe built the old quay, the agency said."
    edited = "Ida Roe built the old quay, an agency said on Monday."
    texts = [wire, edited, "It was Ida Roe.", "It was Ida Roe!", "Surely Ida Roe did."]
    hits = [ranked(text, id=f"{number}.md") for number, text in enumerate(texts)]
    spans = [span(found, "Ida Roe", 5.0 - n) for n, found in enumerate(hits)]
    [candidate] = candidates(WHO, spans)
    assert candidate.features.support == pytest.approx(math.log(3))
    assert [s.hit.passage.article for s in candidate.spans] == [f"{n}.md" for n in range(5)]


def test_repetition_within_an_article_is_no_support():
    """A repetition in the same article is no support."""
    found = ranked("Ida Roe built it. It was Ida Roe.")
    again = found.passage.text.rindex("Ida Roe")
    assert (
        features_of([span(found, "Ida Roe", 5.0), Span(found, again, again + 7, 4.0)]).support == 0
    )


def test_names_with_titles_are_one_candidate():
    """The most likely span gives the words, and all occurrences follow, best first."""
    one = ranked("Pol Gen Surachate Hakparn agreed.")
    other = ranked("Surachate Hakparn agreed. Hakparn left.", id="b.md")
    spans = [
        span(one, "Pol Gen Surachate Hakparn", 1.0),
        span(other, "Surachate Hakparn", 3.0),
        span(other, "Hakparn left", 0.5),
    ]
    first, second = candidates(WHO, spans)
    assert [s.text for s in first.spans] == ["Surachate Hakparn", "Pol Gen Surachate Hakparn"]
    assert second.best.text == "Hakparn left"


def test_places_that_overlap_are_one_candidate():
    """Two passages share a sentence and the reader found a little more in one of them."""
    text = "It rained. Ida Roe of Inchbray built it."
    left, right = ranked(text), ranked(text, start=11)
    [found] = candidates(WHO, [span(left, "Ida Roe", 2.0), span(right, "Ida Roe of Inchbray", 3.0)])
    assert [s.text for s in found.spans] == ["Ida Roe of Inchbray", "Ida Roe"]


def test_question_without_rare_terms_and_answer_without_words():
    """Nothing is divided by zero."""
    found = features_of([span(replace(ranked("?!"), bm25=None), "?!")], Question("?", {}))
    assert (found.bm25, found.overlap, found.overlap_nearby) == (0.0, 0.0, 0.0)
    assert (found.echo, found.length, found.expected_kind) == (1.0, 0.0, 0.0)


def test_order_by_hand():
    """Words and sentences have weights of their own, and the sums decide."""
    ranking = planted_ranking(
        words=Weights(intercept=-1.0, weights={"span_logit": 1.0, "echo": -6.0}),
        sentences=Weights(intercept=0.5, weights={"span_logit": 0.5}),
    )
    found = ranked("Ida built it. It rained all day.")
    spans = [
        span(found, "Ida built", 5.0),
        span(found, "day", 3.0),
        replace(span(found, "It rained all day.", 2.0), whole_sentence=True),
    ]
    order = ranking.order(WHO, spans)
    assert [(one.candidate.best.text, one.logit) for one in order] == [
        ("day", 2.0),
        ("It rained all day.", 1.5),
        ("Ida built", 1.0),  # half of it echoes the question
    ]
    assert ranking.order(WHO, []) == []


@pytest.mark.parametrize(
    ("logit", "first"), [(-2.0, ["day", "It rained all day."]), (-4.0, ["It rained all day."])]
)
def test_words_that_may_answer_come_before_the_sentence_they_stand_in(logit, first):
    """They are the exact words, and the sentence is cited with them; unlikely words stay behind."""
    ranking = planted_ranking(
        words=Weights(intercept=0.0, weights={"span_logit": 1.0}),
        sentences=Weights(intercept=0.0, weights={"span_logit": 1.0}),
    )
    found = ranked("Ida built it. It rained all day.")
    spans = [
        span(found, "day", logit),
        span(found, "Ida", -2.5),
        replace(span(found, "It rained all day.", 2.0), whole_sentence=True),
    ]
    order = ranking.order(WHO, spans)
    assert [one.candidate.best.text for one in order[: len(first)]] == first
    assert [one.logit for one in order[: len(first)]] == [2.0] * len(first)
    assert order[-1].logit < 0


def test_equal_words_about_something_else_are_not_cited():
    """Words that the reader finds unlikely in their own passage do not count as a source."""
    places = [ranked(f"Ida Roe moved up five places in {n}.", id=f"{n}.md") for n in range(3)]
    spans = [span(at, "five", logit) for at, logit in zip(places, (9.0, -2.9, -3.1), strict=True)]
    [found] = answers(planted_ranking().order(WHO, spans), keep=5, calibration=EVEN, sources=len)
    assert [citation.article for citation in found.citations] == ["0.md", "1.md"]
    assert found.sources == 2


def test_identity_changes_with_the_weights_and_not_with_the_calibration():
    """A calibration explains the log-odds of these weights; it may itself be another one."""
    weights = [Weights(intercept=0.0, weights={"span_logit": weight}) for weight in (1.0, 2.0)]
    one, other = (planted_ranking(words=w, sentences=weights[0]) for w in weights)
    fitted = EVEN.model_copy(update={"slope": 2.0})
    assert one.identity != other.identity
    assert one.model_copy(update={"calibration": fitted}).identity == one.identity


@pytest.mark.parametrize(("fitted", "used"), [(-2.5, -2.5), (None, 0.0)])
def test_what_was_fitted_for_an_index_replaces_what_was_packaged(fitted, used):
    """The rule for "nothing" is replaced only if it was fitted too."""
    own = EVEN.model_copy(update={"slope": 2.0})
    stored = StoredCalibration(scored_by="reader@1", calibration=own, nothing_below=fitted)
    ranking = planted_ranking().calibrated(stored)
    assert (ranking.calibration, ranking.nothing_below) == (own, used)
    assert ranking.may_answer(-2.0) == (fitted is not None)
    assert planted_ranking().calibrated(None) == planted_ranking()


def test_packaged_ranking_knows_features_only_and_calibrates_upwards():
    """Each weight is of a feature; more log-odds are more confidence, never less."""
    ranking = Ranking.packaged()
    for weights in (ranking.words, ranking.sentences, ranking.fallback):
        assert set(weights.weights) <= NAMES
    assert ranking.words.weights["span_logit"] > 0
    assert ranking.words.weights["sentence_logit"] > 0
    assert ranking.answerable.weights["sentence_logit"] > 0
    assert ranking.calibration.slope > 0
    assert len(ranking.calibration.confidences) == len(ranking.calibration.wrong)
