"""`pullquote demo` serves the chat over a copy of the sample articles."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pullquote import web
from pullquote.cli.commands import app
from pullquote.cli.serving import (
    ARTICLES,
    INDEX,
    _open,
    chat_address,
    copy_sample_articles,
    has_desktop,
    sample_articles,
)
from pullquote.schema.errors import SettingsError
from pullquote.schema.settings import Settings
from served import ROOT, Served, serving, until

QUESTION = "who agreed to the Interpol centre?"


def files_of(folder: Path) -> dict[str, bytes]:
    """The files of a folder, by their paths in it."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def demo(folder: Path, **more: str):
    """The demo, running in a folder."""
    command = ("-m", "pullquote", "demo", "--folder", "tried", "--port", "0")
    return serving(folder, command=command, more=more)


def generation_of(served: Served) -> object:
    """The generation from which the sample question is answered."""
    reply = served.json("ask", question=QUESTION)
    assert "Surachate" in str(reply["answers"])
    return reply["generation"]


@pytest.mark.slow
def test_it_answers_and_a_second_run_uses_what_is_there(tmp_path: Path) -> None:
    """The copy and the index are in the folder, and the second run makes neither again."""
    with demo(tmp_path, BROWSER="") as served:
        first = generation_of(served)
        articles = tmp_path / "tried" / ARTICLES
        assert served.output.startswith(f"Copied the sample articles in {articles}.\n")
        assert str(articles.parent / INDEX) in served.output
        assert "30 added" in served.output
    assert sorted(path.name for path in articles.parent.iterdir()) == [ARTICLES, INDEX]
    with demo(tmp_path, BROWSER="") as served:
        assert served.output.startswith(f"Using the sample articles in {articles}.\n")
        assert generation_of(served) == first
        assert "added" not in served.output


@pytest.mark.slow
@pytest.mark.parametrize("opens", [True, False])
def test_the_browser_opens_if_asked(tmp_path: Path, opens: bool) -> None:
    """The browser of the environment gets the address of the chat."""
    browser, opened = tmp_path / "browser", tmp_path / "opened.txt"
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" > {opened}\n')
    browser.chmod(0o755)
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text("Otters return\n\nTwo otters were seen.\n")
    command = (str(ROOT / "app.py"), *(["--browser"] if opens else []))
    with serving(tmp_path, command=command, more={"BROWSER": str(browser)}) as served:
        if opens:
            until(lambda: opened.exists() and opened.read_text() == served.url)
    assert opened.exists() == opens


def test_the_sample_is_copied_once(tmp_path: Path) -> None:
    """The copy equals the sample; articles that were edited since stay as they are."""
    assert copy_sample_articles(tmp_path / "new" / "folder")
    copied = tmp_path / "new" / "folder" / ARTICLES
    assert files_of(copied) == files_of(sample_articles())
    assert len(files_of(copied)) == 30
    edited = copied / "corrow-courier" / "2024-11-05-storm-seagrass.txt"
    edited.write_text("Edited.")
    assert not copy_sample_articles(tmp_path / "new" / "folder")
    assert edited.read_text() == "Edited."


def test_an_interrupted_copy_is_no_hindrance(tmp_path: Path) -> None:
    """Neither is one that another process is making; it stays as it is."""
    other = tmp_path / f".{ARTICLES}.abc"
    other.mkdir()
    assert copy_sample_articles(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [other.name, ARTICLES]


def test_the_demo_builds_its_index_whatever_the_settings_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server's settings may turn updates off, and the demo has no index yet."""
    served = list[Settings]()
    monkeypatch.setattr(web, "serve", lambda settings, **_: served.append(settings))
    monkeypatch.setenv("PULLQUOTE_UPDATE_AT_START", "false")
    folder = tmp_path / "two words"
    done = CliRunner().invoke(app, ["demo", "--folder", str(folder)], catch_exceptions=False)
    assert [one.update_at_start for one in served] == [True]
    assert f"--index '{folder / INDEX}'" in " ".join(done.stdout.split())


def test_a_browser_that_fails_is_no_fault_of_the_chat(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its address is in the terminal."""
    monkeypatch.setattr("webbrowser.get", unopened)
    _open("http://127.0.0.1:7860")


def unopened() -> None:
    """Stands in for a machine without a browser."""
    raise webbrowser.Error("no browser")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """The error says where, why, and which option chooses another folder."""
    (tmp_path / "file").write_text("A file where a folder should be.")
    with pytest.raises(SettingsError, match=r"sample-articles: Not a directory\. .* --folder"):
        copy_sample_articles(tmp_path / "file" / "tried")


def test_a_wrong_setting_leaves_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings are checked before anything is written."""
    monkeypatch.setenv("PULLQUOTE_HITS", "none")
    done = CliRunner().invoke(app, ["demo", "--folder", str(tmp_path / "tried")])
    assert isinstance(done.exception, SettingsError)
    assert not (tmp_path / "tried").exists()


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:7860"),
        ("0.0.0.0", "http://127.0.0.1:7860"),  # noqa: S104 - only compared
        ("::", "http://[::1]:7860"),
        ("news.example.org", "http://news.example.org:7860"),
    ],
)
def test_the_browser_reaches_the_chat(host: str, address: str) -> None:
    """An address that means all of this machine is none that every browser can open."""
    assert chat_address(host, 7860) == address


@pytest.mark.parametrize(
    ("platform", "environment", "has"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ""}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("linux", {"BROWSER": "/usr/bin/open-remote"}, True),
        ("darwin", {}, True),
        ("win32", {}, True),
    ],
)
def test_where_a_browser_can_open(platform: str, environment: dict[str, str], has: bool) -> None:
    """A Linux without a desktop or a browser of its own opens none."""
    assert has_desktop(environment, platform) == has
