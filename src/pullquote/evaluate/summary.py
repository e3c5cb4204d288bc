"""An evaluation in short: the figures to look at first, and the questions that failed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pullquote.base.plurals import counted
from pullquote.evaluate.asked_question import AskedQuestion, QuestionOutcome
from pullquote.evaluate.figures import Figures
from pullquote.schema import Outcome

MOST_FAILED = 20
"""Failed questions that are shown; `Evaluation.asked` has all of them."""

_RIGHT = (QuestionOutcome.RIGHT, QuestionOutcome.RIGHTLY_SILENT)


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure with its label."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class FailedQuestion:
    """A question whose reply is not right, and the first step that failed."""

    question: str
    expected: str
    answer: str
    outcome: QuestionOutcome


def summary_facts(figures: Figures) -> Iterator[Fact]:
    """The figures to look at first. Shares are in percent; what was not measured is left out."""
    answerable = figures.answerable
    yield Fact("Questions", f"{figures.questions}, {answerable} of them answerable")
    if answerable:
        yield Fact("Right passage among the first 5", f"{figures.finding.retrieved.at_5:.0%}")
        yield Fact("Right answer among the first 3", f"{figures.answers.top_3:.0%}")
    replies, silence = figures.replies, figures.silence
    yield Fact("Answers", f"{replies.answer}, {replies.answer_right} of them right")
    yield Fact("Possible answers", f"{replies.possible}, {replies.possible_right} of them right")
    unanswerable = figures.questions - answerable
    yield Fact("Nothing found", f"{replies.nothing}, {silence.rightly_silent} of them rightly")
    if unanswerable:
        yield Fact(
            "Silent on unanswerable questions", f"{silence.rightly_silent} of {unanswerable}"
        )
    yield Fact("Calibration error", f"{figures.confidence.calibration_error:.2f}")
    cited = figures.citations
    yield Fact("Citations that quote exactly", f"{cited.exact} of {cited.cited}")
    yield Fact("Time to answer, median", f"{figures.latency.median_ms:.0f} ms")


def failed_questions(asked: Sequence[AskedQuestion]) -> list[FailedQuestion]:
    """The questions whose replies are not right, in their order."""
    return [
        FailedQuestion(
            one.gold.question,
            " or ".join(one.gold.answers[:2]) or "nothing",
            _reply_words(one),
            one.outcome,
        )
        for one in asked
        if one.outcome not in _RIGHT
    ]


def _reply_words(one: AskedQuestion) -> str:
    """The answer, and whether it was only possible or withheld."""
    if one.reply.outcome is Outcome.POSSIBLE:
        return f"possibly: {one.answer}"
    if one.answered:
        return one.answer
    return f"nothing (closest: {one.answer})" if one.answer else "nothing"


def more_words(failed: int) -> str:
    """How many failed questions are not shown; "" if all are."""
    return f"and {counted(failed - MOST_FAILED, 'other question')}" if failed > MOST_FAILED else ""


def outcome_words(figures: Figures) -> str:
    """The outcomes that occur, in short: "12 right, 2 not read"."""
    return ", ".join(f"{one.count} {one.outcome}" for one in figures.outcomes if one.count)
