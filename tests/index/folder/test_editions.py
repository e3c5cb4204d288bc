"""Earlier editions of articles are kept within their bounds, whatever happens to the index."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import FakeEncoder, Newsroom, scratch
from pullquote.base.atomic_io import file_digest
from pullquote.index import IndexFolder, Report, repair
from pullquote.index.editions.edition_file import FOLDER as EDITIONS
from pullquote.index.editions.edition_file import EarlierEdition, EditionRow
from pullquote.index.folder import folder_manifest, index_folder
from pullquote.index.folder.verified_files import verified_files
from pullquote.schema.errors import IndexDamaged
from pullquote.schema.file_limits import EditionBounds

DAY = 24 * 3600 * 1_000_000


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The time of the next rebuild, in days since 1970; each rebuild is on the next day."""
    now = [20_000]

    class Clock:
        @staticmethod
        def time_ns() -> int:
            return now[0] * DAY * 1000

    monkeypatch.setattr(index_folder, "time", Clock)
    return now


def rebuilt(newsroom: Newsroom, clock: list[int], **articles: str | None) -> Report:
    """Write articles, or remove those that are None, and rebuild a day later."""
    clock[0] += 1
    for name, body in articles.items():
        if body is None:
            (newsroom.corpus / f"{name}.md").unlink()
        else:
            newsroom.write(f"{name}.md", body)
    return newsroom.rebuild()


def history(newsroom: Newsroom, article: str = "tide.md") -> list[EarlierEdition]:
    """The earlier editions of an article, the newest first."""
    with closing(newsroom.open()) as generation:
        return generation.history.of(article)


def texts(newsroom: Newsroom, article: str = "tide.md") -> list[str]:
    """The texts of the earlier editions, the newest first."""
    return [one.article.text for one in history(newsroom, article)]


def bounded(newsroom: Newsroom, *, most: int = 10, days: int = 365) -> None:
    """Go on with other bounds."""
    bounds = EditionBounds(most=most, days=days)
    newsroom.index = IndexFolder(newsroom.index.path, bounds=bounds)


def edition_files(newsroom: Newsroom, suffix: str = ".db") -> list[Path]:
    """The files of editions in the current generation."""
    folder = newsroom.index.generation(newsroom.index.current().name) / "editions"
    return sorted(folder.glob(f"*{suffix}"))


def test_a_changed_article_leaves_its_old_text(newsroom: Newsroom, clock: list[int]) -> None:
    """Each edition has its text, its version, and the days on which it came and went."""
    for word in ("low", "high", "gone"):
        rebuilt(newsroom, clock, tide=f"The tide was {word}.", boat="A boat lay there.")
    newest, oldest = history(newsroom)
    assert (newest.article.text, oldest.article.text) == ("The tide was high.", "The tide was low.")
    assert (oldest.since, oldest.until) == (20_001 * DAY, 20_002 * DAY)
    assert (newest.since, newest.until) == (20_002 * DAY, 20_003 * DAY)
    with closing(newsroom.open()) as generation:
        assert generation.since("tide.md") == 20_003 * DAY
        assert generation.since("boat.md") == 20_001 * DAY
        [found] = generation.history.of_version(newest.article.version[:12])
        assert found == newest
    assert history(newsroom, "boat.md") == []


def test_a_removed_article_leaves_its_old_text(newsroom: Newsroom, clock: list[int]) -> None:
    """Its file is gone from the corpus, and comes back later."""
    rebuilt(newsroom, clock, tide="The tide was low.", boat="A boat lay there.")
    rebuilt(newsroom, clock, tide=None)
    assert texts(newsroom) == ["The tide was low."]
    rebuilt(newsroom, clock, tide="The tide was low.")
    with closing(newsroom.open()) as generation:
        assert generation.since("tide.md") == 20_003 * DAY
    assert [(one.since, one.until) for one in history(newsroom)] == [(20_001 * DAY, 20_002 * DAY)]


def test_a_renamed_file_is_no_new_edition(newsroom: Newsroom, clock: list[int]) -> None:
    """Its text is in the index under the other name."""
    rebuilt(newsroom, clock, tide="The tide was low.")
    (newsroom.corpus / "tide.md").rename(newsroom.corpus / "ebb.md")
    rebuilt(newsroom, clock)
    assert texts(newsroom) == texts(newsroom, "ebb.md") == []


def test_an_article_that_stays_the_same_in_a_changed_file(
    newsroom: Newsroom, clock: list[int]
) -> None:
    """Only the article that changed has another edition; the old version leads to both."""
    line = '{{"id": "{}", "title": "T", "body": "The {} lay there all day long."}}\n'
    path = newsroom.corpus / "all.jsonl"
    for word in ("boat", "gull"):
        path.write_text(line.format("a", word) + line.format("b", "pier"))
        rebuilt(newsroom, clock)
    [first] = history(newsroom, "all.jsonl#a")
    assert history(newsroom, "all.jsonl#b") == []
    with closing(newsroom.open()) as generation:
        assert generation.history.replaced("all.jsonl#b", first.article.version) == 20_002 * DAY
        assert generation.history.replaced("other.jsonl#b", first.article.version) is None
        assert generation.since("all.jsonl#b") == 20_001 * DAY


def test_the_oldest_are_dropped(newsroom: Newsroom, clock: list[int]) -> None:
    """An article has no more editions than are allowed, also across linked files."""
    bounded(newsroom, most=3)
    rebuilt(newsroom, clock, **{f"old{n}": f"The boat {n} was old." for n in range(12)})
    rebuilt(newsroom, clock, **{f"old{n}": f"The boat {n} was new." for n in range(12)})
    for n in range(9):
        rebuilt(newsroom, clock, old3=f"The tide was at {n}.")
    assert texts(newsroom, "old3.md") == [f"The tide was at {n}." for n in (7, 6, 5)]
    assert texts(newsroom, "old4.md") == ["The boat 4 was old."]
    assert len(edition_files(newsroom)) > 1
    assert len(edition_files(newsroom, ".i32")) == 1


def test_editions_expire(newsroom: Newsroom, clock: list[int]) -> None:
    """After some days they are dropped, although no article has changed since."""
    bounded(newsroom, days=5)
    rebuilt(newsroom, clock, tide="The tide was low.")
    rebuilt(newsroom, clock, tide="The tide was high.")
    clock[0] += 4
    rebuilt(newsroom, clock)
    assert texts(newsroom) == ["The tide was low."]
    rebuilt(newsroom, clock)
    assert texts(newsroom) == []
    assert edition_files(newsroom) == []


def test_fewer_are_allowed(newsroom: Newsroom, clock: list[int]) -> None:
    """The next rebuild drops those over the new bound; 0 drops all."""
    for n in range(5):
        rebuilt(newsroom, clock, tide=f"The tide was at {n}.")
    bounded(newsroom, most=2)
    rebuilt(newsroom, clock)
    assert texts(newsroom) == ["The tide was at 3.", "The tide was at 2."]
    current = newsroom.index.current()
    rebuilt(newsroom, clock)
    assert newsroom.index.current() == current
    bounded(newsroom, most=0)
    rebuilt(newsroom, clock)
    assert edition_files(newsroom) == []
    rebuilt(newsroom, clock, tide="The tide was gone.")
    assert texts(newsroom) == []


def test_files_are_shared_and_merged(newsroom: Newsroom, clock: list[int]) -> None:
    """A large file is linked, small ones are merged, and so there are few."""
    many = {f"old{n}": f"The boat {n} was old." for n in range(30)}
    rebuilt(newsroom, clock, **many)
    rebuilt(newsroom, clock, **{name: text.replace("old", "new") for name, text in many.items()})
    [large] = [path.stat().st_ino for path in edition_files(newsroom)]
    for n in range(5):
        rebuilt(newsroom, clock, **{f"old{n}": "The gull came."})
        assert len(edition_files(newsroom)) <= 3
    assert edition_files(newsroom)[0].stat().st_ino == large
    assert [len(texts(newsroom, f"old{n}.md")) for n in range(6)] == [2, 2, 2, 2, 2, 1]


@pytest.mark.parametrize("change", ["force", "settings"])
def test_reading_everything_again_keeps_them(
    newsroom: Newsroom, clock: list[int], change: str
) -> None:
    """Only the editions of the previous generation are taken over, and changes are noticed."""
    rebuilt(newsroom, clock, tide="The tide was low.", boat="A boat lay there.")
    rebuilt(newsroom, clock, tide="The tide was high.")
    newsroom.write("tide.md", "The tide was gone.")
    config = newsroom.index_config(tokens=20) if change == "settings" else None
    newsroom.rebuild(force=change == "force", index_config=config)
    assert texts(newsroom) == ["The tide was high.", "The tide was low."]
    assert texts(newsroom, "boat.md") == []
    with closing(newsroom.open()) as generation:
        assert generation.since("boat.md") == 20_001 * DAY


def test_repair_keeps_them(newsroom: Newsroom, clock: list[int]) -> None:
    """Vectors are damaged, so no generation can be opened."""
    rebuilt(newsroom, clock, tide="The tide was low.", boat="A boat lay there.")
    rebuilt(newsroom, clock, tide="The tide was high.")
    for path in newsroom.index.path.rglob("vectors.f32"):
        path.write_bytes(b"")
    repair(newsroom.index, FakeEncoder(), index_config=newsroom.index_config())
    assert texts(newsroom) == ["The tide was low."]
    with closing(newsroom.open()) as generation:
        assert generation.since("boat.md") == 20_001 * DAY
        assert generation.since("tide.md") == 20_002 * DAY


def test_building_from_nothing_keeps_them(newsroom: Newsroom, clock: list[int]) -> None:
    """All articles are damaged, and are read again from the corpus."""
    rebuilt(newsroom, clock, tide="The tide was low.")
    rebuilt(newsroom, clock, tide="The tide was high.")
    for path in newsroom.index.path.rglob("articles.db"):
        path.write_bytes(b"")
    rebuilt(newsroom, clock)
    assert texts(newsroom) == ["The tide was low."]


def test_a_copied_index_has_them(newsroom: Newsroom, clock: list[int]) -> None:
    """A copy has no links, and goes on by itself."""
    rebuilt(newsroom, clock, tide="The tide was low.", boat="A boat lay there.")
    rebuilt(newsroom, clock, tide="The tide was high.")
    copy = newsroom.index.path.with_name("copy")
    shutil.copytree(newsroom.index.path, copy)
    newsroom.index = IndexFolder(copy)
    rebuilt(newsroom, clock, boat="The boat had gone.")
    assert texts(newsroom) == ["The tide was low."]
    assert texts(newsroom, "boat.md") == ["A boat lay there."]


def test_a_reader_keeps_them_while_rebuilds_go_on(newsroom: Newsroom, clock: list[int]) -> None:
    """An open generation reads its editions after its files were removed."""
    rebuilt(newsroom, clock, tide="The tide was low.")
    rebuilt(newsroom, clock, tide="The tide was high.")
    with closing(newsroom.open()) as generation:
        bounded(newsroom, most=1)
        for n in range(4):
            rebuilt(newsroom, clock, tide=f"The tide was at {n}.")
        assert not generation.folder.exists()
        assert [one.article.text for one in generation.history.of("tide.md")] == [
            "The tide was low."
        ]


def damaged(newsroom: Newsroom, at: int) -> Path:
    """Flip a byte of a file of editions."""
    [path] = edition_files(newsroom)
    content = bytearray(path.read_bytes())
    content[at] ^= 255
    path.unlink()
    path.write_bytes(content)
    return path


def damaged_at(path: Path, at: int) -> None:
    """Change a byte of a file, of which other generations may have a link."""
    content = bytearray(path.read_bytes())
    content[at] ^= 255
    path.unlink()
    path.write_bytes(content)


def test_a_damaged_file_costs_only_what_cannot_be_read(
    newsroom: Newsroom, clock: list[int]
) -> None:
    """Questions are answered, reading the edition is an error, and a rebuild keeps the others."""
    for word in ("old", "new"):
        bodies = {f"boat{n}": f"The {word} boat {n} lay there." for n in range(40)}
        rebuilt(newsroom, clock, **bodies)
    [path] = edition_files(newsroom)
    content = EditionRow.of(history(newsroom, "boat7.md")[0], file="boat7.md").content
    damaged(newsroom, path.read_bytes().index(content) + 9)
    verified_files.clear()
    with closing(newsroom.open()) as generation:
        assert generation.article("boat7.md").text == "The new boat 7 lay there."
        with pytest.raises(IndexDamaged) as damage:
            [generation.history.of(f"boat{n}.md") for n in range(40)]
        assert damage.value.path == path
    drop_generation_before(newsroom)
    report = rebuilt(newsroom, clock)
    left = [texts(newsroom, f"boat{n}.md") for n in range(40)]
    assert left.count([]) == 1
    assert sum(map(len, left)) == 39
    assert "1 are lost" in str(report.note)


@pytest.mark.parametrize("damage", ["missing", "empty", "a folder"])
def test_a_lost_file_does_not_stop_rebuilds(
    newsroom: Newsroom, clock: list[int], damage: str
) -> None:
    """Its editions come from the generation before."""
    rebuilt(newsroom, clock, tide="The tide was low.")
    rebuilt(newsroom, clock, tide="The tide was high.")
    [path] = edition_files(newsroom)
    path.unlink()
    if damage == "empty":
        path.write_bytes(b"")
    elif damage == "a folder":
        path.mkdir()
    verified_files.clear()
    with closing(newsroom.open()) as generation, pytest.raises(IndexDamaged):
        generation.history.of("tide.md")
    rebuilt(newsroom, clock, tide="The tide was gone.")
    assert texts(newsroom) == ["The tide was high.", "The tide was low."]


def drop_generation_before(newsroom: Newsroom) -> None:
    """Remove the generation before the current one, as if it were damaged too."""
    names = newsroom.index.generations()
    names.remove(newsroom.index.current().name)
    for name in names:
        shutil.rmtree(newsroom.index.generation(name))


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("at", [3, 20, 100, 8192 + 50])
def test_a_damaged_file_is_recovered_from_the_generation_before(
    newsroom: Newsroom, clock: list[int], at: int, force: bool
) -> None:
    """Wherever the damage is: from its editions, its articles, and what can still be read."""
    for word in ("low", "high", "wide", "deep", "calm"):
        bodies = {f"boat{n}": f"The {word} boat {n} lay there." for n in range(20)}
        rebuilt(newsroom, clock, tide=f"The tide was {word}.", **bodies)
    rebuilt(newsroom, clock, boat7=None)
    before = {name: texts(newsroom, f"{name}.md") for name in ("tide", "boat7", "boat3")}
    for path in edition_files(newsroom):
        damaged_at(path, min(at, path.stat().st_size - 1))
    verified_files.clear()
    report = newsroom.rebuild(force=force)
    assert {name: texts(newsroom, f"{name}.md") for name in before} == before
    assert "recovered" in str(report.note)
    assert newsroom.rebuild().note is None


@pytest.mark.parametrize("force", [False, True])
def test_editions_that_are_lost_are_reported(
    newsroom: Newsroom, clock: list[int], force: bool
) -> None:
    """The report says so if no generation before has them."""
    rebuilt(newsroom, clock, tide="The tide was low.")
    rebuilt(newsroom, clock, tide="The tide was high.")
    damaged(newsroom, 3)
    drop_generation_before(newsroom)
    verified_files.clear()
    report = newsroom.rebuild(force=force)
    assert "0 were recovered from the generation before; others in it are lost" in str(report.note)
    assert texts(newsroom) == []


@pytest.mark.parametrize("days", [-4000, -400, 400, 800, 4000])
@pytest.mark.parametrize("rebuilds", [1, 3])
def test_a_wrong_clock_drops_no_edition(
    newsroom: Newsroom, clock: list[int], days: int, rebuilds: int
) -> None:
    """Whatever is rebuilt meanwhile; the report says that the clock is odd."""
    for word in ("low", "high", "wide"):
        rebuilt(newsroom, clock, tide=f"The tide was {word}.")
    clock[0] += days
    assert "clock" in str(rebuilt(newsroom, clock, boat="A boat lay there.").note)
    for n in range(rebuilds):
        rebuilt(newsroom, clock, tide=f"The tide was at {n}.", boat=f"There were {n} boats.")
    clock[0] -= days
    rebuilt(newsroom, clock, tide="The tide was gone.")
    rebuilt(newsroom, clock)
    left = texts(newsroom)
    assert left[-3:] == ["The tide was wide.", "The tide was high.", "The tide was low."]
    assert len(left) == 3 + rebuilds
    moments = [one.until for one in history(newsroom)]
    assert moments == sorted(set(moments), reverse=True)


def test_editions_that_are_dropped_for_their_age_are_reported(
    newsroom: Newsroom, clock: list[int]
) -> None:
    """An edition is never dropped for its age without a word."""
    bounded(newsroom, days=5)
    rebuilt(newsroom, clock, tide="The tide was low.")
    rebuilt(newsroom, clock, tide="The tide was high.")
    clock[0] += 6
    assert "1 earlier edition was dropped after 5 days" in str(rebuilt(newsroom, clock).note)


def test_a_device_that_fails_for_a_moment_loses_nothing(
    newsroom: Newsroom, clock: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that cannot be read now may be read later, so the rebuild fails instead."""
    rebuilt(newsroom, clock, tide="The tide was low.")
    rebuilt(newsroom, clock, tide="The tide was high.")

    def failing(path: Path) -> str:
        if path.parent.name == EDITIONS:
            raise OSError(5, "Input/output error")
        return file_digest(path)

    with monkeypatch.context() as patch:
        verified_files.clear()
        patch.setattr(folder_manifest, "file_digest", failing)
        with pytest.raises(Exception, match="Nothing in the index was lost"):
            rebuilt(newsroom, clock, boat="A boat lay there.")
    rebuilt(newsroom, clock)
    assert texts(newsroom) == ["The tide was low."]


@settings(max_examples=30)  # each rebuilds up to seven times
@given(
    st.lists(
        st.dictionaries(st.sampled_from("abc"), st.sampled_from(["", "low", "high", "gone"])),
        max_size=7,
    ),
    st.integers(1, 3),
)
def test_any_history_is_stored(days: list[dict[str, str]], most: int) -> None:
    """After any changes, each article has its last texts, and none that it still has."""
    with scratch() as folder:
        newsroom = Newsroom(Path(folder))
        bounded(newsroom, most=most)
        newsroom.write("always.md", "The pier was always there.")
        newsroom.rebuild()
        now: dict[str, str] = {}
        expected: dict[str, list[str]] = {name: [] for name in "abc"}
        for day in days:
            for name, word in day.items():
                path = newsroom.corpus / f"{name}.md"
                text = f"At {name} the tide was {word}." if word else ""
                if now.get(name, "") not in ("", text):
                    expected[name].insert(0, now[name])
                now[name] = text
                if text:
                    path.write_text(text)
                else:
                    path.unlink(missing_ok=True)
            newsroom.rebuild()
        for name, left in expected.items():
            assert texts(newsroom, f"{name}.md") == left[:most]
