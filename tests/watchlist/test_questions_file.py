"""The file of standing questions, which people may edit."""

from __future__ import annotations

import errno
import os
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import scratch
from pullquote.index.interfaces import STANDING_QUESTIONS
from pullquote.newsroom.watchlist import files
from pullquote.newsroom.watchlist.files import QuestionsFile
from pullquote.schema import Filters
from pullquote.schema.errors import SettingsError, WatchlistUnusable


@pytest.fixture
def file(tmp_path: Path) -> QuestionsFile:
    return QuestionsFile(tmp_path, longest=100)


def test_each_line_is_a_question_and_a_remark_is_none(file):
    """A line of JSON has filters."""
    file.path.write_text(
        "# About the dam\n\nhow many are missing?\n"
        '{"question": "who won?", "filters": {"sources": ["Post"], "since": "2024-05-01"}}\n'
    )
    first, second = file.questions()
    assert (first.question, first.filters) == ("how many are missing?", Filters())
    assert second.filters == Filters(sources=("Post",), since=date(2024, 5, 1))


def test_a_question_with_other_filters_is_another_question(file):
    """The same words twice are one question; with filters they are two."""
    one, same = file.add("who won?", Filters()), file.add("who  won?", Filters())
    other = file.add("who won?", Filters(comments=True))
    assert one == same
    assert [each.id for each in file.questions()] == [one.id, other.id]


def test_removing_a_question_leaves_the_other_lines_as_they_are(file):
    """Remarks and empty lines stay."""
    file.path.write_text("# First\n\nwho won?\n# Second\nwho lost?\n")
    file.remove(file.questions()[0].id)
    assert file.path.read_text() == "# First\n\n# Second\nwho lost?\n"


def test_an_unknown_id_is_an_error(file):
    """Nothing is removed."""
    file.add("who won?", Filters())
    with pytest.raises(SettingsError, match="No standing question has the id 'x'"):
        file.remove("x")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"question": "who?", "filter": {}}', "nothing else"),
        ('{"question": "who?", "filters": {"paper": "x"}}', "no field 'paper'"),
        ("{", "line 2"),
        ("x" * 101, "line 2"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(file, line, reason):
    """The message has the number of the line."""
    file.path.write_text(f"who won?\n{line}\n")
    with pytest.raises(WatchlistUnusable, match=reason):
        file.questions()


def test_there_are_no_questions_without_a_file(file):
    """That is no error."""
    assert file.questions() == ()
    assert file.path.name == STANDING_QUESTIONS


@given(st.text(min_size=1, max_size=80).filter(lambda text: text.strip()))
def test_any_question_is_read_as_it_was_added(text):
    """Also with braces, hashes and line breaks; white space is one space."""
    with scratch() as folder:
        file = QuestionsFile(Path(folder), longest=100)
        try:
            added = file.add(text, Filters())
        except SettingsError:
            return
        assert file.questions() == (added,)
        assert added.question == " ".join(text.split())


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        (errno.ENOSPC, "The disk is full. Free some space on it"),
        (errno.EDQUOT, "Your quota is used up. Free some space"),
        (errno.EROFS, "The disk is read-only. Make it writable"),
        (errno.EIO, "Fix the cause, and try again."),
    ],
)
@pytest.mark.parametrize("fails", ["write_atomically", "make_folder"])
def test_a_disk_that_fails_is_no_reason_to_delete_the_watchlist(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str, code: int, advice: str
) -> None:
    """The advice is about the disk, for each file of the watchlist."""

    def fail(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(files, fails, fail)
    with pytest.raises(WatchlistUnusable) as adding:
        QuestionsFile(tmp_path, longest=1000).add("who won?", Filters())
    stored = files.StateFiles(tmp_path)
    store = partial(stored.save, files.WatchlistState())
    if fails == "make_folder":
        store = partial(stored.running().__enter__)
    with pytest.raises(WatchlistUnusable) as saving:
        store()
    for caught in (adding, saving):
        assert advice in str(caught.value)
        assert "delete" not in str(caught.value)
