"""The editions of an article are listed and compared, in Python and by the command."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

import pullquote
from conftest import Newsroom
from pullquote.cli.commands import app
from pullquote.newsroom.editions import ArticleEditions
from pullquote.newsroom.relocation.word_diff import word_changes
from pullquote.schema.errors import ArticleUnknown, ArticleWithheld, EditionUnknown, SettingsError

LOW, HIGH, GONE = (f"The tide was {word} at the pier." for word in ("low", "high", "gone"))


@pytest.fixture
def editions(newsroom: Newsroom) -> Callable[..., ArticleEditions]:
    """Rebuild with each text of the article in turn, and list its editions."""

    def rebuilt(*texts: str, **facts: str) -> ArticleEditions:
        for text in texts:
            newsroom.write("tide.md", text, title="The tide", **facts)
            newsroom.rebuild()
        generation = newsroom.open()
        return ArticleEditions(lambda: generation)

    return rebuilt


def changed(changes: pullquote.EditionChanges) -> list[tuple[str, str]]:
    """The words that were removed or added."""
    return [(one.kind, one.text) for one in changes.differences if one.kind != "same"]


def test_editions_follow_each_other(editions) -> None:
    """The current one is first, and each begins when the one before it ends."""
    found = editions(LOW, HIGH, GONE).of("tide.md")
    assert [one.is_current for one in found] == [True, False, False]
    assert [one.since for one in found[:2]] == [one.until for one in found[1:]]
    assert len({one.version for one in found}) == 3
    assert {one.title for one in found} == {"The tide"}


def test_the_last_change_is_shown(editions) -> None:
    """Without versions, the current edition is compared with the one before."""
    assert changed(editions(LOW, HIGH, GONE).changes("tide.md")) == [
        ("removed", "high"),
        ("added", "gone"),
    ]


def test_any_two_editions_are_compared(editions) -> None:
    """They are chosen by the first characters of their versions."""
    lookup = editions(LOW, HIGH, GONE)
    gone, high, low = (one.version[:12] for one in lookup.of("tide.md"))
    assert changed(lookup.changes("tide.md", old=low)) == [("removed", "low"), ("added", "gone")]
    assert changed(lookup.changes("tide.md", old=gone, new=low))[0] == ("removed", "gone")
    assert changed(lookup.changes("tide.md", new=high)) == [("removed", "low"), ("added", "high")]
    assert not lookup.changes("tide.md", old=low, new=low).has_changes
    assert lookup.article("tide.md", low).text.endswith(LOW)


def test_a_removed_article_has_its_editions(newsroom: Newsroom, editions) -> None:
    """None is current, and the last two are compared."""
    editions(LOW, HIGH)
    newsroom.write("boat.md", "The boat lay there.")
    (newsroom.corpus / "tide.md").unlink()
    lookup = editions()
    newsroom.rebuild()
    lookup = editions()
    assert [one.is_current for one in lookup.of("tide.md")] == [False, False]
    assert changed(lookup.changes("tide.md")) == [("removed", "low"), ("added", "high")]


def test_what_is_not_there_is_an_error(editions) -> None:
    """An unknown article, an unknown version, and nothing before the first edition."""
    lookup = editions(LOW)
    with pytest.raises(ArticleUnknown, match=r"tide\.md"):
        lookup.of("tid.md")
    with pytest.raises(EditionUnknown, match="an earlier edition"):
        lookup.changes("tide.md")
    with pytest.raises(EditionUnknown, match="'abc'"):
        lookup.article("tide.md", "abc")
    with pytest.raises(EditionUnknown):
        lookup.article("tide.md", "")
    with pytest.raises(SettingsError):
        lookup.of(3)
    with pytest.raises(ArticleUnknown):
        lookup.of("\ud800")


@pytest.mark.parametrize("removed", [False, True])
def test_a_withheld_article_shows_nothing(newsroom: Newsroom, editions, removed: bool) -> None:
    """Its earlier editions are not shown either, also after its file was removed."""
    editions(LOW)
    editions(LOW.replace("low", "lower"), embargoed="2999-01-01T00:00:00Z")
    if newsroom.open().stored_article("tide.md").embargoed is None:
        pytest.skip("front matter has no embargo")
    if removed:
        newsroom.write("boat.md", "The boat lay there.")
        (newsroom.corpus / "tide.md").unlink()
        newsroom.rebuild()
    with pytest.raises(ArticleWithheld):
        editions().of("tide.md")


def test_an_edition_that_was_withheld_is_left_out(newsroom: Newsroom, editions) -> None:
    """It was never to be shown; the article may be shown now."""
    editions(LOW, embargoed="2999-01-01T00:00:00Z")
    if newsroom.open().stored_article("tide.md").embargoed is None:
        pytest.skip("front matter has no embargo")
    assert [one.is_current for one in editions(HIGH).of("tide.md")] == [True]


def test_every_word_of_a_long_text_is_in_its_differences() -> None:
    """Words after those that are aligned count as removed and added."""
    old = " ".join(f"a{n}" for n in range(50))
    new = " ".join(f"b{n}" for n in range(60)) + " the end"
    found = word_changes(f"The start {old} the end", f"The start {new}", most=20)
    assert [one.text for one in found] == [
        "The start",
        old,
        new.removesuffix(" the end"),
        "the end",
    ]


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """An index of an article that was changed once, made with the real encoder."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for word in ("low", "high"):
        filler = " ".join(f"Boat {n} lay there." for n in range(30))
        (corpus / "tide.md").write_text(f"The tide was {word} at the pier. {filler}")
        pullquote.rebuild_index(corpus, tmp_path / "index")
    return tmp_path / "index"


def test_the_command_lists_and_compares(index: Path) -> None:
    """One line for each edition; long unchanged parts of the differences are cut."""
    listed = CliRunner().invoke(app, ["editions", "tide.md", "--index", str(index)])
    assert listed.exit_code == 0
    assert "– now" in listed.output
    assert listed.output.endswith("2 editions\n")
    shown = CliRunner().invoke(app, ["editions", "tide.md", "--index", str(index), "--diff"])
    assert (
        "The tide was [-low-] {+high+} at the pier. Boat 0 lay there. Boat 1 lay there. Boat …"
        in shown.output
    )
    assert "Boat 29" not in shown.output


def test_the_command_prints_json(index: Path) -> None:
    """Both the editions and all words of the changes."""
    run = ["editions", "tide.md", "--index", str(index), "--json"]
    found = json.loads(CliRunner().invoke(app, run).output)
    assert [one["until"] is None for one in found["editions"]] == [True, False]
    assert found["changes"] is None
    run += ["--old", found["editions"][1]["version"][:8]]
    changes = json.loads(CliRunner().invoke(app, run).output)["changes"]
    assert changes["old"] == found["editions"][1]
    assert [one["text"] for one in changes["differences"][1:3]] == ["low", "high"]
    assert changes["differences"][3]["text"].endswith("Boat 29 lay there.")
