"""The command `grid`."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pullquote.base.console import one_line, print_json, print_note, say
from pullquote.base.plurals import counted
from pullquote.cli.options import (
    HitsOption,
    IndexOption,
    JsonOption,
    WrongOption,
    filter_option,
    filters_from,
    query_options_from,
)
from pullquote.cli.terminal import (
    opened,
    print_note_uncalibrated,
    print_quote,
    progress_bar,
    write_table,
)
from pullquote.parsing.decode import decode
from pullquote.schema.errors import SettingsError
from pullquote.schema.filter_parameters import with_filters_and_query_options
from pullquote.schema.grid import GridBy

if TYPE_CHECKING:  # this import loads FAISS
    from pullquote.newsroom.grids import GridRun, SavedGrid
    from pullquote.newsroom.grids.tables import GridTable
    from pullquote.schema.grid import GridCell

COLUMNS = 50
"""Maximum number of columns, unless another number is given."""


@with_filters_and_query_options(filter_option)
def grid(
    questions: Annotated[
        Path, typer.Argument(metavar="QUESTIONS", help="A file with a question on each line, or -.")
    ],
    article_ids: Annotated[
        Path | None,
        typer.Option(
            "--articles",
            metavar="FILE",
            help="A file with the id of an article on each line. By default, all articles that "
            "pass the filters are asked.",
        ),
    ] = None,
    by: Annotated[
        GridBy, typer.Option("--by", help="What a column is: an article, a source or a month.")
    ] = GridBy.ARTICLE,
    most: Annotated[
        int,
        typer.Option("--most", metavar="N", help="Most columns to allow.", min=1, max=1000),
    ] = COLUMNS,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Save each cell here as JSON Lines; the same command then continues the grid.",
        ),
    ] = None,
    restart: Annotated[
        bool, typer.Option("--restart", help="Ask the cells in the --output file again.")
    ] = False,
    index: IndexOption = None,
    k: HitsOption = None,
    address: Annotated[
        str,
        typer.Option(
            "--address", metavar="URL", help="The address of your chat, for links to quotes."
        ),
    ] = "",
    *,
    wrong_at_most: WrongOption = None,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print a row for each question, safe for spreadsheets.")
    ] = False,
    long: Annotated[
        bool, typer.Option("--long", help="With --csv, print a row for each cell instead.")
    ] = False,
    as_html: Annotated[bool, typer.Option("--html", help="Print a page of HTML.")] = False,
    as_json: JsonOption = False,
    **options: object,
) -> None:
    """Ask many questions of many articles, sources or months, and print a table.

    Each cell has a quote or is silent, exactly as `ask` answers with the filter for its column.
    Ctrl-C stops; with --output, the same command continues. If the index or a setting has changed
    since, it is an error, unless --restart is given.

    Exit status: 0 the grid is complete, 1 error, 2 a mistyped command, 130 stopped.

    Example: `pullquote grid questions.txt --source "Harbour Post" --output grid.jsonl --csv`
    """
    if [as_csv, as_html, as_json].count(True) > 1:
        raise SettingsError("Give only one of --csv, --html and --json.")
    if long and not as_csv:
        raise SettingsError("--long is a form of --csv; add --csv.")
    if restart and output is None:
        raise SettingsError("--restart is for a grid that is saved with --output FILE.")
    query = query_options_from(options)
    filters = filters_from(options)
    asked = _lines(questions, "questions")
    articles = None if article_ids is None else _lines(article_ids, "articles")
    import pullquote  # noqa: PLC0415
    from pullquote.newsroom.grids import SavedGrid  # noqa: PLC0415
    from pullquote.newsroom.grids.tables import GridTable  # noqa: PLC0415

    saved = None if output is None else SavedGrid(output, restart=restart)
    with opened(index, wrong_at_most) as assistant:
        run = pullquote.grid(
            asked,
            assistant,
            by=by,
            articles=articles,
            filters=filters,
            k=k,
            **asdict(query),
            most=most,
            done=() if saved is None else saved.cells,
        )
        cells = _ask_all(run, saved)
        print_note_uncalibrated(assistant)
    table = GridTable(run.spec, cells, address)
    if as_csv or as_html:
        from pullquote.newsroom.grids.page import grid_html  # noqa: PLC0415
        from pullquote.newsroom.grids.tables import grid_cells_csv, grid_csv  # noqa: PLC0415

        made = grid_html if as_html else grid_cells_csv if long else grid_csv
        write_table(made(table))
    elif as_json:
        for cell in table:
            print_json(cell.model_dump(mode="json"), in_a_line=True)
    else:
        print_grid(table)


def _ask_all(run: GridRun, saved: SavedGrid | None) -> dict[tuple[str, str], Any]:
    """All cells; those that are not saved yet are asked, and saved."""
    if saved is not None:
        saved.start(run.spec)
    cells = {} if saved is None else saved.cells
    total = run.spec.cells
    with progress_bar("Asking", quiet=False) as progress:
        done = total - run.left
        progress(done, total)
        try:
            for cell in run:
                done += 1
                if saved is None:
                    cells[cell.question, cell.column] = cell
                else:
                    saved.add(cell)
                progress(done, total)
        except KeyboardInterrupt:
            print_note(
                f"{done:,} of {total:,} cells were asked and not saved. Save them with --output "
                "FILE."
                if saved is None
                else f"{done:,} of {total:,} cells are saved. The same command continues."
            )
            raise
    return cells


def _lines(path: Path, what: str) -> list[str]:
    """The lines of a file, or of standard input for "-", without blank ones."""
    try:
        with nullcontext(sys.stdin.buffer) if str(path) == "-" else path.open("rb") as stream:
            content = stream.read()
    except OSError as error:
        reason = error.strerror or str(error)
        raise SettingsError(f"The {what} in {path} cannot be read: {reason}.") from error
    text = decode(content, path=str(path)).text
    return [line.strip() for line in text.splitlines() if line.strip()]


_CELL_STYLES = {"answer": "bold", "possible": "bold yellow"}


def print_grid(table: GridTable) -> None:
    """Print each question with the quotes of its cells, and how many cells are silent."""
    titles = {column.key: column.title for column in table.spec.columns}
    for question in table.spec.questions:
        say(one_line(question), style="bold")
        cells = table.row(question)
        for cell in cells:
            if cell is not None and cell.answer is not None:
                citation, style = cell.answer.citations[0], _CELL_STYLES[cell.outcome]
                title = one_line(titles[cell.column])
                say(f"{title}: {one_line(citation.quote)}", style=style, indent=2)
                sure = f"{cell.label}, confidence {cell.answer.confidence:.2f}"
                say(sure, style="dim", indent=4)
                print_quote(citation, indent=4)
        say(_silence(cells, str(table.spec.by)), style="dim", indent=2)
        say("")


def _silence(cells: list[GridCell | None], by: str) -> str:
    """How many of the cells of a question have no quote, by outcome."""
    labels = ["not asked yet" if one is None else one.label for one in cells]
    silent = Counter(
        label for label, one in zip(labels, cells, strict=True) if one is None or one.answer is None
    )
    parts = [f"{label} in {number:,}" for label, number in silent.items()]
    found = len(cells) - silent.total()
    return f"{'; '.join([f'a quote in {found:,}', *parts])} of {counted(len(cells), by)}"
