"""Answers as of a day, from a small index: with the option, and named in the question."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

import pullquote
from pullquote import Assistant, Filters, FiltersLeaveNothing, SettingsError
from pullquote.cli.commands import app
from pullquote.index.services import rebuild_index
from pullquote.schema.errors import PullquoteError
from pullquote.schema.filter_parameters import FILTER_PARAMETERS
from pullquote.web.api.endpoints import Endpoints
from pullquote.web.requests import parse_search
from pullquote.web.scheduler import Scheduler

FLOOD = "How many people are missing after the Arnel flood?"
ARTICLES = {
    "first.md": ("2024-03-02", "Twelve people are missing after the Arnel flood, the mayor said."),
    "second.md": ("2024-03-09", "Seven people are missing after the Arnel flood, police said."),
    "third.md": ("2024-04-20", "Two people are missing after the Arnel flood, the coroner said."),
    "undated.md": (None, "Forty people are missing after the Arnel flood, a leaflet says."),
    "heron.md": ("2024-05-04", "Eleven herons had nested on Cray Island by the end of March."),
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of a story whose figure changes, and of an article without a date."""
    folder = tmp_path_factory.mktemp("flood")
    corpus = folder / "corpus"
    corpus.mkdir()
    for name, (day, text) in ARTICLES.items():
        head = {"title": f"Report {name}", "source": "Harbour Post", "published": day}
        written = {key: value for key, value in head.items() if value is not None}
        body = f"---\n{json.dumps(written)}\n---\n{text}\n"
        (corpus / name).write_text(body, encoding="utf-8")
    rebuild_index(corpus, folder / "index")
    return folder / "index"


@pytest.fixture(scope="module")
def assistant(index: Path) -> Iterator[Assistant]:
    """An assistant for that index."""
    with pullquote.open(index) as opened:
        yield opened


def articles_in(reply: pullquote.Reply) -> set[str]:
    """The articles that a reply cites."""
    return {cited.article for answer in reply.answers for cited in answer.citations}


def test_later_and_undated_articles_do_not_count(assistant: Assistant) -> None:
    """Only what was published by the end of the day answers, and the reply names the day."""
    reply = assistant.ask(FLOOD, as_of=date(2024, 3, 9))
    assert reply.as_of == date(2024, 3, 9)
    assert articles_in(reply) == {"first.md", "second.md"}
    hits = assistant.retrieve(FLOOD, as_of=date(2024, 3, 8))
    assert {hit.article.id for hit in hits} == {"first.md"}


def test_the_earlier_last_day_counts(assistant: Assistant) -> None:
    """Of `as_of` and the filter `until`, the earlier day decides."""
    early, late = date(2024, 3, 2), date(2024, 4, 30)
    for as_of, until in ((early, late), (late, early)):
        reply = assistant.ask(FLOOD, as_of=as_of, filters=Filters(until=until))
        assert reply.as_of == early
        assert articles_in(reply) == {"first.md"}


def test_without_a_day_everything_counts(assistant: Assistant) -> None:
    """A filter by day alone does not make a reply "as of" a day."""
    assert assistant.ask(FLOOD).as_of is None
    assert assistant.ask(FLOOD, filters=Filters(until=date(2024, 3, 9))).as_of is None


def test_a_day_that_cannot_be_is_explained(assistant: Assistant) -> None:
    """The type must be right, and the day must be after the first day and the first article."""
    for wrong in ("2024-03-09", datetime(2024, 3, 9, tzinfo=UTC), 20240309):
        with pytest.raises(SettingsError, match=r"as_of is .* give a datetime\.date"):
            assistant.ask(FLOOD, as_of=wrong)  # type: ignore[arg-type]
    with pytest.raises(SettingsError, match=r"as_of \(2024-03-09\) is before the first day"):
        assistant.ask(FLOOD, as_of=date(2024, 3, 9), filters=Filters(since=date(2024, 3, 10)))
    with pytest.raises(FiltersLeaveNothing, match="until 2020-01-01"):
        assistant.ask(FLOOD, as_of=date(2020, 1, 1))


@pytest.mark.parametrize(
    "question",
    [
        "How many people were missing after the Arnel flood as of 9 March?",
        "On 9 March, how many people were still missing after the Arnel flood?",
    ],
)
def test_a_question_may_name_the_day(assistant: Assistant, question: str) -> None:
    """The phrase sets the day, in the year of the articles, and is not searched for."""
    reply = assistant.ask(question)
    assert reply.as_of == date(2024, 3, 9)
    assert "March" not in reply.searched_for
    assert "third.md" not in articles_in(reply)


def test_the_day_of_an_event_leaves_out_no_article(assistant: Assistant) -> None:
    """A report may be published after the day that the question names."""
    assert assistant.ask("What did the police say on 2 March?").as_of is None


def test_as_typed_names_no_day(assistant: Assistant) -> None:
    """With `as_typed`, the phrase is only searched for."""
    question = "How many people are missing after the Arnel flood as of 9 March?"
    reply = assistant.ask(question, as_typed=True)
    assert reply.as_of is None
    assert reply.searched_for == question


def test_evidence_comes_before_the_day_of_a_question(assistant: Assistant) -> None:
    """If nothing is found up to the day that a question names, later articles answer."""
    question = "How many herons had nested on Cray Island by the end of March?"
    found = assistant.find(question)
    assert found.scope.as_of == date(2024, 3, 31)
    reply = assistant.read(found)
    assert articles_in(reply) >= {"heron.md"}
    assert reply.as_of is None
    assert reply.searched_for == question


def test_a_conversation_takes_the_day(assistant: Assistant) -> None:
    """The day is stored with the turn, which can be asked again."""
    session = assistant.conversation()
    reply = session.ask(FLOOD, as_of=date(2024, 3, 2))
    assert reply.as_of == session.turns[0].as_of == session.turns[0].options.as_of
    assert articles_in(reply) == {"first.md"}


def run(index: Path, *arguments: str, stdin: str = "") -> Result:
    """The result of a command on the index."""
    return CliRunner().invoke(app, [*arguments, "--index", str(index)], input=stdin)


def test_the_command_takes_the_day(index: Path) -> None:
    """`--as-of` takes a day, or a month, whose last day counts; the reply says which day it was."""
    result = run(index, "ask", FLOOD, "--as-of", "2024-03-08", "--json")
    assert json.loads(result.stdout)["as_of"] == "2024-03-08"
    shown = run(index, "ask", FLOOD, "--as-of", "2024-03").stdout
    assert "As of 31 March 2024: later articles are left out." in shown
    assert "third.md" not in shown
    assert "As of" not in run(index, "ask", FLOOD).stdout


def test_files_of_questions_and_conversations_take_the_day(index: Path) -> None:
    """Every question of the file is answered as of the day, and so is every line of a chat."""
    day = ("--as-of", "2024-03-02")
    asked = run(
        index, "ask", "--questions", "-", "--json", *day, stdin=json.dumps({"question": FLOOD})
    )
    assert json.loads(asked.stdout)["as_of"] == "2024-03-02"
    turns = json.dumps({"turns": [FLOOD]})
    lines = run(index, "ask", "--conversations", "-", "--json", *day, stdin=turns)
    assert json.loads(lines.stdout)["hits"] == ["first.md"]
    assert "As of 2 March 2024" in run(index, "chat", *day, stdin=f"{FLOOD}\n").stdout


def test_a_mistyped_day_is_explained_by_the_command(index: Path) -> None:
    """The message shows how to write a day."""
    result = run(index, "ask", FLOOD, "--as-of", "3 March")
    assert result.exit_code == 2
    assert "2024-05-31" in result.output


def test_the_endpoint_takes_the_day(assistant: Assistant) -> None:
    """The endpoint `ask` takes a day as text, and refuses other text."""
    endpoints = Endpoints(assistant, Scheduler(waiting=5))
    filters = [one.default for one in FILTER_PARAMETERS]
    reply = asyncio.run(endpoints.ask(FLOOD, None, *filters, None, False, "2024-03-02"))
    assert isinstance(reply, dict)
    assert reply["as_of"] == "2024-03-02"
    with pytest.raises(SettingsError, match="as_of"):
        parse_search(FLOOD, as_of="soon")
    search = parse_search(FLOOD, as_of="2024-03-02", since="2024-03-03")
    asked = Scheduler(waiting=5).ask(assistant, search)
    with pytest.raises(PullquoteError, match="before the first day"):
        asyncio.run(asked)


def test_a_notebook_and_an_export_say_the_day(assistant: Assistant) -> None:
    """Wherever a reply is shown, it says as of which day it is."""
    session = assistant.conversation()
    reply = session.ask(FLOOD, as_of=date(2024, 3, 2))
    note = "As of 2 March 2024: later articles are left out."
    assert note in reply._repr_html_()
    assert note in pullquote.conversation.to_markdown(session.saved)
