"""The page of the standing questions, without a browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from pullquote.index.interfaces import STANDING_QUESTIONS
from pullquote.newsroom.assistant import Assistant
from pullquote.schema.settings import Settings
from pullquote.web.scheduler import Scheduler
from pullquote.web.watchlist.routes import WatchlistPage


def client(folder: Path, *, may_change: bool, updating: bool = False) -> TestClient:
    """The page over an index that does not exist."""
    assistant = Assistant(Settings(index=folder / "index", watchlist=folder))
    page = WatchlistPage(
        assistant, Scheduler(waiting=5), may_change=may_change, is_updating=lambda: updating
    )
    return TestClient(Starlette(routes=page.routes))


def test_only_who_may_update_the_index_may_change_the_questions(tmp_path):
    """Otherwise the page has no forms, and nothing can be sent to it."""
    (tmp_path / STANDING_QUESTIONS).write_text("who won?\n")
    page = client(tmp_path, may_change=False)
    shown = page.get("/watchlist")
    assert "who won?" in shown.text
    assert "<form" not in shown.text
    for form in ({"action": "add", "question": "who lost?"}, {"action": "run"}):
        assert page.post("/watchlist", data=form).status_code == 405
    assert (tmp_path / STANDING_QUESTIONS).read_text() == "who won?\n"


def test_without_an_index_the_page_says_so_and_takes_questions(tmp_path):
    """They are asked when the index has been built."""
    page = client(tmp_path, may_change=True)
    answer = page.post("/watchlist", data={"question": "who won?", "action": "add"})
    assert answer.status_code == 200
    assert "who won?" in answer.text
    assert "rebuild-index" in answer.text


@pytest.mark.parametrize("updating", [True, False])
def test_while_the_index_is_updated_the_page_says_when_questions_are_asked(tmp_path, updating):
    """A form stays, so that what is typed is not lost."""
    (tmp_path / STANDING_QUESTIONS).write_text("who won?\n")
    shown = client(tmp_path, may_change=True, updating=updating).get("/watchlist").text
    assert ("asked again after that" in shown) is updating
    assert "<form" in shown


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"action": "add", "question": ""}, "question"),
        ({"action": "add", "question": "who?", "since": "soon"}, "since"),
        ({"action": "remove", "id": "x"}, "No standing question"),
    ],
)
def test_a_form_that_cannot_be_used_says_why(tmp_path, form, message):
    """With status 400."""
    answer = client(tmp_path, may_change=True).post("/watchlist", data=form)
    assert answer.status_code == 400
    assert message in answer.text


def test_the_feed_without_changes_is_a_feed(tmp_path):
    """It has no items."""
    answer = client(tmp_path, may_change=False).get("/watchlist.xml")
    assert answer.headers["content-type"].startswith("application/rss+xml")
    assert "<item>" not in answer.text
