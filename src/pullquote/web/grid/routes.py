"""The Grid page over HTTP: the page, the beginning of a grid, and its cells one by one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Any, Final, Self, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pullquote.base.plurals import counted
from pullquote.base.spreadsheets import escape_formula
from pullquote.newsroom.assistant import Assistant
from pullquote.newsroom.grids import grid
from pullquote.newsroom.grids.make import ask_cell, column_filters, column_named
from pullquote.newsroom.grids.page import cell_html, grid_html, printed_cell, table_html
from pullquote.newsroom.grids.tables import (
    CELL_COLUMNS,
    GridTable,
    cell_row,
    cell_text,
    column_label,
)
from pullquote.schema import Filters
from pullquote.schema.errors import (
    Busy,
    PullquoteError,
    QuestionGivenUp,
    RequestGivenUp,
    SettingsError,
)
from pullquote.schema.grid import GridBy, GridCell, GridColumn
from pullquote.web.access.refusals import RETRY_AFTER, retry_after
from pullquote.web.pages import (
    SOURCES_SHOWN,
    Application,
    PageFrame,
    PageGroup,
    PageLink,
    answer,
    render,
    script_route,
    style_route,
)
from pullquote.web.request_limits import MAX_ID_CHARS, MAX_NAME_CHARS, MAX_QUESTION_CHARS
from pullquote.web.requests import fault_texts, parse_id, parse_search
from pullquote.web.scheduler import Scheduler
from pullquote.web.slots import CallerLeft, FairTurns

MAX_GRID_QUESTIONS = 50
MAX_GRID_COLUMNS = 50
MAX_GRID_CELLS = 500
"""Cells of one grid. They take a few minutes, and a browser's tab can save them."""

_LIMITS = {
    "questions": MAX_GRID_QUESTIONS,
    "columns": MAX_GRID_COLUMNS,
    "cells": MAX_GRID_CELLS,
}

_MAX_ADDRESS_CHARS = 2000

_Text = Annotated[str, Field(max_length=MAX_NAME_CHARS)]


class _Form(BaseModel):
    """What both requests have; `source` and the days narrow the grid, "" for no filter.

    `address` is that of the chat, for links.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    by: GridBy
    source: _Text = ""
    since: _Text = ""
    until: _Text = ""
    address: Annotated[str, Field(max_length=_MAX_ADDRESS_CHARS)] = ""


class _StartForm(_Form):
    questions: Annotated[str, Field(max_length=MAX_GRID_QUESTIONS * (MAX_QUESTION_CHARS + 2))]
    articles: Annotated[str, Field(max_length=MAX_GRID_COLUMNS * (MAX_ID_CHARS + 2))] = ""


class _CellForm(_Form):
    question: Annotated[str, Field(max_length=MAX_QUESTION_CHARS)]
    column: Annotated[str, Field(max_length=MAX_ID_CHARS)]
    generation: _Text


Form = TypeVar("Form", _StartForm, _CellForm)


@dataclass(frozen=True, slots=True)
class GridStart:
    """A grid to begin; `articles` is None if all that pass the filters are asked."""

    questions: list[str]
    by: GridBy
    articles: list[str] | None
    filters: Filters
    address: str


@dataclass(frozen=True, slots=True)
class CellRequest:
    """A cell to ask, with the filters of its column and the generation of its grid."""

    question: str
    by: GridBy
    column: str
    filters: Filters
    generation: str
    address: str


def parse_start(body: bytes) -> GridStart:
    """The grid that a page asks for.

    Raises:
        SettingsError: it is invalid or too large; the message says why.
    """
    form = _parse(_StartForm, body)
    questions = _lines(form.questions)
    if len(questions) > MAX_GRID_QUESTIONS:
        raise SettingsError(
            f"{len(questions):,} questions are too many for this page; the limit is "
            f"{MAX_GRID_QUESTIONS}. Remove some, or use the command pullquote grid."
        )
    articles = [parse_id(one) for one in _lines(form.articles)]
    if len(articles) > MAX_GRID_COLUMNS:
        raise SettingsError(
            f"{len(articles):,} articles are too many for this page; the limit is "
            f"{MAX_GRID_COLUMNS}. Remove some, or use the command pullquote grid."
        )
    chosen = articles if articles and form.by is GridBy.ARTICLE else None
    return GridStart(questions, form.by, chosen, _filters(form, "?"), _address(form.address))


def check_cells(questions: int, columns: int) -> None:
    """Check that a grid is not too large for the page.

    Raises:
        SettingsError: it is.
    """
    cells = questions * columns
    if cells > MAX_GRID_CELLS:
        raise SettingsError(
            f"{counted(questions, 'question')} and {counted(columns, 'column')} are "
            f"{counted(cells, 'cell')}; the limit of "
            f"this page is {MAX_GRID_CELLS}. Remove some, or use the command pullquote grid."
        )


def parse_cell(body: bytes) -> CellRequest:
    """The cell that a page asks for.

    Raises:
        SettingsError: it is invalid; the message says why.
    """
    form = _parse(_CellForm, body)
    filters = _filters(form, form.question)
    key = parse_id(form.column) if form.by is GridBy.ARTICLE else form.column[:MAX_NAME_CHARS]
    return CellRequest(
        question=form.question,
        by=form.by,
        column=key,
        filters=column_filters(form.by, key, filters),
        generation=form.generation,
        address=_address(form.address),
    )


def _parse(kind: type[Form], body: bytes) -> Form:
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        [first, *_] = fault_texts(error)
        raise SettingsError(f"This grid cannot be asked: {first}.") from error


def _filters(form: _Form, question: str) -> Filters:
    sources = [form.source] if form.source else []
    return parse_search(question, sources=sources, since=form.since, until=form.until).filters


def _lines(text: str) -> list[str]:
    """The lines of a text, each once, without blank ones."""
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def _address(given: str) -> str:
    """The address of the chat, if it is one of a web site; "" if not."""
    try:
        parts = urlsplit(given)
    except ValueError:
        return ""
    return given if parts.scheme in ("http", "https") and parts.netloc else ""


GRID: Final = "grid"

MAX_CELLS_WAITING: Final = 20
"""Cells that may wait, with the one that is asked. A page asks for one at a time, so as many pages
can fill grids at once."""

_CHANGED: Final = (
    "The index has changed since this grid was begun, so its cells would not belong together. "
    "Begin again."
)


class GridPages(PageGroup):
    """The page for one assistant.

    One cell of all grids is asked at a time. So of the two slots for reading, one is left to the
    people who ask questions.
    """

    links = (PageLink(30, GRID, "Grid"),)

    def __init__(self, assistant: Assistant, scheduler: Scheduler) -> None:
        self._assistant, self._scheduler = assistant, scheduler
        self._turns = FairTurns(1)
        self.routes = [
            Route(f"/{GRID}", self._get_page, methods=["GET"]),
            Route(f"/{GRID}/start", self._start, methods=["POST"]),
            Route(f"/{GRID}/cell", self._cell, methods=["POST"]),
            style_route("grid/grid"),
            script_route("grid/grid"),
        ]
        self.paths = (f"/{GRID}",)
        self.posts = {f"/{GRID}/{part}": _busy for part in ("start", "cell")}

    @classmethod
    def open(cls, application: Application) -> Self:
        """The pages in an application."""
        return cls(application.assistant, application.scheduler)

    async def _get_page(self, _: Request) -> Response:
        return await self._scheduler.show(self._page)

    def _page(self) -> Response:
        frame, status = PageFrame("Grid", GRID, ("grid.css",), ("grid.js",)), 200
        sources: list[str] = []
        try:
            sources = [one for one in self._assistant.generation.articles_by("source") if one]
        except PullquoteError as error:
            frame, status = replace(frame, notice=str(error)), 503
        html = render("grid/document.html", "document", frame, sources[:SOURCES_SHOWN], _LIMITS)
        return answer(html, status=status)

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
