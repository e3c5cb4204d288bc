"""The Grid page over HTTP: what it refuses, and that its cells are those of the command."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from lxml import html
from starlette.applications import Starlette
from starlette.testclient import TestClient

import pullquote
from pullquote import Assistant
from pullquote.schema.errors import SettingsError
from pullquote.schema.grid import GridBy
from pullquote.web.grid import GridPages
from pullquote.web.grid.routes import (
    MAX_CELLS_WAITING,
    MAX_GRID_COLUMNS,
    MAX_GRID_QUESTIONS,
    check_cells,
    parse_cell,
    parse_start,
)
from pullquote.web.scheduler import Scheduler

QUESTIONS = "who stole the tide engine?\n\nhow many people marched?"
MARCH = "harbour-post/2024-02-10-cannery-march.md"
STOLEN = "corrow-courier/2024-02-06-tide-engine-stolen.txt"
ADDRESS = "https://archive.example/"

T = TypeVar("T")


@pytest.fixture(scope="module")
def assistant(sample_index: Path) -> Iterator[Assistant]:
    with pullquote.open(sample_index) as opened:
        yield opened


@pytest.fixture
def client(assistant: Assistant) -> Iterator[TestClient]:
    """A client of the page's routes alone."""
    pages = GridPages(assistant, Scheduler(waiting=10))
    with TestClient(Starlette(routes=list(pages.routes))) as found:
        yield found


def start(client: TestClient, **fields: Any) -> Any:
    given = {"questions": QUESTIONS, "by": "article", "address": ADDRESS, **fields}
    return client.post("/grid/start", json=given)


def test_the_page_offers_the_sources(client: TestClient) -> None:
    """The form has the sources of the index, and says its limits."""
    page = html.fromstring(client.get("/grid").text)
    options = page.xpath("//select[@name='source']/option/@value")
    assert "Harbour Post" in options
    assert f"At most {MAX_GRID_QUESTIONS} questions" in page.text_content()


def test_cells_equal_those_of_the_command(client: TestClient, assistant: Assistant) -> None:
    """A cell has the same quote as the grid in Python, and links to it."""
    begun = start(client, articles=f"{MARCH}\n{STOLEN}\n").json()
    assert begun["columns"] == [MARCH, STOLEN]
    assert html.fromstring(begun["table"]).xpath("//td/@data-cell") == ["0-0", "0-1", "1-0", "1-1"]
    expected = pullquote.grid(begun["questions"], assistant, articles=begun["columns"])
    for cell in expected:
        asked = {
            "question": cell.question,
            "column": cell.column,
            "by": "article",
            "generation": begun["generation"],
            "address": ADDRESS,
        }
        found = client.post("/grid/cell", json=asked).json()
        assert (found["outcome"], found["label"]) == (cell.outcome, cell.label)
        if cell.answer is not None:
            quote = cell.answer.citations[0].quote
            assert html.fromstring(found["html"]).findtext(".//mark") == quote
            assert f"{ADDRESS}?article=" in found["html"]
            assert found["text"].startswith(quote)
            assert found["row"][7] == quote
            assert found["row"][:3] == [cell.question, cell.column, found["row"][2]]


def test_filters_narrow_the_columns(client: TestClient) -> None:
    """Days and a source leave the articles that pass; months are cut to the days."""
    fields = {"source": "Harbour Post", "since": "2024-02-01", "until": "2024-02-29"}
    assert start(client, **fields).json()["columns"] == [
        MARCH,
        "harbour-post/2024-02-20-tide-engine-charges.md",
    ]
    assert start(client, **fields, by="month").json()["columns"] == ["2024-02"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"questions": " \n "}, "no questions"),
        ({"by": "colour"}, "by: Input should be"),
        ({"source": "Nobody"}, "no source 'Nobody'"),
        ({"articles": "none.md"}, "no article 'none.md'"),
        ({"since": "2024-05-01", "until": "2024-04-01"}, "after the end date"),
        ({"since": "yesterday"}, "since"),
        ({"since": "2030-01-01"}, "no columns"),
        ({"questions": "\n".join(map(str, range(51)))}, "51 questions are too many"),
        ({"articles": "\n".join(map(str, range(51)))}, "51 articles are too many"),
        ({"questions": "\n".join(map(str, range(21)))}, "the limit of this page is 500"),
        ({"questions": 3}, "questions"),
        ({"questions": "x" * 2000}, "2000 characters"),
    ],
)
def test_what_cannot_be_asked_is_an_error_with_a_reason(
    client: TestClient, fields: dict[str, Any], message: str
) -> None:
    """The page shows the reason; nothing is asked."""
    refused = start(client, **fields)
    assert message in refused.json()["fault"]


def test_a_cell_of_another_generation_is_refused(client: TestClient) -> None:
    """Cells of two states of the index are never in one table."""
    asked = {"question": "who?", "column": MARCH, "by": "article", "generation": "20200101"}
    refused = client.post("/grid/cell", json=asked)
    assert "index has changed" in refused.json()["fault"]


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b'{"by": "article"}'])
@pytest.mark.parametrize("path", ["/grid/start", "/grid/cell"])
def test_bodies_that_are_no_request_are_refused(client: TestClient, path: str, body: bytes) -> None:
    """They end in a message, not in an error of the server."""
    assert "cannot be asked" in client.post(path, content=body).json()["fault"]


def test_limits() -> None:
    """The largest grid is allowed, and one more cell is not."""
    check_cells(10, MAX_GRID_COLUMNS)
    with pytest.raises(SettingsError, match="501 cells"):
        check_cells(1, 501)
    lines = "\n".join(f"question {number}?" for number in range(MAX_GRID_QUESTIONS))
    body = json.dumps({"questions": lines, "by": "source"}).encode()
    assert len(parse_start(body).questions) == MAX_GRID_QUESTIONS


@pytest.mark.parametrize("address", ["javascript:alert(1)", "//host", "http://", "", "https://[x"])
def test_only_the_address_of_a_web_site_begins_links(address: str) -> None:
    """Whoever sends something else gets links to the original pages."""
    body = json.dumps({"questions": "who?", "by": "source", "address": address}).encode()
    assert parse_start(body).address == ""


def test_the_filters_of_a_cell_are_those_of_its_column() -> None:
    """A source replaces the source of the form, and a month is cut to its days."""
    fields = {"question": "who?", "generation": "1", "source": "A", "since": "2024-02-10"}
    asked = parse_cell(json.dumps({**fields, "by": "month", "column": "2024-02"}).encode())
    assert asked.by is GridBy.MONTH
    assert asked.filters.sources == ("A",)
    assert (str(asked.filters.since), str(asked.filters.until)) == ("2024-02-10", "2024-02-29")
    asked = parse_cell(json.dumps({**fields, "by": "source", "column": "B"}).encode())
    assert asked.filters.sources == ("B",)
    with pytest.raises(SettingsError, match="YYYY-MM"):
        parse_cell(json.dumps({**fields, "by": "month", "column": "2024-13"}).encode())


class CountingScheduler(Scheduler):
    """Records how many cells were with the reader at the same time."""

    now = most = 0

    async def read(self, work: Callable[[], T]) -> T:
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            return await super().read(work)
        finally:
            self.now -= 1


def test_one_cell_of_all_grids_is_asked_at_a_time(assistant: Assistant) -> None:
    """So people who ask questions always find a slot; the others wait, and too many are refused."""
    scheduler = CountingScheduler(waiting=100)
    app = Starlette(routes=list(GridPages(assistant, scheduler).routes))
    asked = {
        "question": "who stole the tide engine?",
        "column": STOLEN,
        "by": "article",
        "generation": assistant.generation.name,
    }

    async def statuses(cells: int) -> list[int]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://pullquote") as client:
            posts = (client.post("/grid/cell", json=asked, timeout=60) for _ in range(cells))
            return sorted(one.status_code for one in await asyncio.gather(*posts))

    assert asyncio.run(statuses(MAX_CELLS_WAITING + 2)) == [200] * MAX_CELLS_WAITING + [503] * 2
    assert scheduler.most == 1
