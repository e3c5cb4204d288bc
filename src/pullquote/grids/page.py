"""A grid as one page of HTML, to read, send and print."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from markupsafe import Markup

from pullquote.conversation.citation_format import citation_facts
from pullquote.grids.tables import NOT_ASKED, GridTable, column_label, outcome_text
from pullquote.schema.filter_mapping import described_filters
from pullquote.schema.grid import GridCell
from pullquote.templating import TemplateFolder


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """A cell as people read it: the quote within its sentence, or the outcome alone.

    `where` is the address of the quote, on the original page or else in the chat; "" if neither is
    known.
    """

    outcome: str
    label: str
    before: str = ""
    quote: str = ""
    after: str = ""
    facts: tuple[str, ...] = ()
    place: str = ""
    where: str = ""


def grid_html(table: GridTable) -> str:
    """The page of a grid. The longer side goes down the page."""
    spec = table.spec
    columns = [column_label(column) for column in spec.columns]
    rows = [[printed_cell(table, cell) for cell in table.row(one)] for one in spec.questions]
    heads, sides = columns, list(spec.questions)
    if len(columns) > len(sides):
        heads, sides = sides, columns
        rows = [list(row) for row in zip(*rows, strict=True)]
    made = _templates().render(
        "grid.html",
        "page",
        spec,
        heads,
        list(zip(sides, rows, strict=True)),
        _counts(table),
        described_filters(replace(spec.filters, articles=())),
    )
    return str(made)


def cell_html(cell: PrintedCell) -> Markup:
    """The HTML inside one cell of the table."""
    return _templates().render("grid.html", "cell", cell)


def printed_cell(table: GridTable, cell: GridCell | None) -> PrintedCell:
    """A cell as people read it."""
    if cell is None:
        return PrintedCell("waiting", NOT_ASKED)
    if cell.answer is None:
        return PrintedCell(cell.outcome, cell.label)
    citation = cell.answer.citations[0]
    at = citation.start - citation.sentence_start
    sentence, quote = citation.sentence, citation.quote
    fits = at >= 0 and sentence[at : at + len(quote)] == quote
    known = (citation.title, *citation_facts(citation))
    place = f"{citation.article}, characters {citation.start}–{citation.end}"
    return PrintedCell(
        outcome=cell.outcome,
        label=outcome_text(cell),
        before=sentence[:at] if fits else "",
        quote=quote,
        after=sentence[at + len(quote) :] if fits else "",
        facts=tuple(filter(None, known)),
        place=place,
        where=_where(table, cell),
    )


def _where(table: GridTable, cell: GridCell) -> str:
    if table.address and cell.place is not None:
        return table.place(cell)
    return "" if cell.link is None else cell.link


def _counts(table: GridTable) -> dict[str, int]:
    """The number of cells with each outcome, in words."""
    counts: dict[str, int] = {}
    for cell in table:
        counts[cell.label] = counts.get(cell.label, 0) + 1
    if waiting := table.spec.cells - sum(counts.values()):
        counts[NOT_ASKED] = waiting
    return counts


@cache
def _templates() -> TemplateFolder:
    return TemplateFolder("pullquote", {})
