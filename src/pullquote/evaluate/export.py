"""Writes an evaluation to files: figures, a table of questions, plots."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from pullquote.base.atomic_io import write_atomically
from pullquote.base.spreadsheets import escape_formula
from pullquote.evaluate.asked_question import AskedQuestion, QuestionOutcome
from pullquote.evaluate.evaluation import Evaluation
from pullquote.evaluate.figures import Figures
from pullquote.evaluate.plots import can_plot, plots
from pullquote.schema import Outcome
from pullquote.schema.errors import SettingsError


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionRow:
    """A row of questions.csv; its fields are the columns."""

    id: str
    question: str
    kind: str | None
    answerable: bool
    gold: str
    supporting: str
    abstained: bool
    answer: str
    confidence: float
    article: str | None
    start: int | None
    end: int | None
    first_right_rank: int | None
    em: float
    f1: float
    outcome: QuestionOutcome
    ms: float
    says: Outcome
    score: float | None
    values: str


def figures_json(figures: Figures) -> str:
    """The figures as JSON. Shares range from 0 to 1; a figure that was not measured is null."""
    return json.dumps(asdict(figures), ensure_ascii=False, indent=2, allow_nan=False)


def questions_csv(asked: Iterable[AskedQuestion]) -> str:
    """A CSV table with a header, and a row for each question and its best answer.

    Several accepted answers, supporting articles, or values are joined with " | "; a value is
    followed by its status. Text that a
    spreadsheet would take for a formula is escaped.
    """
    written = io.StringIO()
    lines = csv.DictWriter(written, [field.name for field in fields(QuestionRow)])
    lines.writeheader()
    for one in asked:
        lines.writerow(
            {column: escape_formula(value) for column, value in asdict(_row(one)).items()}
        )
    return written.getvalue()


def make_folder(folder: Path) -> None:
    """Make the folder for the files, if it does not exist.

    Raises:
        SettingsError: the folder cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"The figures cannot be written to {folder}: {error}") from error


def write_files(measured: Evaluation, folder: Path) -> list[Path]:
    """Write the files into the folder, each atomically, and return their paths.

    If matplotlib is not installed, no plots are written; see `plots.can_plot`.

    Raises:
        SettingsError: the folder cannot be made, or a file cannot be written.
    """
    contents = {
        "figures.json": f"{figures_json(measured.figures)}\n".encode(),
        "questions.csv": questions_csv(measured.asked).encode(errors="backslashreplace"),
    }
    if can_plot():
        contents |= plots(measured.figures)
    make_folder(folder)
    try:
        for name, content in contents.items():
            write_atomically(folder / name, content)
    except OSError as error:
        raise SettingsError(f"The figures cannot be written to {folder}: {error}") from error
    return [folder / name for name in contents]


def _row(one: AskedQuestion) -> QuestionRow:
    gold, citation = one.gold, one.citation
    return QuestionRow(
        id=gold.id,
        question=gold.question,
        kind=gold.kind,
        answerable=gold.answerable,
        gold=" | ".join(gold.answers),
        supporting=" | ".join(sorted(gold.articles)),
        abstained=one.reply.abstained,
        answer=one.answer,
        confidence=one.confidence,
        article=citation.article if citation is not None else None,
        start=citation.start if citation is not None else None,
        end=citation.end if citation is not None else None,
        first_right_rank=one.ranks.retrieved,
        em=one.exact_match,
        f1=round(one.f1, 4),
        outcome=one.outcome,
        ms=one.reply.took_ms,
        says=one.reply.outcome,
        score=round(one.score, 4) if gold.answerable else None,
        values=" | ".join(f"{value.text} ({value.status})" for value in one.reply.values),
    )
