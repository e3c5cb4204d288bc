"""Prints grids."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pullquote.base.console import one_line, say
from pullquote.base.plurals import counted
from pullquote.cli.terminal.citations import print_quote

if TYPE_CHECKING:  # this import loads FAISS
    from pullquote.newsroom.grids.tables import GridTable
    from pullquote.schema.grid import GridCell

_STYLES = {"answer": "bold", "possible": "bold yellow"}


def print_grid(table: GridTable) -> None:
    """Print each question with the quotes of its cells, and how many cells are silent."""
    titles = {column.key: column.title for column in table.spec.columns}
    for question in table.spec.questions:
        say(one_line(question), style="bold")
        cells = table.row(question)
        for cell in cells:
            if cell is not None and cell.answer is not None:
                _print_cell(cell, titles[cell.column])
        say(_silence(cells, str(table.spec.by)), style="dim", indent=2)
        say("")


def _print_cell(cell: GridCell, title: str) -> None:
    if cell.answer is None:
        return
    citation = cell.answer.citations[0]
    say(f"{one_line(title)}: {one_line(citation.quote)}", style=_STYLES[cell.outcome], indent=2)
    say(f"{cell.label}, confidence {cell.answer.confidence:.2f}", style="dim", indent=4)
    print_quote(citation, indent=4)


def _silence(cells: list[GridCell | None], by: str) -> str:
    """How many of the cells of a question have no quote, by outcome."""
    labels = ["not asked yet" if one is None else one.label for one in cells]
    silent = Counter(
        label for label, one in zip(labels, cells, strict=True) if one is None or one.answer is None
    )
    parts = [f"{label} in {number:,}" for label, number in silent.items()]
    found = len(cells) - silent.total()
    return f"{'; '.join([f'a quote in {found:,}', *parts])} of {counted(len(cells), by)}"
