"""Computes a peer's figures from its run and the gold questions, and its row of the table."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.peers.exchange import PeerAnswer, PeerResult, PeerRun
from pullquote.evaluate import GoldQuestion, exact_match, is_right, token_f1
from pullquote.evaluate.measures import JudgedAnswer, auroc, mean, squad_normalised

HEAD = (
    "",
    "F1",
    "EM",
    "right among 3",
    "AUROC answerable",
    "median ms (times pullquote's)",
    "mean ms (times pullquote's)",
    "p95 ms",
    "build, s",
    "peak MiB",
    "questions that raised",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerFigures:
    """The figures of a peer's run.

    `f1`, `exact` and `top3` are means, 0 to 1, over the answerable questions. `auroc` is how well
    the best answer's score separates answerable questions from others; None if all are of one kind.
    `questions_raised` counts the questions that raised an exception, `exceptions` all exceptions.
    """

    f1: float
    exact: float
    top3: float
    auroc: float | None
    median_ms: float
    mean_ms: float
    p95_ms: float
    build_seconds: float
    peak_mebibytes: float
    questions: int
    questions_raised: int
    exceptions: int


def figures_of(run: PeerRun, questions: Sequence[GoldQuestion]) -> PeerFigures:
    """The figures of a run over these questions, in this order."""
    pairs = list(zip(questions, run.asked, strict=True))
    answerable = [(gold, asked) for gold, asked in pairs if gold.answerable]
    took = [asked.milliseconds for asked in run.asked]
    return PeerFigures(
        f1=mean(token_f1(best_words(asked), gold.answers) for gold, asked in answerable),
        exact=mean(exact_match(best_words(asked), gold.answers) for gold, asked in answerable),
        top3=mean(right_among_three(asked.answers, gold) for gold, asked in answerable),
        auroc=_auroc(pairs),
        median_ms=statistics.median(took),
        mean_ms=statistics.mean(took),
        p95_ms=float(np.percentile(took, 95)),
        build_seconds=run.build_seconds,
        peak_mebibytes=run.peak_mebibytes,
        questions=len(pairs),
        questions_raised=sum(bool(asked.raised) for asked in run.asked),
        exceptions=sum(len(asked.raised) for asked in run.asked),
    )


def best_words(asked: PeerResult) -> str:
    """The words of the best answer; empty without one."""
    return asked.answers[0].text if asked.answers else ""


def right_among_three(answers: Iterable[PeerAnswer], gold: GoldQuestion) -> bool:
    """Whether one of the first three different answers is right.

    Answers are equal if they differ only in case, articles and punctuation, as in SQuAD.
    """
    different = {squad_normalised(answer.text): answer.text for answer in answers}
    return any(is_right(words, gold.answers) for words in list(different.values())[:3])


def row(name: str, figures: PeerFigures, pullquote: PeerFigures | None) -> list[str]:
    """The cells of this row, in the order of `HEAD`."""

    def milliseconds(name: str) -> str:
        took = getattr(figures, name)
        times = "" if pullquote is None else f" ({took / getattr(pullquote, name):.1f}x)"
        return f"{took:.0f}{times}"

    return [
        name,
        f"{figures.f1:.3f}",
        f"{figures.exact:.3f}",
        f"{figures.top3:.3f}",
        "" if figures.auroc is None else f"{figures.auroc:.2f}",
        milliseconds("median_ms"),
        milliseconds("mean_ms"),
        f"{figures.p95_ms:.0f}",
        f"{figures.build_seconds:.1f}",
        f"{figures.peak_mebibytes:.0f}",
        f"{figures.questions_raised} of {figures.questions}",
    ]


def _auroc(pairs: Sequence[tuple[GoldQuestion, PeerResult]]) -> float | None:
    # Every peer's score is from 0 to 1; no answer at all is below them.
    return auroc(
        [
            JudgedAnswer(asked.answers[0].score if asked.answers else -1.0, gold.answerable)
            for gold, asked in pairs
        ]
    )
