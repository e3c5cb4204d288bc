"""Quotations whose words stand in several articles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

import pullquote
from conftest import Newsroom, scratch
from pullquote.cli.commands import app
from pullquote.newsroom.checking.check import MOST_LISTED, opened_checker
from pullquote.schema.settings import load_settings

WORDS = "“The dredger is late by nine weeks,” said Ida Roe, the harbour master."
COPIES = 12


@pytest.fixture(scope="module")
def copies() -> Iterator[Newsroom]:
    """An index of an agency's report, which twelve papers print."""
    with scratch() as folder:
        newsroom = Newsroom(Path(folder))
        for number in range(COPIES):
            text = (
                f"{WORDS}\n\nNews of town number {number}, with {number * 7} more words of its own."
            )
            newsroom.write(f"paper-{number:02}.md", text, title=f"Paper {number}")
        newsroom.write("other.md", "The dredger came at last. It was late.", title="Other")
        newsroom.rebuild()
        yield newsroom


def test_the_other_articles_are_counted_and_named(copies: Newsroom) -> None:
    """The first of them are listed, each with the same words."""
    [one] = pullquote.check("“The dredger is late by nine weeks”", copies.index.path).quotes
    assert one.also_in_count == COPIES - 1
    assert len(one.also_in) == MOST_LISTED
    assert {each.quote for each in one.also_in} == {"The dredger is late by nine weeks"}
    assert one.article not in {each.article for each in one.also_in}


def test_the_claimed_article_is_named_first(copies: Newsroom) -> None:
    """It has the words, so nothing is misattributed."""
    with opened_checker(load_settings(index=str(copies.index.path))) as checker:
        for article in ("paper-03.md", "paper-11.md"):
            found = checker.check("The dredger is late by nine weeks", cited=article)
            assert found.place is not None
            assert (found.verdict, found.place.article.id) == ("exact", article)
            assert article not in {each.article.id for each in found.also}


def test_words_of_one_article_have_no_copies(copies: Newsroom) -> None:
    """Articles with some of the words are not counted."""
    [one] = pullquote.check("“The dredger came at last”", copies.index.path).quotes
    assert (one.article, one.also_in, one.also_in_count) == ("other.md", (), 0)


def test_the_command_names_the_other_articles(copies: Newsroom) -> None:
    """The report in the terminal has their number and the first names."""
    result = CliRunner().invoke(
        app, ["check", "-", "--index", str(copies.index.path)], input=f"{WORDS}\n"
    )
    output = " ".join(result.output.split())
    assert "the same words are in 11 other articles: paper-" in output
    assert "and more" in output
