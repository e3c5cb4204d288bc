"""Questions about figures, dates and names in a draft's sentences outside its quotations."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

import pullquote
from conftest import Newsroom, scratch
from pullquote.cli.commands import app
from pullquote.newsroom.checking.questions import MOST_SENTENCES
from pullquote.schema.quote_check import DraftQuestion

BRIDGE = (
    "The council will spend £4.5m on the repair of the swing bridge over the Sula.\n\n"
    "Ida Roe opened the rebuilt swing bridge on 14 June 2019 before a crowd of 3,000 people. The "
    "old bridge had stood for ninety years beside the fish market of Eddleston.\n\n"
    "“It cost us 12 months,” said Ida Roe, who leads the harbour board of Eddleston since 2016."
)
OTHER = (
    "The port of Kelby took 40 ships in the first week of the strike, its director said.\n\n"
    "The port of Kelby took 55 ships in the second week of the strike, its director said."
)


@pytest.fixture(scope="module")
def bridge() -> Iterator[Newsroom]:
    """An index of two articles."""
    with scratch() as folder:
        newsroom = Newsroom(Path(folder))
        newsroom.write("bridge.md", BRIDGE, title="Swing bridge repaired", source="Sula Post")
        newsroom.write("port.md", OTHER, title="Strike at Kelby", source="Sula Post")
        newsroom.rebuild()
        yield newsroom


def questions(bridge: Newsroom, draft: str) -> tuple[DraftQuestion, ...]:
    return pullquote.check(draft, bridge.index.path).questions


@pytest.mark.parametrize(
    ("sentence", "kind", "words", "article_words"),
    [
        (
            "The council will spend £5.4m on the repair of the swing bridge over the Sula.",
            *("figure", "£5.4m", "£4.5m"),
        ),
        (
            "Ida Roe opened the rebuilt swing bridge on 15 June 2019 before a crowd of people.",
            *("date", "15 June 2019", "14 June 2019"),
        ),
        (
            "Vera Quill opened the rebuilt swing bridge on 14 June 2019 before a crowd.",
            *("name", "Vera Quill", "Ida Roe"),
        ),
        (
            "“It cost us 12 months,” said Ida Roe, who leads the harbour board of Eddleston since "
            "2011.",
            *("date", "since 2011", "since 2016"),
        ),
    ],
)
def test_a_figure_date_or_name_that_the_archive_has_otherwise_is_asked_about(
    bridge: Newsroom, sentence: str, kind: str, words: str, article_words: str
) -> None:
    """The question has the draft's words, those of the archive, and the sentence they are in."""
    draft = f"The news of the day.\n\n{sentence}"
    [one] = questions(bridge, draft)
    assert (one.kind, one.words, one.article_words) == (kind, words, article_words)
    assert draft[one.draft_start : one.draft_end] == words
    assert one.sentence == sentence
    assert one.citation.article == "bridge.md"
    assert article_words in one.citation.quote


@pytest.mark.parametrize(
    "sentence",
    [
        "The council will spend £4.5m on the repair of the swing bridge over the Sula.",
        "The council will spend 4.5 million pounds on the repair of the bridge over the Sula.",
        "Roe opened the rebuilt swing bridge on 14 June 2019 before a crowd of 3,000 people.",
        "Ida Roe opened the rebuilt swing bridge in June 2019 before a crowd of three thousand "
        "people.",
        "The council will spend £5.4m on schools, parks and libraries in the next three years.",
        "The port of Kelby took 40 ships in the second week of the strike, its director said.",
        "The port of Kelby took 55 ships in the first week of the strike, its director said.",
        "She spent £5.4m.",
    ],
)
def test_what_the_archive_says_too_or_nowhere_is_not_asked_about(
    bridge: Newsroom, sentence: str
) -> None:
    """Equal amounts in other words agree, and so does any other sentence on the topic."""
    assert questions(bridge, sentence) == ()


def test_quoted_words_are_checked_and_not_asked_about(bridge: Newsroom) -> None:
    """Another figure in a quotation is an altered quotation."""
    draft = "“It cost us 13 months,” said Ida Roe, who leads the harbour board of Eddleston."
    report = pullquote.check(draft, bridge.index.path)
    assert [one.verdict for one in report.quotes] == ["altered"]
    assert report.questions == ()


def test_a_question_is_no_error(bridge: Newsroom) -> None:
    """The verdicts and the exit status are those of the quotations alone."""
    draft = "The council will spend £5.4m on the repair of the swing bridge over the Sula."
    report = pullquote.check(draft, bridge.index.path)
    assert report.all_exact
    assert len(report.questions) == 1
    index = ["--index", str(bridge.index.path)]
    shown = CliRunner().invoke(app, ["check", "-", *index], input=draft)
    assert shown.exit_code == 0
    assert "question: is this figure right?" in shown.output
    assert "draft: “£5.4m” · article: “£4.5m”" in shown.output
    printed = CliRunner().invoke(app, ["check", "-", "--json", *index], input=draft)
    assert printed.exit_code == 0
    assert json.loads(printed.output) == report.model_dump(mode="json")


def test_only_the_first_sentences_of_a_book_are_looked_up(bridge: Newsroom) -> None:
    """The work is bounded."""
    asked = "The council will spend £5.4m on the repair of the swing bridge over the Sula."
    before = "Nobody at the town hall of Kelby wanted 12 new chairs. " * MOST_SENTENCES
    assert questions(bridge, f"{before}{asked}") == ()
