"""Computes the figures of an evaluation."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pullquote.evaluate.asked_question import AskedQuestion, QuestionOutcome
from pullquote.evaluate.by_kind import KindFigures, ReplyCounts
from pullquote.evaluate.labels import LabelFigures
from pullquote.evaluate.measures import (
    Bin,
    JudgedAnswer,
    RiskPoint,
    auroc,
    calibration_error,
    mean,
    recall,
    reliability,
    risk_coverage,
    risk_coverage_area,
)
from pullquote.evaluate.reading import ReadingFigures
from pullquote.evaluate.story_figures import ConflictFigures, StoryFigures


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallFigures:
    """The share of answerable questions with a right passage among the first 1, 5, 10 and 20."""

    at_1: float
    at_5: float
    at_10: float
    at_20: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrievalFigures:
    """Recall of each search, of the fused ranking, and of `retrieve`.

    `fused` and `retrieved` differ only if a reranker is set.
    """

    dense: RecallFigures
    lexical: RecallFigures
    fused: RecallFigures
    retrieved: RecallFigures


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFigures:
    """The quality of the best answer to each answerable question, even if it was withheld.

    Shares range from 0 to 1. `exact_match`, `f1` and `contains` leave out questions without
    accepted answers, such as keywords. `top_1`, `top_3` and `top_5` are the shares of questions
    with a right answer among the first 1, 3 and 5.
    """

    exact_match: float
    f1: float
    contains: float
    top_1: float
    top_3: float
    top_5: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AbstentionFigures:
    """Exact match and F1 over all questions as in SQuAD 2.0; a withheld answer counts as silence.

    An unanswerable question scores 1 for silence and 0 for any answer. An answerable question
    scores 0 for silence. Keywords, which have no accepted answers, are left out of exact match and
    F1. `precision` is the share of given answers that are right, or None if none were given.
    """

    exact_match: float
    f1: float
    answered: int
    answered_right: int
    abstained: int
    precision: float | None
    rightly_silent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfidenceFigures:
    """The quality of the best answer's confidence, over all questions.

    `auroc_answerable` says how well the confidence separates answerable questions from others; it
    is None if all questions are of one kind. `calibration_error` is the expected calibration error
    in 10 bins. For it and `risk_coverage_area`, lower is better.
    """

    auroc_answerable: float | None
    calibration_error: float
    reliability: tuple[Bin, ...]
    risk_coverage_area: float
    risk_coverage: tuple[RiskPoint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationFigures:
    """The number of citations of all answers, and how many of them quote the article exactly."""

    cited: int
    exact: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyFigures:
    """Wall time of a warm `ask`, in milliseconds."""

    median_ms: float
    p95_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeCount:
    """An outcome, and the number of questions that had it."""

    outcome: QuestionOutcome
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All figures. `misplaced` counts answerable questions whose article is not in the index.

    `kinds` is empty if no question has a kind, `conflicts` if none knows of wrong answers, and
    `stories` if none is about a story. `labels` counts what is said beside the quotes.
    """

    questions: int
    answerable: int
    misplaced: int
    generation: str
    articles: int
    passages: int
    finding: RetrievalFigures
    answers: AnswerFigures
    silence: AbstentionFigures
    confidence: ConfidenceFigures
    citations: CitationFigures
    latency: LatencyFigures
    outcomes: tuple[OutcomeCount, ...]
    replies: ReplyCounts
    kinds: tuple[KindFigures, ...]
    reading: ReadingFigures | None
    conflicts: tuple[ConflictFigures, ...]
    stories: tuple[StoryFigures, ...]
    labels: tuple[LabelFigures, ...]


def retrieval_figures(asked: Sequence[AskedQuestion]) -> RetrievalFigures:
    """Recall over the answerable questions."""
    ranks = [one.ranks for one in asked if one.gold.answerable]
    return RetrievalFigures(
        dense=_recall([rank.dense for rank in ranks]),
        lexical=_recall([rank.lexical for rank in ranks]),
        fused=_recall([rank.fused for rank in ranks]),
        retrieved=_recall([rank.retrieved for rank in ranks]),
    )


def answer_figures(asked: Sequence[AskedQuestion]) -> AnswerFigures:
    """The quality of the best answers, over the answerable questions."""
    answerable = [one for one in asked if one.gold.answerable]
    worded = [one for one in answerable if one.gold.answers]
    return AnswerFigures(
        exact_match=mean(one.exact_match for one in worded),
        f1=mean(one.f1 for one in worded),
        contains=mean(one.contains for one in worded),
        top_1=mean(one.right for one in answerable),
        top_3=mean(one.right_among(3) for one in answerable),
        top_5=mean(one.right_among(5) for one in answerable),
    )


def abstention_figures(asked: Sequence[AskedQuestion]) -> AbstentionFigures:
    """The quality of answering and abstaining, over all questions."""
    answered = [one for one in asked if one.answered]
    right = sum(one.right for one in answered)
    silent = sum(not one.answered and not one.gold.answerable for one in asked)
    worded = [one for one in asked if one.gold.answers or not one.gold.answerable]
    return AbstentionFigures(
        exact_match=mean(_or_silent(one, one.exact_match) for one in worded),
        f1=mean(_or_silent(one, one.f1) for one in worded),
        answered=len(answered),
        answered_right=right,
        abstained=len(asked) - len(answered),
        precision=right / len(answered) if answered else None,
        rightly_silent=silent,
    )


def confidence_figures(asked: Sequence[AskedQuestion]) -> ConfidenceFigures:
    """Confidence over all questions.

    A question without an answer counts as one answered wrongly with confidence 0.
    """
    judged = [JudgedAnswer(one.confidence, one.right) for one in asked]
    bins, points = reliability(judged), risk_coverage(judged)
    return ConfidenceFigures(
        auroc_answerable=auroc(
            [JudgedAnswer(one.confidence, one.gold.answerable) for one in asked]
        ),
        calibration_error=calibration_error(bins),
        reliability=bins,
        risk_coverage_area=risk_coverage_area(points),
        risk_coverage=points,
    )


def latency_figures(took_ms: Sequence[float]) -> LatencyFigures:
    """The median and the 95th percentile of the times."""
    return LatencyFigures(
        median_ms=round(statistics.median(took_ms), 1),
        p95_ms=round(float(np.percentile(took_ms, 95)), 1),
    )


def outcome_counts(asked: Sequence[AskedQuestion]) -> tuple[OutcomeCount, ...]:
    """The number of questions with each outcome, even if it is 0."""
    outcomes = [one.outcome for one in asked]
    return tuple(OutcomeCount(outcome=one, count=outcomes.count(one)) for one in QuestionOutcome)


def _or_silent(one: AskedQuestion, score: float) -> float:
    """The score as in SQuAD 2.0: silence scores 1 if the question is unanswerable, otherwise 0."""
    return score if one.answered else float(not one.gold.answerable)


def _recall(ranks: Sequence[int | None]) -> RecallFigures:
    return RecallFigures(
        at_1=recall(ranks, k=1),
        at_5=recall(ranks, k=5),
        at_10=recall(ranks, k=10),
        at_20=recall(ranks, k=20),
    )
