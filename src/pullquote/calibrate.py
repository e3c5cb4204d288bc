"""Fits a calibration of confidence to gold questions about a corpus."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pullquote.answers import Calibration, Ranking
from pullquote.assistant import Assistant
from pullquote.errors import SettingsError
from pullquote.evaluate import GoldQuestion, is_right
from pullquote.evaluate.measures import JudgedAnswer, calibration_error, reliability
from pullquote.schema import Filters

Progress = Callable[[int, int], None]

MIN_QUESTIONS = 30
"""The fewest questions allowed; with fewer, the fitted probabilities would mean nothing."""

MIN_OF_EACH_KIND = 5
"""At least this many first answers must be right, and at least this many wrong."""

FOLDS = 5

NO_ANSWER_LOGIT = -10.0
"""The log-odds given to a question that got no answer at all."""


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """The log-odds of a question's first answer, and whether it was right."""

    logit: float
    right: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationFit:
    """A calibration, and the expected calibration error (0 to 1) before and after it was fitted.

    `error_after` is cross-validated: each question is judged by a fit to other questions.
    """

    calibration: Calibration
    error_before: float
    error_after: float
    questions: int
    right: int


def calibrate(
    assistant: Assistant, questions: Sequence[GoldQuestion], *, progress: Progress | None = None
) -> CalibrationFit:
    """Fit the confidence of an assistant's answers to questions with known answers.

    `progress(done, total)` is called after each question.

    Raises:
        SettingsError: there are too few questions, or too few right or wrong answers; or right
            answers do not score higher than wrong ones.
    """
    if len(questions) < MIN_QUESTIONS:
        raise SettingsError(
            f"Calibrating needs at least {MIN_QUESTIONS} questions, but there are "
            f"{len(questions)}. Include some that the corpus does not answer."
        )
    firsts = []
    for number, gold in enumerate(questions, start=1):
        firsts.append(_first(assistant, gold))
        if progress is not None:
            progress(number, len(questions))
    return fit_and_validate(firsts, before=_before(assistant), fitted_on=f"{len(firsts)} questions")


def fit_and_validate(
    firsts: Sequence[FirstAnswer], *, before: Calibration, fitted_on: str
) -> CalibrationFit:
    """Fit a calibration to first answers, and compare its error with that of `before`.

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
        error_before=_error([_judged(first, before) for first in firsts]),
        error_after=_error(validated),
        questions=len(firsts),
        right=right,
    )


def fit(firsts: Sequence[FirstAnswer], *, fitted_on: str) -> Calibration:
    """Fit a calibration to these first answers by Platt scaling.

    Raises:
        SettingsError: right answers do not score higher than wrong ones.
    """
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - a second to load

    logits = [[first.logit] for first in firsts]
    model = LogisticRegression(C=1e3).fit(logits, [first.right for first in firsts])
    slope, intercept = float(model.coef_[0][0]), float(model.intercept_[0])
    if slope <= 0:
        raise SettingsError(
            "On these questions, right answers do not score higher than wrong ones, so confidence "
            "would mean nothing. Check that the questions are about this corpus."
        )
    return Calibration.of(
        [first.logit for first in firsts],
        [first.right for first in firsts],
        slope=slope,
        intercept=intercept,
        fitted_on=fitted_on,
    )


def _first(assistant: Assistant, gold: GoldQuestion) -> FirstAnswer:
    ranked = assistant.rank(gold.question, filters=Filters(comments=gold.comments))
    if not ranked:
        return FirstAnswer(NO_ANSWER_LOGIT, right=False)
    return FirstAnswer(ranked[0].logit, is_right(ranked[0].candidate.best.text, gold.answers))


def _before(assistant: Assistant) -> Calibration:
    """The calibration in use; the packaged one if the index's own cannot be read."""
    try:
        return assistant.calibration
    except SettingsError:
        return Ranking.packaged().calibration


def _judged(first: FirstAnswer, calibration: Calibration) -> JudgedAnswer:
    return JudgedAnswer(calibration.confidence(first.logit), first.right)


def _error(judged: Sequence[JudgedAnswer]) -> float:
    return calibration_error(reliability(judged))
