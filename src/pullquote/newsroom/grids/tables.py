"""A grid as tables in CSV, safe to open in a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pullquote.base.dates.day_text import moment_text
from pullquote.base.spreadsheets import csv_table
from pullquote.schema import Outcome, day_of
from pullquote.schema.grid import GridCell, GridColumn, GridSpec

NOT_ASKED = "not asked yet"

CELL_COLUMNS = (
    *("question", "column", "title", "source", "day", "outcome", "confidence", "quote"),
    *("sentence", "said_by", "article", "start", "end", "version", "place", "link"),
)
"""The columns of the long form."""


@dataclass(frozen=True, slots=True)
class GridTable:
    """A grid with the cells that are done, by question and column.

    `address` is that of a chat with the same index; places are written after it.
    """

    spec: GridSpec
    cells: Mapping[tuple[str, str], GridCell]
    address: str = ""

    def row(self, question: str) -> list[GridCell | None]:
        """The cells of a question, in the order of the columns; None where it was not asked yet."""
        return [self.cells.get((question, column.key)) for column in self.spec.columns]

    def __iter__(self) -> Iterator[GridCell]:
        """The cells that are done, in order."""
        rows = (self.row(question) for question in self.spec.questions)
        return (cell for row in rows for cell in row if cell is not None)


def grid_csv(table: GridTable) -> str:
    """A row for each question, and a column for each article, source or month.

    A cell has the quote, the outcome with the confidence, and the address of the quote, each on its
    own line; or the outcome alone.
    """
    columns = ("question", *map(column_label, table.spec.columns))
    return csv_table(
        columns,
        (
            (question, *(cell_text(cell, table.address) for cell in table.row(question)))
            for question in table.spec.questions
        ),
    )


def grid_cells_csv(table: GridTable) -> str:
    """A row for each cell that is done."""
    columns = {column.key: column for column in table.spec.columns}
    return csv_table(
        CELL_COLUMNS, (cell_row(cell, columns[cell.column], table.address) for cell in table)
    )


def column_label(column: GridColumn) -> str:
    """The title of a column, with the source, day and id of an article, in one line."""
    published = "" if column.published is None else moment_text(column.published)
    own = column.key if column.key != column.title else ""
    parts = (column.title, column.source, published, own)
    return " · ".join(" ".join(part.split()) for part in parts if part)


def outcome_text(cell: GridCell) -> str:
    """The outcome of a cell, with the confidence if it has a quote."""
    if cell.answer is None:
        return cell.label
    return f"{cell.label}, confidence {cell.answer.confidence:.2f}"


def place_address(cell: GridCell, address: str) -> str:
    """The address of the quote in the chat at an address; "" for silence."""
    return "" if cell.place is None else f"{address}{cell.place}"


def cell_text(cell: GridCell | None, address: str) -> str:
    """A cell of the table with a row for each question."""
    if cell is None:
        return NOT_ASKED
    if cell.answer is None:
        return cell.label
    return "\n".join(
        (cell.answer.citations[0].quote, outcome_text(cell), place_address(cell, address))
    )


def cell_row(cell: GridCell, column: GridColumn, address: str) -> Sequence[object]:
    """The row of a cell in the long form."""
    published = day_of(column.published)
    day = "" if published is None else published.isoformat()
    known = (cell.question, column.key, column.title, column.source, day, cell.label)
    if cell.answer is None or cell.outcome is Outcome.NOTHING:
        return (*known, *[""] * (len(CELL_COLUMNS) - len(known)))
    citation = cell.answer.citations[0]
    return (
        *known,
        *(round(cell.answer.confidence, 3), citation.quote, citation.sentence, citation.said_by),
        *(citation.article, citation.start, citation.end, citation.version),
        *(place_address(cell, address), "" if cell.link is None else cell.link),
    )
