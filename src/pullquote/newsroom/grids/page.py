"""A grid as one page of HTML, to read, send and print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from pullquote.base.templating import render
from pullquote.conversation.citations import citation_facts
from pullquote.newsroom.grids.tables import (
    NOT_ASKED,
    GridTable,
    column_label,
    outcome_text,
    place_address,
)
from pullquote.newsroom.verification.saved import rest_of_sentence
from pullquote.schema.filters import described_filters
from pullquote.schema.grid import GridCell


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """A cell as people read it: the quote within its sentence, or the outcome alone.

    `where` is the address of the quote, on the original page or else in the chat; "" if neither is
    known. `key` has the numbers of the question and the column, from 0.
    """

    outcome: str
    label: str
    before: str = ""
    quote: str = ""
    after: str = ""
    facts: tuple[str, ...] = ()
    place: str = ""
    where: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """A row of the table: a question or a column, and the cells beside it."""

    label: str
    cells: Sequence[PrintedCell]


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """The table; the longer side of the grid goes down the page."""

    heads: Sequence[str]
    rows: Sequence[PrintedRow]


def grid_html(table: GridTable) -> str:
    """The page of a grid."""
    spec = table.spec
    filters = described_filters(replace(spec.filters, articles=()))
    printed = _printed(table)
    return str(render("grid.html", "page", spec, printed, _counts(table), filters))


def table_html(table: GridTable) -> Markup:
    """The table alone."""
    return render("grid.html", "table", _printed(table))


def cell_html(cell: PrintedCell) -> Markup:
    """The HTML inside one cell of the table."""
    return render("grid.html", "cell", cell)


def _printed(table: GridTable) -> PrintedTable:
    spec = table.spec
    labels = [column_label(column) for column in spec.columns]
    cells = [
        [
            replace(printed_cell(cell, table.address), key=f"{row}-{at}")
            for at, cell in enumerate(found)
        ]
        for row, found in enumerate(map(table.row, spec.questions))
    ]
    heads, sides = labels, list(spec.questions)
    if len(heads) > len(sides):
        heads, sides = sides, heads
        cells = [list(row) for row in zip(*cells, strict=True)]
    rows = [PrintedRow(label, row) for label, row in zip(sides, cells, strict=True)]
    return PrintedTable(heads, rows)


def printed_cell(cell: GridCell | None, address: str) -> PrintedCell:
    """A cell as people read it; `address` is that of the chat."""
    if cell is None:
        return PrintedCell("waiting", NOT_ASKED)
    if cell.answer is None:
        return PrintedCell(cell.outcome, cell.label)
    citation = cell.answer.citations[0]
    before, after = rest_of_sentence(citation)
    known = (citation.title, *citation_facts(citation))
    place = f"{citation.article}, characters {citation.start}–{citation.end}"
    return PrintedCell(
        outcome=cell.outcome,
        label=outcome_text(cell),
        before=before,
        quote=citation.quote,
        after=after,
        facts=tuple(filter(None, known)),
        place=place,
        where=_where(cell, address),
    )


def _where(cell: GridCell, address: str) -> str:
    if address and cell.place is not None:
        return place_address(cell, address)
    return "" if cell.link is None else cell.link


def _counts(table: GridTable) -> dict[str, int]:
    """The number of cells with each outcome, in words."""
    counts: dict[str, int] = {}
    for cell in table:
        counts[cell.label] = counts.get(cell.label, 0) + 1
    if waiting := table.spec.cells - sum(counts.values()):
        counts[NOT_ASKED] = waiting
    return counts
