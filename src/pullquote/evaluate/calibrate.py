"""Fits a calibration of confidence to gold questions about a corpus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from pullquote.answering.answerer import is_result
from pullquote.answering.answers import Calibration, Ranking, answers
from pullquote.base.plurals import counted
from pullquote.evaluate.gold import GoldQuestion
from pullquote.evaluate.measures import JudgedAnswer, calibration_error, reliability
from pullquote.evaluate.scoring import answer_is_right
from pullquote.index import Progress
from pullquote.newsroom.assistant import Assistant
from pullquote.schema.errors import SettingsError

MIN_QUESTIONS = 30
"""The fewest questions allowed; with fewer, the fitted probabilities would mean nothing."""

MIN_OF_EACH_KIND = 5
"""At least this many first answers must be right, and at least this many wrong."""

FOLDS = 5

SILENT_ON = 0.08
"""The share of the answerable questions for which "nothing found" may be said."""

MIN_ANSWERABLE = 50
"""The fewest answerable questions for fitting when to say that nothing was found.

With 50, the third and fourth lowest log-odds decide; with fewer, one odd question would.
"""

NO_ANSWER_LOGIT = -10.0
"""The log-odds given to a question that got no answer at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationFit:
    """A calibration, and the expected calibration error (0 to 1) before and after it was fitted.

    `error_after` is cross-validated: each question is judged by a fit to other questions.
    `questions` were used, and `left_out` were read as keywords. `nothing_below` are the log-odds
    below which nothing was found; None if there are too few answerable questions to fit them.
    """

    calibration: Calibration
    error_before: float
    error_after: float
    questions: int
    right: int
    left_out: int = 0
    nothing_below: float | None = None


def calibrate(
    assistant: Assistant, questions: Sequence[GoldQuestion], *, progress: Progress | None = None
) -> CalibrationFit:
    """Fit the confidence of an assistant's answers to questions with known answers.

    An answer is right by the rule of its question's kind; see `pullquote.evaluate.scoring`.
    Questions that are read as keywords are left out, if sentences are shown for them: their outcome
    does not depend on the confidence. `progress(done, total)` is called after each question.

    Raises:
        SettingsError: there are too few questions, or too few right or wrong answers; right answers
            do not score higher than wrong ones; or the questions are turns of conversations.
    """
    if any(gold.conversation is not None for gold in questions):
        raise SettingsError(
            "The confidence cannot be fitted to conversations: a turn may need earlier ones."
        )
    _check_enough(len(questions), "")
    packaged, judged = Ranking.packaged_for(assistant.reader), []
    for number, gold in enumerate(questions, start=1):
        judged.append(_judged_question(assistant, gold, packaged))
        if progress is not None:
            progress(number, len(questions))
    used = [one for one in judged if one is not None]
    _check_enough(len(used), " that are not keywords")
    try:
        before = assistant.calibration
    except SettingsError:  # the index's own cannot be read
        before = packaged.calibration
    fitted_on = counted(len(used), "question")
    found = fit_and_validate([first for first, _ in used], before=before, fitted_on=fitted_on)
    logits = [logit for _, logit in used if logit is not None]
    return replace(found, left_out=len(judged) - len(used), nothing_below=nothing_below(logits))


def nothing_below(logits: Sequence[float]) -> float | None:
    """The log-odds below which nothing was found, given those of answerable questions.

    The weights that give the log-odds are not fitted: that would take many questions that the
    corpus does not answer. None if there are fewer than `MIN_ANSWERABLE`.
    """
    if len(logits) < MIN_ANSWERABLE:
        return None
    return round(float(np.quantile(logits, SILENT_ON)), 3)


def fit_and_validate(
    firsts: Sequence[JudgedAnswer], *, before: Calibration, fitted_on: str
) -> CalibrationFit:
    """Fit a calibration to first answers, and compare its error with that of `before`.

    The confidence of the given answers is in log-odds.

    Raises:
        SettingsError: there are too few right or wrong answers; see also `fit`.
    """
    right = sum(first.right for first in firsts)
    if min(right, len(firsts) - right) < MIN_OF_EACH_KIND:
        raise SettingsError(
            f"{right} of {len(firsts)} first answers are right; calibrating needs at least "
            f"{MIN_OF_EACH_KIND} right and {MIN_OF_EACH_KIND} wrong ones. Add more questions, "
            "including some that the corpus does not answer."
        )
    ordered = sorted(firsts, key=lambda first: first.right)  # every fold gets both kinds
    validated = []
    for fold in range(FOLDS):
        others = [first for i, first in enumerate(ordered) if i % FOLDS != fold]
        partial = fit(others, fitted_on=fitted_on)
        validated += [_judged(first, partial) for first in ordered[fold::FOLDS]]
    return CalibrationFit(
        calibration=fit(firsts, fitted_on=fitted_on),
        error_before=calibration_error(reliability([_judged(one, before) for one in firsts])),
        error_after=calibration_error(reliability(validated)),
        questions=len(firsts),
        right=right,
    )


def fit(firsts: Sequence[JudgedAnswer], *, fitted_on: str) -> Calibration:
    """Fit a calibration to these first answers by Platt scaling.

    Raises:
        SettingsError: right answers do not score higher than wrong ones.
    """
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - a second to load

    logits = [[first.confidence] for first in firsts]
    model = LogisticRegression(C=1e3).fit(logits, [first.right for first in firsts])
    slope, intercept = float(model.coef_[0][0]), float(model.intercept_[0])
    if slope <= 0:
        raise SettingsError(
            "On these questions, right answers do not score higher than wrong ones, so confidence "
            "would mean nothing. Check that the questions are about this corpus."
        )
    return Calibration.of(
        [first.confidence for first in firsts],
        [first.right for first in firsts],
        slope=slope,
        intercept=intercept,
        fitted_on=fitted_on,
    )


def _check_enough(count: int, which: str) -> None:
    if count < MIN_QUESTIONS:
        raise SettingsError(
            f"Calibrating needs at least {MIN_QUESTIONS} questions{which}, but there are {count}. "
            "Include some that the corpus does not answer."
        )


def _judged_question(
    assistant: Assistant, gold: GoldQuestion, packaged: Ranking
) -> tuple[JudgedAnswer, float | None] | None:
    """The first answer, and its log-odds if the rule for "nothing" applies to the question.

    None if the outcome of the question does not depend on the confidence.
    """
    found = assistant.find(gold.question, filters=gold.filters)
    selected = assistant.select(found)
    if is_result(selected, found.query.kind):
        return None
    first = JudgedAnswer(NO_ANSWER_LOGIT, right=False)
    if selected.ranked:
        best = selected.ranked[:1]
        [answer] = answers(best, keep=1, calibration=packaged.calibration, sources=len)
        first = JudgedAnswer(best[0].logit, answer_is_right(answer, gold))
    counts = gold.answerable and not selected.is_unscored_sentence
    return first, selected.answerable if counts else None


def _judged(first: JudgedAnswer, calibration: Calibration) -> JudgedAnswer:
    """The answer with its calibrated confidence instead of its log-odds."""
    return JudgedAnswer(calibration.confidence(first.confidence), first.right)
