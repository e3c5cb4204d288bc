"""What the Grid page sends: parsing and checking it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pullquote.base.plurals import counted
from pullquote.newsroom.grids.columns import column_filters
from pullquote.schema import Filters
from pullquote.schema.errors import SettingsError
from pullquote.schema.grid import GridBy
from pullquote.web.limits import MAX_ID_CHARS, MAX_NAME_CHARS, MAX_QUESTION_CHARS
from pullquote.web.requests import parse_id, parse_search

MAX_GRID_QUESTIONS = 50
MAX_GRID_COLUMNS = 50
MAX_GRID_CELLS = 500
"""Cells of one grid. They take a few minutes, and a browser's tab can save them."""

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
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise SettingsError(f"This grid cannot be asked: {place}: {first['msg']}.") from error


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
