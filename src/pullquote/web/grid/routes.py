"""The Grid page over HTTP: the page, the beginning of a grid, and its cells one by one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from pullquote.base.spreadsheets import escape_formula
from pullquote.newsroom.assistant import Assistant
from pullquote.newsroom.grids import grid
from pullquote.newsroom.grids.columns import column_named
from pullquote.newsroom.grids.make import ask_cell
from pullquote.newsroom.grids.page import cell_html, grid_html, printed_cell, table_html
from pullquote.newsroom.grids.tables import (
    CELL_COLUMNS,
    GridTable,
    cell_row,
    cell_text,
    column_label,
)
from pullquote.schema.errors import (
    Busy,
    PullquoteError,
    QuestionGivenUp,
    RequestGivenUp,
    SettingsError,
)
from pullquote.schema.grid import GridCell, GridColumn
from pullquote.web.access.retry import RETRY_AFTER, retry_after
from pullquote.web.grid.document import GRID, SCRIPT, STYLE, document_html, grid_frame
from pullquote.web.grid.query import (
    MAX_GRID_COLUMNS,
    check_cells,
    parse_cell,
    parse_start,
)
from pullquote.web.liveness import Refusal
from pullquote.web.scheduler import Scheduler
from pullquote.web.slots import CallerLeft, FairTurns
from pullquote.web.static_files import script, static_route, style

SOURCES_SHOWN: Final = 200
"""Sources to choose from, those with most articles first."""

MAX_CELLS_WAITING: Final = 20
"""Cells that may wait, with the one that is asked. A page asks for one at a time, so as many pages
can fill grids at once."""

_CHANGED: Final = (
    "The index has changed since this grid was begun, so its cells would not belong together. "
    "Begin again."
)


class GridPages:
    """The page for one assistant.

    One cell of all grids is asked at a time. So of the two slots for reading, one is left to the
    people who ask questions.
    """

    def __init__(self, assistant: Assistant, scheduler: Scheduler) -> None:
        self._assistant, self._scheduler = assistant, scheduler
        self._turns = FairTurns(1)
        self.routes = [
            Route(f"/{GRID}", self._get_page, methods=["GET"]),
            Route(f"/{GRID}/start", self._start, methods=["POST"]),
            Route(f"/{GRID}/cell", self._cell, methods=["POST"]),
            static_route(f"/{STYLE}", style("grid"), "text/css"),
            static_route(f"/{SCRIPT}", script("grid"), "text/javascript"),
        ]
        self.paths = (f"/{GRID}",)

    @property
    def posts(self) -> Mapping[str, Refusal]:
        """The paths that ask for work, each with what it answers if there is too much of it."""
        return {f"/{GRID}/{part}": _busy for part in ("start", "cell")}

    def close(self) -> None:
        """Nothing runs in the background."""

    async def _get_page(self, _: Request) -> Response:
        return await self._scheduler.show(self._page)

    def _page(self) -> Response:
        frame, status, sources = grid_frame(), 200, list[str]()
        try:
            sources = [one for one in self._assistant.generation.articles_by("source") if one]
        except PullquoteError as error:
            frame, status = replace(frame, notice=str(error)), 503
        html = document_html(frame, sources[:SOURCES_SHOWN])
        return HTMLResponse(html, status_code=status, headers={"Cache-Control": "no-store"})

    async def _start(self, request: Request) -> Response:
        body = await request.body()
        work = partial(_started, self._assistant, body)
        return await _answer(partial(self._scheduler.collect, work))

    async def _cell(self, request: Request) -> Response:
        work = partial(self._asked, await request.body())
        client = self._scheduler.client()
        try:
            self._turns.check_room(client, most=MAX_CELLS_WAITING - 1)  # another is being asked
        except Busy as error:
            return _busy(str(error), retry_after(error))
        async with self._turns.taken(client):
            if await request.is_disconnected():
                return Response(status_code=204)
            return await _answer(partial(self._scheduler.read, work))

    def _asked(self, body: bytes) -> Mapping[str, Any]:
        asked = parse_cell(body)
        generation = self._assistant.generation
        if generation.name != asked.generation:
            raise SettingsError(_CHANGED)
        cell = ask_cell(
            self._assistant, asked.question, asked.column, asked.filters, generation=generation
        )
        return _shown(cell, column_named(generation, asked.by, asked.column), asked.address)


def _started(assistant: Assistant, body: bytes) -> Mapping[str, Any]:
    """The table without cells, and what the page's script needs to fill and save it."""
    start = parse_start(body)
    run = grid(
        start.questions,
        assistant,
        by=start.by,
        articles=start.articles,
        filters=start.filters,
        most=MAX_GRID_COLUMNS,
    )
    spec = run.spec
    check_cells(len(spec.questions), len(spec.columns))
    table = GridTable(spec, {}, start.address)
    labels = [column_label(column) for column in spec.columns]
    return {
        "questions": spec.questions,
        "columns": [column.key for column in spec.columns],
        "generation": spec.generation,
        "table": table_html(table),
        "page": grid_html(table),
        "heads": _escaped(["question", *labels]),
        "sides": _escaped(spec.questions),
        "cell_heads": CELL_COLUMNS,
    }


def _shown(cell: GridCell, column: GridColumn, address: str) -> Mapping[str, Any]:
    """A cell as HTML for the page, and as text for tables."""
    printed = printed_cell(cell, address)
    return {
        "outcome": printed.outcome,
        "label": cell.label,
        "html": cell_html(printed),
        "text": escape_formula(cell_text(cell, address)),
        "row": _escaped(cell_row(cell, column, address)),
    }


def _escaped(values: Sequence[object]) -> list[object]:
    return [escape_formula(value) for value in values]


async def _answer(work: Callable[[], Awaitable[Mapping[str, Any]]]) -> Response:
    """The response with what the work gives, or with the reason why it gives nothing.

    A grid that cannot be asked is no error of the page, so the answer is a `fault` with status 200.
    """
    try:
        return JSONResponse(dict(await work()), headers={"Cache-Control": "no-store"})
    except CallerLeft:
        return Response(status_code=204)  # nobody receives it
    except (Busy, QuestionGivenUp, RequestGivenUp) as error:
        return _busy(str(error), retry_after(error))
    except PullquoteError as error:
        return JSONResponse({"fault": str(error)}, headers={"Cache-Control": "no-store"})


def _busy(reason: str, retry: Mapping[str, str] = RETRY_AFTER) -> Response:
    headers = {"Cache-Control": "no-store", **retry}
    return JSONResponse({"detail": reason}, status_code=503, headers=headers)
