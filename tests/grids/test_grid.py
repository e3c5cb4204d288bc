"""A grid asks every question of every column, and each cell equals the single question."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import pullquote
from conftest import Newsroom, scratch
from pullquote import Assistant, Filters, GridCell, Outcome
from pullquote.newsroom.grids.make import column_filters, columns_of
from pullquote.schema.errors import (
    ArticleUnknown,
    FiltersLeaveNothing,
    FilterUnknown,
    SettingsError,
)
from pullquote.schema.grid import GridBy

QUESTIONS = ["who stole the tide engine?", "how many people marched?", "when will the ferry sail?"]
ARTICLES = [
    "tideline-herald/2024-02-11-pellow-march-count.md",
    "harbour-post/2024-02-10-cannery-march.md",
    "corrow-courier/2024-02-06-tide-engine-stolen.txt",
    "harbour-post/2024-03-14-ferry-terminal-delay.md",
]


@pytest.fixture(scope="module")
def assistant(sample_index: Path) -> Iterator[Assistant]:
    with pullquote.open(sample_index) as opened:
        yield opened


@pytest.fixture
def papers() -> Iterator[Newsroom]:
    """Articles of two papers in two months, an undated one, and one without a source."""
    with scratch() as folder:
        room = Newsroom(Path(folder))
        room.write("b.md", "The pier is shut.", source="Gazette", date="2024-02-03", title="B")
        room.write("a.md", "The tide is low.", source="Harbour Post", date="2024-02-03", title="A")
        room.write("c.md", "The quay is wet.", source="harbour  post", date="2024-01-31", title="C")
        room.write("d.md", "The gull is loud.", source="Gazette", title="D")
        room.write("e.md", "The boat is old.", date="2024-01-01", title="E")
        room.rebuild()
        yield room


def single(assistant: Assistant, cell: GridCell, by: GridBy, filters: Filters) -> None:
    """Check a cell against what `ask` says with the filters of its column."""
    narrowed = column_filters(by, cell.column, filters)
    try:
        reply = assistant.ask(cell.question, filters=narrowed)
    except FiltersLeaveNothing:
        assert (cell.outcome, cell.searched, cell.answer) == (Outcome.NOTHING, False, None)
        return
    assert (cell.outcome, cell.searched) == (reply.outcome, True)
    assert cell.answer == reply.best


def test_cells_of_articles_equal_single_questions(assistant: Assistant) -> None:
    """Every pair of a question and an article is asked once, in order, like `ask --article`."""
    run = pullquote.grid(QUESTIONS, assistant, articles=ARTICLES)
    cells = list(run)
    assert [(one.question, one.column) for one in cells] == [
        (question, article) for question in QUESTIONS for article in ARTICLES
    ]
    for cell in cells:
        single(assistant, cell, GridBy.ARTICLE, Filters())
    assert {one.outcome for one in cells} >= {Outcome.ANSWER, Outcome.NOTHING}
    for cell in cells:
        quoted = [] if cell.answer is None else cell.answer.citations
        assert {citation.article for citation in quoted} <= {cell.column}


@pytest.mark.parametrize("by", ["source", "month"])
def test_cells_of_sources_and_months_equal_single_questions(assistant: Assistant, by: str) -> None:
    """A column of a source or a month narrows the filters of the grid further."""
    filters = Filters(since=date(2024, 2, 11), until=date(2024, 3, 20), languages=("en",))
    run = pullquote.grid(QUESTIONS[:2], assistant, by=by, filters=filters)
    assert len(run.spec.columns) >= 2
    for cell in run:
        single(assistant, cell, GridBy(by), filters)


def test_a_column_outside_the_filters_is_silent(assistant: Assistant) -> None:
    """There is nothing to search, which is not the same as nothing found."""
    filters = Filters(sources=("Harbour Post",))
    (cell,) = pullquote.grid(QUESTIONS[:1], assistant, articles=ARTICLES[:1], filters=filters)
    assert cell.label == "nothing to search"
    single(assistant, cell, GridBy.ARTICLE, filters)


def test_a_cell_leads_to_its_quote(assistant: Assistant) -> None:
    """The place opens the quote in the chat, and the link leads to the original page."""
    (cell,) = pullquote.grid(QUESTIONS[1:2], assistant, articles=ARTICLES[1:2])
    assert cell.answer is not None
    citation = cell.answer.citations[0]
    article = assistant.article(citation.article)
    assert article.text[citation.start : citation.end] == citation.quote
    assert cell.place is not None
    assert f"start={citation.start}&end={citation.end}" in cell.place
    assert str(cell.link).startswith(f"{citation.url}#:~:text=")


def test_cells_that_are_done_are_left_out(assistant: Assistant) -> None:
    """A grid continues where it was left."""
    done = {(QUESTIONS[0], ARTICLES[0]), ("another question", ARTICLES[1])}
    run = pullquote.grid(QUESTIONS[:1], assistant, articles=ARTICLES[:3], done=done)
    assert run.left == 2
    assert [cell.column for cell in run] == ARTICLES[1:3]


def test_a_cancelled_grid_ends(assistant: Assistant) -> None:
    """After `cancel`, no further cell is asked."""
    run = pullquote.grid(QUESTIONS, assistant, articles=ARTICLES)
    cells = []
    for cell in run:
        cells.append(cell)
        run.cancel()
    assert len(cells) == 1


def test_articles_are_in_the_order_of_their_days(papers: Newsroom) -> None:
    """Articles of a day are in the order of their ids; undated ones come last."""
    found = columns_of(papers.open(), GridBy.ARTICLE, Filters(), most=5)
    assert [one.key for one in found] == ["e.md", "c.md", "a.md", "b.md", "d.md"]
    assert [one.title for one in found] == ["E", "C", "A", "B", "D"]


def test_named_articles_are_in_the_given_order(papers: Newsroom) -> None:
    """An id that is given twice is one column."""
    filters = Filters(articles=("d.md", "a.md", "d.md"))
    found = columns_of(papers.open(), GridBy.ARTICLE, filters, most=2)
    assert [one.key for one in found] == ["d.md", "a.md"]


def test_sources_are_those_of_the_articles_that_pass(papers: Newsroom) -> None:
    """Spellings of one name are one column; articles without a source are in none."""
    found = columns_of(papers.open(), GridBy.SOURCE, Filters(), most=5)
    assert [(one.key, one.articles) for one in found] == [("Gazette", 2), ("Harbour Post", 2)]
    since = Filters(since=date(2024, 1, 1), until=date(2024, 1, 31))
    found = columns_of(papers.open(), GridBy.SOURCE, since, most=5)
    assert [(one.key, one.articles) for one in found] == [("harbour post", 1)]


def test_months_are_those_of_the_articles_that_pass(papers: Newsroom) -> None:
    """Only months with an article are columns."""
    found = columns_of(papers.open(), GridBy.MONTH, Filters(), most=5)
    assert [(one.key, one.articles) for one in found] == [("2024-01", 2), ("2024-02", 2)]


def test_a_month_is_cut_to_the_days_of_the_filters() -> None:
    """The last day of February is known, and the grid's own days still count."""
    filters = Filters(since=date(2024, 2, 10))
    assert column_filters(GridBy.MONTH, "2024-02", filters) == replace(
        filters, until=date(2024, 2, 29)
    )


def test_too_many_columns_are_an_error_with_their_number(papers: Newsroom) -> None:
    """No column is left out silently."""
    with pytest.raises(SettingsError, match="5 articles pass the filters, and the grid may have 4"):
        columns_of(papers.open(), GridBy.ARTICLE, Filters(), most=4)


@pytest.mark.parametrize(
    ("by", "filters"),
    [
        (GridBy.SOURCE, Filters(articles=("e.md",))),
        (GridBy.MONTH, Filters(articles=("d.md",))),
        (GridBy.ARTICLE, Filters(since=date(2025, 1, 1))),
    ],
)
def test_no_columns_are_an_error_with_a_remedy(
    papers: Newsroom, by: GridBy, filters: Filters
) -> None:
    """A grid without columns would look as if nothing was found."""
    with pytest.raises(SettingsError, match="no columns"):
        columns_of(papers.open(), by, filters, most=5)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"questions": []}, "no questions"),
        ({"questions": ["  "]}, "no questions"),
        ({"questions": "who?"}, "list of texts"),
        ({"questions": [3]}, "give a text"),
        ({"questions": ["x" * 2000]}, "2000 characters"),
        ({"by": "colour"}, "choose article, source, month"),
        ({"articles": []}, "no articles"),
        ({"articles": "a.md"}, "list of ids"),
        ({"most": 0}, "give a number"),
        ({"k": 0}, "k is 0"),
        ({"filters": {"since": "2024-05-01"}, "as_of": date(2024, 4, 1)}, "as_of"),
    ],
)
def test_wrong_arguments_are_errors(assistant: Assistant, given: dict, error: str) -> None:
    """They are found before the first cell is asked."""
    with pytest.raises(SettingsError, match=error):
        pullquote.grid(**{"questions": QUESTIONS, "assistant": assistant, **given})


def test_unknown_names_are_errors_before_the_first_cell(assistant: Assistant) -> None:
    """A mistyped id or source is named, with similar ones."""
    with pytest.raises(ArticleUnknown) as unknown:
        pullquote.grid(QUESTIONS, assistant, articles=[ARTICLES[0].replace("count", "counts")])
    assert ARTICLES[0] in unknown.value.similar
    with pytest.raises(FilterUnknown, match="Harbour Post"):
        pullquote.grid(QUESTIONS, assistant, filters={"sources": ["Harbor Post"]})


def test_a_question_that_stands_twice_is_asked_once(assistant: Assistant) -> None:
    """White space around a question does not count."""
    run = pullquote.grid(["who?", " who? ", "why?"], assistant, articles=ARTICLES[:1])
    assert run.spec.questions == ("who?", "why?")
