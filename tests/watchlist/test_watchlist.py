"""Standing questions over a story that goes on, with the real models."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from filelock import FileLock
from typer.testing import CliRunner

import pullquote
from pullquote import ChangeKind, Settings, Watchlist, WatchReport
from pullquote.cli.commands import app
from pullquote.index.interfaces import STANDING_REPLIES
from pullquote.newsroom.assistant import Assistant
from pullquote.newsroom.watchlist.files import DIGEST, LOCK, READ, StateFiles
from pullquote.schema.errors import WatchlistBusy, WatchlistUnusable

TOLL = "how many people were killed when the Pilcarumi dam collapsed?"
OWNER = "who owns the Pilcarumi mine?"
SILENT = "who won the tennis final in Marlow?"
FIRST = (
    "At least 19 people were killed after the tailings dam of the Pilcarumi copper mine collapsed "
    "before dawn on Tuesday, the governor of Ocuñama province said. The Pilcarumi mine is owned by "
    "Ostrevale Metals.\n"
)
LATER = (
    "The number of people killed when the tailings dam of the Pilcarumi copper mine collapsed has "
    "risen to 63, the governor of Ocuñama province said on Friday.\n"
)
TENNIS = "Ida Roe won the tennis final in Marlow on Sunday, beating Anna Thornby in three sets.\n"


@dataclass
class Newspaper:
    """A corpus with its index and its standing questions."""

    folder: Path
    reports: dict[str, WatchReport] = field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        return Settings(corpus=self.folder / "corpus", index=self.folder / "index")

    @property
    def watchlist(self) -> Watchlist:
        return Watchlist(settings=self.settings)

    def write(self, id: str, text: str, day: str, title: str) -> None:
        path = self.folder / "corpus" / id
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"---\ntitle: {title}\ndate: {day}\nsource: Post\n---\n{text}", "utf-8")

    def run(self, name: str) -> None:
        pullquote.rebuild_index(settings=self.settings, allow_removals=True)
        self.reports[name] = self.watchlist.run()


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Newspaper:
    """Four states of a story, each with the report of the watchlist."""
    paper = Newspaper(tmp_path_factory.mktemp("paper"))
    for question in (TOLL, OWNER, SILENT):
        paper.watchlist.add(question)
    paper.write("one.md", FIRST, "2024-03-05", "Mine dam gives way")
    paper.run("first")
    paper.reports["same"] = paper.watchlist.run()
    paper.write("two.md", LATER, "2024-03-08", "Toll of dam disaster rises")
    paper.write("three.md", TENNIS, "2024-03-08", "Roe wins in Marlow")
    paper.run("more")
    (paper.folder / "corpus" / "three.md").unlink()
    paper.run("fewer")
    return paper


def changes(report: WatchReport) -> dict[str, ChangeKind]:
    return {one.question: one.kind for one in report.changes}


def test_first_answers_are_not_reported_as_changes(paper):
    """They are in the report as quiet ones."""
    first = paper.reports["first"]
    assert first.changes == ()
    assert {one.kind for one in first.quiet} == {ChangeKind.FIRST_ASKED}
    assert first.asked == 3


def test_nothing_is_asked_if_the_index_has_not_changed(paper):
    """Neither searched for nor read."""
    same = paper.reports["same"]
    assert (same.asked, same.unchanged, same.passages_read) == (0, 3, 0)


def test_a_changed_value_and_a_new_answer_are_reported(paper):
    """The old and the new value have their quotes; the other question is as before."""
    more = paper.reports["more"]
    assert changes(more) == {TOLL: ChangeKind.CHANGED_VALUE, SILENT: ChangeKind.NEW_ANSWER}
    toll = next(one for one in more.changes if one.question == TOLL)
    assert toll.old is not None
    assert toll.new is not None
    assert "19" in toll.old.citation.quote
    assert "63" in toll.new.citation.quote
    assert toll.new.citation.article == "two.md"


def test_only_passages_that_are_new_are_read(paper):
    """What was read for a question before is read no more."""
    more, fewer = paper.reports["more"], paper.reports["fewer"]
    assert more.passages_reused > 0
    assert fewer.passages_read == 0


def test_an_answer_whose_article_is_gone_is_no_longer_supported(paper):
    """The reason is given."""
    fewer = paper.reports["fewer"]
    assert changes(fewer) == {SILENT: ChangeKind.NO_LONGER_SUPPORTED}
    assert fewer.changes[0].state == "article gone"


def test_replies_are_the_same_as_if_everything_were_read(paper):
    """The stored replies are those of `ask`, except for times."""
    with pullquote.open(settings=paper.settings) as assistant:
        for one in paper.watchlist.standing():
            reply = assistant.ask(one.question.question)
            if reply.abstained:
                reply = reply.model_copy(update={"answers": ()})
            assert one.asked.reply.model_copy(update={"took_ms": reply.took_ms}) == reply


def test_changes_are_stored_newest_first(paper):
    """Also for the feed and the page."""
    assert [one.kind for one in paper.watchlist.changes] == [
        ChangeKind.NO_LONGER_SUPPORTED,
        ChangeKind.CHANGED_VALUE,
        ChangeKind.NEW_ANSWER,
    ]


@pytest.fixture
def copy(paper: Newspaper, tmp_path: Path) -> Settings:
    """The watchlist in a folder of its own, to change it."""
    for name in ("watchlist.txt", STANDING_REPLIES, READ):
        (tmp_path / name).write_bytes((paper.folder / "index" / name).read_bytes())
    return paper.settings.model_copy(update={"watchlist": tmp_path})


def test_a_second_run_at_the_same_time_is_refused(copy, tmp_path):
    """The first has a lock."""
    with FileLock(tmp_path / LOCK), pytest.raises(WatchlistBusy):
        Watchlist(settings=copy).run()


def test_a_damaged_state_is_named_and_not_overwritten(copy, tmp_path):
    """The message says what happens if the file is deleted."""
    (tmp_path / STANDING_REPLIES).write_text("{")
    with pytest.raises(WatchlistUnusable, match="If you delete the file"):
        Watchlist(settings=copy).run()
    assert (tmp_path / STANDING_REPLIES).read_text() == "{"


def with_one_changed(value: Any) -> Iterator[Any]:
    """Copies of a JSON value in each of which one fact differs, is missing or is added."""
    if isinstance(value, dict):
        yield {**value, "added": 1}
        for name, inner in value.items():
            yield {other: one for other, one in value.items() if other != name}
            yield from ({**value, name: changed} for changed in with_one_changed(inner))
    elif isinstance(value, list):
        yield [*value, 1]
        for at, inner in enumerate(value):
            yield [*value[:at], *value[at + 1 :]]
            changes = with_one_changed(inner)
            yield from ([*value[:at], changed, *value[at + 1 :]] for changed in changes)
    elif isinstance(value, str):
        yield f"{value}0"
    else:
        yield not value if isinstance(value, bool) or value is None else value + 1


def test_no_fact_of_the_state_can_be_changed_unnoticed(copy, tmp_path):
    """Whichever differs, is missing or is added: nothing is shown, run or overwritten."""
    files, state = StateFiles(tmp_path), tmp_path / STANDING_REPLIES
    given = json.loads(state.read_bytes())
    digest = given.pop(DIGEST)
    number = 0
    for changed in with_one_changed(given):
        number += 1
        state.write_text(json.dumps({DIGEST: digest, **changed}))
        with pytest.raises(WatchlistUnusable, match="it was changed since it was written"):
            files.load()
    assert number > 100
    before = state.read_bytes()
    watchlist = Watchlist(settings=copy)
    for use in (watchlist.standing, watchlist.run, lambda: watchlist.changes):
        with pytest.raises(WatchlistUnusable, match=r"back-?up.*questions in watchlist.txt stay"):
            use()
    assert state.read_bytes() == before
    assert len(watchlist.questions) == 3


def test_a_state_of_version_0_2_is_read_and_gets_a_digest(copy, tmp_path):
    """Its facts are the same; how they are written does not count."""
    files, state = StateFiles(tmp_path), tmp_path / STANDING_REPLIES
    stored = files.load()
    facts = json.loads(state.read_bytes())
    state.write_text(json.dumps(dict(reversed(facts.items())), indent=7))
    assert files.load() == stored
    del facts[DIGEST]
    state.write_text(json.dumps(facts))
    assert files.load() == stored
    assert DIGEST not in json.loads(state.read_bytes())
    Watchlist(settings=copy).run(everything=True)
    assert DIGEST in json.loads(state.read_bytes())
    assert files.load().changes == stored.changes


def test_a_damaged_memory_is_read_again(copy, tmp_path):
    """It is only a cache."""
    (tmp_path / READ).write_bytes(b"x")
    report = Watchlist(settings=copy).run(everything=True)
    assert report.changes == ()
    assert report.passages_read > 0


def test_a_filter_that_no_article_has_any_more_finds_nothing(copy):
    """The question stays, with a note."""
    watchlist = Watchlist(settings=copy)
    added = watchlist.add(OWNER, {"sources": ["Gazette"]})
    watchlist.run()
    (standing,) = [one for one in watchlist.standing() if one.question == added]
    assert standing.asked is not None
    assert standing.asked.reply.abstained
    assert "Gazette" in standing.asked.note


def test_questions_are_asked_again_if_a_setting_changes(copy):
    """A reply depends on the settings, too."""
    other = copy.model_copy(update={"hits": 3})
    with Assistant(other) as assistant:
        assert Watchlist(settings=other).run(assistant).asked == 3


class TestCommand:
    """`pullquote watchlist`."""

    @pytest.fixture(autouse=True)
    def _settings(self, copy: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PULLQUOTE_INDEX", str(copy.index))
        monkeypatch.setenv("PULLQUOTE_WATCHLIST", str(copy.watchlist))

    def invoke(self, *arguments: str) -> str:
        result = CliRunner().invoke(app, ["watchlist", *arguments])
        assert result.exit_code == 0, result.output
        return result.output

    def test_an_added_question_is_answered_at_once(self):
        """Later runs report what changes."""
        output = self.invoke("add", "what is the name of the mine?", "--source", "Post")
        assert "what is the name of the mine?  (sources Post)" in output
        assert len(json.loads(self.invoke("list", "--json"))) == 4

    def test_a_question_is_removed_by_its_id(self):
        """The others stay."""
        listed = json.loads(self.invoke("list", "--json"))
        assert f"Removed: {TOLL}" in self.invoke("remove", listed[0]["question"]["id"])
        assert SILENT in self.invoke("list")
        assert TOLL not in self.invoke("list")

    def test_the_plain_command_asks_and_says_that_nothing_changed(self):
        """Without an action, it is `run`."""
        assert "Nothing has changed since 3 questions were asked last." in self.invoke()
        assert self.invoke("--email") == ""

    def test_a_rebuild_asks_the_questions_afterwards(self, copy, monkeypatch):
        """In JSON its report has the field `watchlist`, unless that is switched off."""
        monkeypatch.setenv("PULLQUOTE_CORPUS", str(copy.corpus))
        outputs = [
            CliRunner().invoke(app, ["rebuild-index", "--json", *more]).output
            for more in ([], ["--no-watchlist"])
        ]
        asked, left_out = map(json.loads, outputs)
        assert asked["watchlist"]["unchanged"] == 3
        assert "watchlist" not in left_out

    def test_the_feed_has_an_item_for_each_change(self, tmp_path):
        """With a link into the chat, if its address is known."""
        feed = tmp_path / "feed.xml"
        self.invoke("run", "--rss", str(feed), "--chat", "https://chat.example/")
        items = ElementTree.parse(feed).findall("channel/item")  # noqa: S314 - written here
        assert [item.findtext("title") for item in items] == [
            f"No longer supported: {SILENT}",
            f"Changed value: {TOLL}",
            f"New answer: {SILENT}",
        ]
        assert items[1].findtext("link", "").startswith("https://chat.example/?article=two.md")
        assert len({item.findtext("guid") for item in items}) == 3
