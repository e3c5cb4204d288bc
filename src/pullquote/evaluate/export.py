"""Writes an evaluation to files: figures, a table of questions, plots."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from pathlib import Path

from pullquote.base.atomic_io import write_atomically
from pullquote.base.spreadsheets import csv_table
from pullquote.evaluate.asked_question import AskedQuestion
from pullquote.evaluate.evaluation import Evaluation
from pullquote.evaluate.figures import Figures
from pullquote.evaluate.plots import can_plot, plots
from pullquote.schema.errors import SettingsError

_COLUMNS: Mapping[str, Callable[[AskedQuestion], object]] = {
    "id": lambda one: one.gold.id,
    "question": lambda one: one.gold.question,
    "kind": lambda one: one.gold.kind,
    "answerable": lambda one: one.gold.answerable,
    "gold": lambda one: " | ".join(one.gold.answers),
    "supporting": lambda one: " | ".join(sorted(one.gold.articles)),
    "abstained": lambda one: one.reply.abstained,
    "answer": lambda one: one.answer,
    "confidence": lambda one: one.confidence,
    "article": lambda one: None if one.citation is None else one.citation.article,
    "start": lambda one: None if one.citation is None else one.citation.start,
    "end": lambda one: None if one.citation is None else one.citation.end,
    "first_right_rank": lambda one: one.ranks.retrieved,
    "em": lambda one: one.exact_match,
    "f1": lambda one: round(one.f1, 4),
    "outcome": lambda one: one.outcome,
    "ms": lambda one: one.reply.took_ms,
    "says": lambda one: one.reply.outcome,
    "score": lambda one: round(one.score, 4) if one.gold.answerable else None,
    "values": lambda one: " | ".join(
        f"{value.text} ({value.status})" for value in one.reply.values
    ),
}
"""The columns of questions.csv."""


def figures_json(figures: Figures) -> str:
    """The figures as JSON. Shares range from 0 to 1; a figure that was not measured is null."""
    return json.dumps(asdict(figures), ensure_ascii=False, indent=2, allow_nan=False)


def questions_csv(asked: Iterable[AskedQuestion]) -> str:
    """A CSV table with a header, and a row for each question and its best answer.

    Several accepted answers, supporting articles, or values are joined with " | "; a value is
    followed by its status. Text that a spreadsheet would take for a formula is escaped.
    """
    return csv_table(list(_COLUMNS), ([value(one) for value in _COLUMNS.values()] for one in asked))


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
