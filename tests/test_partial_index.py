"""An index whose first build was interrupted: what it answers, and what it says about itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from typer.testing import CliRunner

import pullquote
from pullquote.answering.doctor import examine
from pullquote.cli.commands import app
from pullquote.index.rebuild import batches
from pullquote.index.rebuild import writing as partial
from pullquote.newsroom.assistant import Assistant
from pullquote.schema import Filters, IndexProgress
from pullquote.schema.errors import IndexIncomplete
from pullquote.schema.settings import Settings, load_settings
from pullquote.web.access.health import HEALTH, health_route
from pullquote.web.scheduler import Scheduler
from pullquote.web.views.chat_views import ChatViews

NAMES = ("Ida Roe", "Jan Brandt", "Mira Voss", "Otto Lind", "Petra Hahn", "Rolf Kern")
NOTE = "The index is still being built: 2 of 6 files can be searched."
REPLY_NOTE = "The index was still being built: only 2 of 6 files could be searched."


class Stopped(BaseException):
    """An exception that ends a rebuild, as Ctrl-C does."""


def write_corpus(corpus: Path) -> None:
    """Six articles of one passage each."""
    corpus.mkdir()
    for number, name in enumerate(NAMES):
        (corpus / f"{number}.txt").write_text(f"{name} bought pier {number} on Friday.")


@pytest.fixture(scope="module")
def small_parts() -> Iterator[None]:
    """The first partial generation has two articles."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batches, "ARTICLES_AT_ONCE", 1)
        patch.setattr(partial, "FIRST_PASSAGES", 2)
        yield


@pytest.fixture(scope="module")
def chosen(tmp_path_factory: pytest.TempPathFactory, small_parts: None) -> Settings:
    """The settings of an index with two of six articles, which nothing goes on to build."""
    folder = tmp_path_factory.mktemp("partial")
    write_corpus(folder / "corpus")
    settings = load_settings(corpus=folder / "corpus", index=folder / "index")

    def stop(done: int, _total: int | None) -> None:
        if done == 4:
            raise Stopped

    with pytest.raises(Stopped):
        pullquote.rebuild_index(settings=settings, progress=stop)
    return settings


@pytest.fixture
def assistant(chosen: Settings) -> Iterator[Assistant]:
    """An assistant of that index."""
    with Assistant(chosen) as opened:
        yield opened


def run(settings: Settings, *command: str) -> str:
    """What a command prints about that index."""
    done = CliRunner().invoke(app, [*command, "--index", str(settings.index)])
    return " ".join(done.output.split())


def test_a_reply_says_how_much_was_searched(assistant: Assistant) -> None:
    """What is finished answers, and the reply has the numbers."""
    reply = assistant.ask("who bought pier 1?")
    assert reply.best is not None
    assert reply.best.text == "Jan Brandt"
    assert reply.index_progress == IndexProgress(searchable=2, files=6)
    written = reply.model_dump(mode="json")
    assert written["index_progress"] == {"searchable": 2, "files": 6}


def test_the_terminal_says_so_too(chosen: Settings) -> None:
    """Also, and above all, if nothing was found."""
    printed = run(chosen, "ask", "who discovered penicillin?")
    assert f"{REPLY_NOTE} No answer found." in printed
    assert NOTE in run(chosen, "stats")


def test_the_chat_says_so(assistant: Assistant) -> None:
    """The empty conversation has a notice."""
    assert NOTE in ChatViews(assistant).welcome()


def test_nothing_is_called_absent(assistant: Assistant) -> None:
    """A statement of absence counts the files that are not in the index."""
    reply = assistant.ask("who discovered penicillin?")
    found = pullquote.absence(reply, assistant)
    assert found.coverage.not_searched == {"not in the index yet": 4}


def test_what_needs_every_article_is_refused(chosen: Settings, assistant: Assistant) -> None:
    """Drafts, grids and standing questions are about the whole corpus."""
    with pytest.raises(IndexIncomplete, match=NOTE):
        pullquote.check("“Otto Lind bought pier 3.”", settings=chosen)
    with pytest.raises(IndexIncomplete, match=NOTE):
        pullquote.grid(["who bought it?"], assistant, by="article")
    questions = pullquote.Watchlist(settings=chosen)
    questions.add("who bought pier 3?")
    with pytest.raises(IndexIncomplete, match=NOTE):
        questions.run()


def test_doctor_names_the_command_that_goes_on(chosen: Settings) -> None:
    """While no rebuild runs, an incomplete index is a finding."""
    [found] = [one for one in examine(chosen) if one.part == "first build"]
    assert (found.sound, found.found) == (False, NOTE)
    assert found.mend == f"pullquote rebuild-index --index {chosen.index}"


def test_the_health_check_says_that_it_is_not_complete(assistant: Assistant) -> None:
    """It answers, so its status is "ok"; the number of files is not revealed."""
    route = health_route(assistant, Scheduler(waiting=1), is_rebuilding=lambda: False)
    answer = TestClient(Starlette(routes=[route])).get(HEALTH)
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "generation": assistant.generation.name,
        "complete": False,
        "rebuilding": False,
    }


def test_a_first_run_says_once_what_can_be_searched(tmp_path: Path, small_parts: None) -> None:
    """The note comes once, and not in JSON; the next run has nothing to say."""
    write_corpus(tmp_path / "corpus")
    settings = load_settings(corpus=tmp_path / "corpus", index=tmp_path / "index")
    first = run(settings, "rebuild-index", "--corpus", str(tmp_path / "corpus"))
    assert first.count("can be searched already") == 1
    assert "2 articles can be searched already, while" in first
    assert "6 added. 6 articles" in first
    assert "can be searched" not in run(settings, "rebuild-index")
    assert json.loads(run(settings, "stats", "--json"))["progress"] is None
    with Assistant(settings) as complete:
        assert complete.ask("who bought pier 3?", filters=Filters()).index_progress is None
