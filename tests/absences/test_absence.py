"""A statement of absence says what was searched, the same each time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from typer.testing import CliRunner

import pullquote
from conftest import Newsroom, scratch
from pullquote.cli.commands import app
from pullquote.newsroom.absences import AbsenceStatement, absence_markdown, absence_of, coverage_of
from pullquote.schema import Filters, Outcome, Reply
from pullquote.schema.errors import SettingsError

NOW = 1_750_000_000
QUESTION = "who bought the *zeppelin* of Quellmoor?"


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    """Two papers with articles in some months of 2024, and one without a date."""
    with scratch() as folder:
        room = Newsroom(Path(folder))
        for number, (source, day) in enumerate(
            [
                ("Harbour Post", "2024-01-10"),
                ("Harbour Post", "2024-01-20"),
                ("Harbour Post", "2024-05-02"),
                ("Fellside Gazette", "2024-02-03"),
            ]
        ):
            text = f"Report {number}\n\nThe harbour has {number} new boats."
            room.write(f"{number}.md", text, source=source, date=day)
        room.write("undated.md", "Report\n\nNobody knows when.", source="Harbour  post")
        room.write("empty.md", "")
        room.rebuild()
        yield room


def statement_of(newsroom: Newsroom, filters: Filters | None = None) -> AbsenceStatement:
    """The statement for a question without an answer."""
    generation = newsroom.open()
    reply = Reply(
        question=QUESTION,
        searched_for=QUESTION,
        outcome=Outcome.NOTHING,
        answers=(),
        generation=generation.name,
        took_ms=3,
    )
    chosen = Filters() if filters is None else filters
    return absence_of(reply, generation, filters=chosen, settings={"hits": 10}, at=NOW)


def test_coverage_by_month_and_source(newsroom: Newsroom) -> None:
    """Articles, days and months of each source, by hand."""
    found = coverage_of(newsroom.open(), Filters(), at=NOW)
    assert (found.articles, found.undated) == (5, 1)
    assert (str(found.first_day), str(found.last_day)) == ("2024-01-10", "2024-05-02")
    gazette, post = found.sources
    assert (gazette.source, gazette.months) == ("Fellside Gazette", {"2024-02": 1})
    assert (post.articles, post.undated) == (4, 1)
    assert post.months == {"2024-01": 2, "2024-05": 1}


def test_holes_are_months_without_articles(newsroom: Newsroom) -> None:
    """In all, and for each source, between the first and the last month searched."""
    found = coverage_of(newsroom.open(), Filters(), at=NOW)
    holes = [[(hole.first, hole.last) for hole in one.holes] for one in (found, *found.sources)]
    assert holes == [
        [("2024-03", "2024-04")],
        [("2024-01", "2024-01"), ("2024-03", "2024-05")],
        [("2024-02", "2024-04")],
    ]


@pytest.mark.parametrize(
    ("filters", "articles"),
    [
        (Filters(sources=("harbour post",)), 4),
        (Filters(not_sources=("Harbour Post",)), 1),
        (Filters(languages=("en",)), 5),
        (Filters(languages=("fr",)), 0),
        (Filters(articles=("1.md", "2.md"), sources=("Harbour Post",)), 2),
    ],
)
def test_filters_narrow_the_coverage(newsroom: Newsroom, filters: Filters, articles: int) -> None:
    """Articles outside the filters are counted as not searched."""
    found = coverage_of(newsroom.open(), filters, at=NOW)
    assert found.articles == articles
    assert found.not_searched.get("outside the filters", 0) == 5 - articles


def test_days_are_those_of_the_search(newsroom: Newsroom) -> None:
    """A filter by day leaves out articles without a date, as the search does."""
    from datetime import date  # noqa: PLC0415

    found = coverage_of(newsroom.open(), Filters(until=date(2024, 1, 31)), at=NOW)
    assert (found.articles, found.undated, found.holes) == (2, 0, ())


def test_words_in_no_article_are_named(newsroom: Newsroom) -> None:
    """The statement has the words of the question that the index lacks, as typed."""
    assert statement_of(newsroom).unknown_words == ("bought", "zeppelin", "Quellmoor")


def test_the_statement_is_the_same_each_time(newsroom: Newsroom) -> None:
    """Two statements, from two openings of the index, are equal to the byte."""
    one, other = statement_of(newsroom), statement_of(newsroom)
    assert one.to_json() == other.to_json()
    assert absence_markdown(one) == absence_markdown(other)
    assert json.loads(one.to_json())["index_sha256"] == newsroom.open().published.digest


def test_markdown_says_all_and_escapes_what_is_typed(newsroom: Newsroom) -> None:
    """The page has the question as typed, the coverage, the holes and the digest."""
    statement = statement_of(newsroom)
    rendered = MarkdownIt("commonmark").render(absence_markdown(statement))
    assert QUESTION in rendered
    for words in (
        "No answer was found in 5 articles of 2 sources",
        "published from 10 January 2024 to 2 May 2024",
        "Months without any article: 2024-03 to 2024-04.",
        "Harbour Post: 4 articles, 2024-01 to 2024-05",
        "Fellside Gazette: 1 article, 2024-02;",
        statement.index_sha256,
    ):
        assert words in rendered


def test_an_answer_is_no_absence(sample_index: Path) -> None:
    """A reply with an answer is refused, and so is one of another state of the index."""
    with pullquote.open(sample_index) as assistant:
        reply = assistant.ask("who agreed to the Interpol centre?")
        with pytest.raises(SettingsError, match="has an answer"):
            pullquote.absence(reply, assistant)
        older = reply.model_copy(update={"outcome": Outcome.NOTHING, "generation": "x"})
        with pytest.raises(SettingsError, match="generation x"):
            pullquote.absence(older, assistant)


def test_the_command_writes_the_same_bytes(sample_index: Path, tmp_path: Path) -> None:
    """Status 0 with a statement, and 3 with an answer."""
    files = [tmp_path / "one.md", tmp_path / "two.md"]
    for file in files:
        command = ["absence", "how many submarines did Norway buy in 1987?", "-o", str(file)]
        done = CliRunner().invoke(app, [*command, "--index", str(sample_index)])
        assert done.exit_code == 0, done.output
    assert files[0].read_bytes() == files[1].read_bytes()
    assert b"SHA-256 of the index" in files[0].read_bytes()
    command = ["absence", "who agreed to the Interpol centre?", "--index", str(sample_index)]
    assert CliRunner().invoke(app, command).exit_code == 3
