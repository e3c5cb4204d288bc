"""Measures of rank and of confidence, as functions of plain numbers."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

BINS = 10


@dataclass(frozen=True, slots=True)
class JudgedAnswer:
    """An answer's confidence (0 to 1, or log-odds), and whether it was right."""

    confidence: float
    right: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """The answers with confidence from `low` to below `high`; the last bin includes 1.

    `confidence` is their mean confidence, and `right` the share that is right. Both are None in an
    empty bin.
    """

    low: float
    high: float
    count: int
    confidence: float | None
    right: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskPoint:
    """The result of answering only with at least `confidence`.

    `coverage` is the share of questions answered, and `risk` the share of those answers that are
    wrong.
    """

    confidence: float
    coverage: float
    risk: float


def mean(values: Iterable[float]) -> float:
    """The mean; 0 if there are no values."""
    given = list(values)
    return sum(given) / len(given) if given else 0.0


def mean_if_any(values: Iterable[float]) -> float | None:
    """The mean; None if there are no values."""
    given = list(values)
    return mean(given) if given else None


def recall(ranks: Sequence[int | None], *, k: int) -> float:
    """The share of questions, 0 to 1, with a right passage among the first `k`.

    Ranks start at 1; None means that no right passage was found.
    """
    return mean(rank is not None and rank <= k for rank in ranks)


def auroc(judged: Sequence[JudgedAnswer]) -> float | None:
    """The probability that a right answer has more confidence than a wrong one; a tie counts half.

    0.5 is as good as guessing, and 1 is perfect. None if all answers are right or all are wrong.
    """
    from sklearn.metrics import roc_auc_score  # noqa: PLC0415 - it takes a second to load

    labels = [one.right for one in judged]
    if len(set(labels)) < 2:
        return None
    return float(roc_auc_score(labels, [one.confidence for one in judged]))


def reliability(judged: Sequence[JudgedAnswer]) -> tuple[Bin, ...]:
    """The answers in `BINS` bins of equal width by confidence, the lowest bin first."""
    members: list[list[JudgedAnswer]] = [[] for _ in range(BINS)]
    for one in judged:
        members[min(int(one.confidence * BINS), BINS - 1)].append(one)
    return tuple(
        Bin(
            low=number / BINS,
            high=(number + 1) / BINS,
            count=len(found),
            confidence=mean(one.confidence for one in found) if found else None,
            right=mean(one.right for one in found) if found else None,
        )
        for number, found in enumerate(members)
    )


def calibration_error(bins: Iterable[Bin]) -> float:
    """Expected calibration error, 0 to 1: the mean gap between confidence and the share right.

    Bins are weighted by their number of answers. Source: Guo et al., On Calibration of Modern
    Neural Networks, ICML 2017.
    """
    gaps = [
        (one.count, abs(one.confidence - one.right))
        for one in bins
        if one.confidence is not None and one.right is not None
    ]
    total = sum(count for count, _ in gaps)
    return sum(count * gap for count, gap in gaps) / total if total else 0.0


def risk_coverage(judged: Sequence[JudgedAnswer]) -> tuple[RiskPoint, ...]:
    """The coverage and risk with each confidence as the threshold, the highest first.

    Answers with the same confidence are given together, since no threshold separates them.
    Source: Geifman and El-Yaniv, Selective Classification for Deep Neural Networks, NIPS 2017.
    """
    ordered = sorted(judged, key=lambda one: -one.confidence)
    points, answered, wrong = [], 0, 0
    for confidence, group in groupby(ordered, key=lambda one: one.confidence):
        together = list(group)
        answered += len(together)
        wrong += sum(not one.right for one in together)
        points.append(
            RiskPoint(confidence=confidence, coverage=answered / len(judged), risk=wrong / answered)
        )
    return tuple(points)


def risk_coverage_area(points: Iterable[RiskPoint]) -> float:
    """The area under a risk-coverage curve, 0 to 1: the mean risk. Lower is better."""
    area, before = 0.0, 0.0
    for point in points:
        area += (point.coverage - before) * point.risk
        before = point.coverage
    return area


RIGHT_F1 = 0.6
"""The lowest token F1 of a right answer. A span of two words may lack one word or have one more."""

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_NO_PUNCTUATION = str.maketrans(dict.fromkeys(string.punctuation, ""))


def squad_normalised(words: str) -> str:
    """The words in lower case, without ASCII punctuation, English articles or extra white space.

    This makes figures comparable with published ones. `answers.normalise`, which is used to merge
    answers, is different: it turns "3-2" into two numbers, whereas this function turns it into 32.
    """
    return " ".join(_ARTICLES.sub(" ", words.lower().translate(_NO_PUNCTUATION)).split())


def exact_match(answer: str, gold: Sequence[str]) -> bool:
    """Whether an answer equals an accepted answer after SQuAD's normalisation."""
    found = squad_normalised(answer)
    return any(found == squad_normalised(accepted) for accepted in gold)


def contains(answer: str, gold: Sequence[str]) -> bool:
    """Whether an answer contains the words of an accepted answer, after SQuAD's normalisation."""
    padded = f" {squad_normalised(answer)} "
    wanted = (squad_normalised(accepted) for accepted in gold)
    return any(f" {words} " in padded for words in wanted if words)


def token_f1(answer: str, gold: Sequence[str]) -> float:
    """The best token F1, 0 to 1, of an answer and an accepted answer; 0 if none are accepted.

    If normalisation leaves nothing of an answer, its F1 is 1 if both are empty, otherwise 0.
    """
    found = squad_normalised(answer).split()
    return max((_f1(found, squad_normalised(accepted).split()) for accepted in gold), default=0.0)


def is_right(answer: str, gold: Sequence[str]) -> bool:
    """Whether an answer contains an accepted one, or has a token F1 of `RIGHT_F1` or more."""
    return contains(answer, gold) or token_f1(answer, gold) >= RIGHT_F1


def _f1(found: Sequence[str], wanted: Sequence[str]) -> float:
    if not found or not wanted:
        return float(found == wanted)
    shared = sum((Counter(found) & Counter(wanted)).values())
    return 2 * shared / (len(found) + len(wanted))
