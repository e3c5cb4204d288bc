"""Grids as CSV and HTML: every cell is there, and no text of an article acts on its reader."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

import pytest
from lxml import html

from grids.planted_grid import CELLS, HOSTILE, MARKUP, SPEC
from pullquote.newsroom.grids.page import grid_html
from pullquote.newsroom.grids.tables import GridTable, grid_cells_csv, grid_csv
from pullquote.schema.grid import GridCell


def cells_of(cells: Iterable[GridCell]) -> dict[tuple[str, str], GridCell]:
    """The cells by their questions and columns."""
    return {(one.question, one.column): one for one in cells}


TABLE = GridTable(SPEC, cells_of(CELLS))


def test_a_row_for_each_question() -> None:
    """A cell has the quote, the outcome and the place; or the outcome's name."""
    head, first, second = csv.reader(io.StringIO(grid_csv(TABLE)))
    assert head == [
        "question",
        f"'{HOSTILE} · Harbour Post · 1 March 2024 · a.md",
        f"{MARKUP} · b.md",
        "C · c.md",
    ]
    assert first == [
        "who?",
        "the pier\nanswer, confidence 0.83\n?article=a.md&start=14",
        f"'{HOSTILE}\npossible answer, confidence 0.83\n?article=b.md&start=14",
        "nothing found",
    ]
    assert second[1:] == [
        "nothing to search",
        f"{MARKUP}\nanswer, confidence 0.83\n?article=b.md&start=14",
        "not asked yet",
    ]


def test_a_row_for_each_cell() -> None:
    """The long form has the place of each quote in columns of its own."""
    rows = list(csv.DictReader(io.StringIO(grid_cells_csv(TABLE))))
    assert len(rows) == len(CELLS)
    assert rows[0] == {
        "question": "who?",
        "column": "a.md",
        "title": f"'{HOSTILE}",
        "source": "Harbour Post",
        "day": "2024-03-01",
        "outcome": "answer",
        "confidence": "0.834",
        "quote": "the pier",
        "sentence": "It is the pier, they say.",
        "said_by": "",
        "article": "a.md",
        "start": "14",
        "end": "22",
        "version": "cd" * 32,
        "place": "?article=a.md&start=14",
        "link": "https://harbour.example/a#:~:text=x",
    }
    assert rows[1]["quote"] == f"'{HOSTILE}"
    assert [row["outcome"] for row in rows[2:4]] == ["nothing found", "nothing to search"]
    assert {rows[2][name] for name in ("confidence", "quote", "place", "link")} == {""}


def test_the_address_of_a_chat_comes_before_each_place() -> None:
    """The links of a table can then be opened from anywhere."""
    table = GridTable(SPEC, cells_of(CELLS), address="https://archive.example/")
    assert "https://archive.example/?article=a.md&start=14" in grid_csv(table)


@pytest.mark.parametrize("columns", [1, 3])
def test_the_longer_side_goes_down_the_page(columns: int) -> None:
    """With more articles than questions, each article is a row."""
    spec = SPEC.model_copy(update={"columns": SPEC.columns[:columns]})
    cells = [one for one in CELLS if one.column in {column.key for column in spec.columns}]
    page = html.fromstring(grid_html(GridTable(spec, cells_of(cells))))
    sides = [side.text_content() for side in page.iterfind(".//tbody//th")]
    assert len(sides) == max(columns, 2)
    assert len(page.findall(".//td")) == 1 + 2 * columns
    assert (sides[0] == "who?") is (columns == 1)


def test_the_page_marks_each_quote_in_its_sentence() -> None:
    """A possible answer is called one, and the link leads to the original page."""
    page = html.fromstring(grid_html(TABLE))
    texts = [td.text_content() for td in page.iterfind(".//tbody//td")]
    assert texts[0].startswith("It is the pier, they say.answer, confidence 0.83")
    assert texts[2].startswith(f"It is {HOSTILE}, they say.possible answer")
    assert [mark.text for mark in page.iterfind(".//mark")] == ["the pier", HOSTILE, MARKUP]
    assert page.find(".//tbody//a").get("href") == "https://harbour.example/a#:~:text=x"
    assert "not asked yet: 1" in page.text_content()


def test_the_page_has_no_script_and_loads_nothing() -> None:
    """Whatever the texts of questions and articles are, they are only text."""
    page = html.fromstring(grid_html(TABLE))
    assert page.findall(".//script") == []
    assert page.xpath("//@src") == []
    policy = page.find(".//meta[@http-equiv='Content-Security-Policy']").get("content")
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"
