"""Backups: complete or not there, restored as they were, and refused if a byte has changed."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import zipfile
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

import pullquote
from conftest import Newsroom
from pullquote.cli.commands import app
from pullquote.index import IndexFolder
from pullquote.index.backups.backup import _opened
from pullquote.schema.errors import BackupUnusable, IndexDamaged, IndexMissing, SettingsError
from served import until

QUESTION = "who closed the pier?"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a corpus, an index, settings and a standing question."""
    folder = tmp_path_factory.mktemp("backed-up")
    (folder / "corpus").mkdir()
    (folder / "corpus/tide.md").write_text("The harbour master Ida Roe closed the pier on Friday.")
    (folder / "pullquote.toml").write_text('index = "archive"\nhits = 3\n')
    pullquote.rebuild_index(folder / "corpus", folder / "archive")
    pullquote.Watchlist(folder / "archive").add(QUESTION)
    return folder


@pytest.fixture
def here(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that folder, in which the test works."""
    folder = tmp_path / "work"
    shutil.copytree(built, folder)
    monkeypatch.chdir(folder)
    return folder


def listing(folder: Path) -> list[str]:
    """The names in a folder, sorted."""
    return sorted(path.name for path in folder.iterdir())


def test_a_restored_backup_answers_as_before(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the restored folder, the settings apply and the answers are the same; nothing else is."""
    with pullquote.open() as assistant:
        before = assistant.ask(QUESTION)
    made = pullquote.backup(tmp_path / "backup.zip")
    shutil.rmtree(here / "archive")
    restored = pullquote.restore(made.file, tmp_path / "restored")
    assert listing(tmp_path / "restored") == ["archive", "pullquote.toml"]
    assert (restored.index, restored.notes) == (tmp_path / "restored" / "archive", ())
    monkeypatch.chdir(tmp_path / "restored")
    with pullquote.open() as assistant:
        after = assistant.ask(QUESTION)
        assert assistant.settings.hits == 3
    assert (after.answers, after.generation) == (before.answers, before.generation)
    assert [one.question for one in pullquote.Watchlist().questions] == [QUESTION]


def test_a_restored_index_is_sound_and_can_be_rebuilt(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every file has its digest, and only what has changed is read."""
    made = pullquote.backup(tmp_path / "backup.zip")
    restored = pullquote.restore(made.file, tmp_path / "restored")
    with closing(IndexFolder(restored.index).open()) as generation:
        assert generation.name == made.generation
    (here / "corpus/boat.md").write_text("The ferry sails again from Monday.")
    monkeypatch.chdir(tmp_path / "restored")
    report = pullquote.rebuild_index(here / "corpus", restored.index, new_corpus=True)
    assert (report.added, report.unchanged) == (1, 1)


def test_only_its_owner_may_read_it(here: Path) -> None:
    """The settings in it may have passwords."""
    made = pullquote.backup("backup.zip")
    assert made.file.stat().st_mode & 0o777 == 0o600
    assert made.bytes == made.file.stat().st_size


def test_no_cache_is_in_it(here: Path) -> None:
    """It has one generation, the questions and the settings."""
    made = pullquote.backup("backup.zip")
    with zipfile.ZipFile(made.file) as archive:
        outside = [name for name in archive.namelist() if "/generations/" not in name]
    assert sorted(outside) == [
        "backup.json",
        "index/CURRENT",
        "settings/pullquote.toml",
        "watchlist/watchlist.txt",
    ]


def test_a_newer_backup_replaces_the_older_one(here: Path) -> None:
    """There is one file, and it has the newer generation."""
    older = pullquote.backup("backup.zip")
    (here / "corpus/boat.md").write_text("The ferry sails again from Monday.")
    pullquote.rebuild_index("corpus", "archive", new_corpus=True)
    newer = pullquote.backup("backup.zip")
    assert (older.articles, newer.articles) == (1, 2)
    assert pullquote.restore("backup.zip", "restored").generation == newer.generation


def test_a_rebuild_may_remove_the_files_that_are_backed_up(newsroom: Newsroom) -> None:
    """They are opened first, so they can be read to their end."""
    newsroom.write("tide.md", "The tide was low.")
    newsroom.rebuild()
    with closing(newsroom.open()) as generation:
        expected = {n: (generation.folder / n).read_bytes() for n in generation.manifest.files}
    with ExitStack() as stack:
        known, opened = _opened(newsroom.index, stack)
        for text in ("The tide was high.", "There was no tide."):
            newsroom.write("tide.md", text)
            newsroom.rebuild()
        assert known.name not in newsroom.generations()
        prefix = f"index/generations/{known.name}/"
        assert {n: opened[prefix + n].read() for n in expected} == expected


def test_what_fails_on_the_way_leaves_the_older_backup(here: Path) -> None:
    """A damaged index is not backed up: the error names the file, and nothing half is left."""
    before = pullquote.backup("backup.zip").file.read_bytes()
    index = IndexFolder(here / "archive")
    folder = index.generation(index.current().name)
    victim = next(folder.rglob("passages.bin"))
    content = bytearray(victim.read_bytes())
    content[-1] ^= 1
    victim.write_bytes(content)
    with pytest.raises(IndexDamaged, match=r"passages\.bin"):
        pullquote.backup("backup.zip")
    assert (here / "backup.zip").read_bytes() == before
    assert listing(here) == ["archive", "backup.zip", "corpus", "pullquote.toml"]


def test_a_full_device_leaves_nothing(here: Path) -> None:
    """The message has the reason; the older backup would still be there."""

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, 5_000))

    done = subprocess.run(
        [sys.executable, "-m", "pullquote", "backup", "backup.zip"],
        capture_output=True,
        text=True,
        preexec_fn=full,
        check=False,
    )
    assert done.returncode == 1
    assert "backup.zip cannot be used: File too large" in done.stderr
    assert "backup.zip" not in "".join(listing(here))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda one: one.name)
def test_an_interrupted_backup_leaves_nothing(here: Path, number: signal.Signals) -> None:
    """Neither Ctrl-C nor SIGTERM leaves a part of it."""
    os.mkfifo("slow")
    (here / "pullquote.toml").rename("settings.toml")
    (here / "archive" / "calibration.json").symlink_to(here / "slow")  # reading it never ends
    command = [sys.executable, "-m", "pullquote", "backup", "backup.zip", "--index", "archive"]
    with (
        subprocess.Popen(command, stderr=subprocess.PIPE) as backing_up,
        Path("slow").open("wb"),
    ):
        until(lambda: any(here.glob("backup.zip.*")))
        backing_up.send_signal(number)
        backing_up.communicate(timeout=60)
    assert backing_up.returncode == {signal.SIGINT: 130, signal.SIGTERM: 143}[number]
    assert not list(here.glob("backup.zip*"))


def test_without_an_index_there_is_no_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error is the usual one."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(IndexMissing):
        pullquote.backup("backup.zip")
    assert listing(tmp_path) == []


@pytest.mark.parametrize("share", [0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 0.95, 0.999])
def test_a_changed_byte_is_noticed_and_nothing_is_restored(
    here: Path, tmp_path: Path, share: float
) -> None:
    """Wherever it is: in a file, in the list or in the frame of the ZIP."""
    path = pullquote.backup("backup.zip").file
    content = bytearray(path.read_bytes())
    content[int(share * len(content))] ^= 0x55
    path.write_bytes(content)
    target = tmp_path / "restored"
    try:
        restored = pullquote.restore(path, target)
    except BackupUnusable:
        assert not target.exists() or listing(target) == []
    else:  # a byte of the ZIP's frame that says nothing, such as the time of a member
        with closing(IndexFolder(restored.index).open()) as generation:
            assert generation.damage is None


def test_a_backup_needs_its_folder(here: Path) -> None:
    """The folder is not made: that of a disk which is not mounted would hide the backups."""
    with pytest.raises(BackupUnusable, match="there is no folder backups"):
        pullquote.backup("backups/monday.zip")
    assert not (here / "backups").exists()


@pytest.mark.parametrize("left", [0, 100, 5000])
def test_a_backup_that_was_cut_off_is_refused(here: Path, tmp_path: Path, left: int) -> None:
    """So is a file that is no backup."""
    path = pullquote.backup("backup.zip").file
    path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(BackupUnusable, match="it is no backup, or was cut off"):
        pullquote.restore(path, tmp_path / "restored")


@pytest.mark.parametrize(
    "name",
    ["../index/CURRENT", "index/../../x", "/etc/x", "index\\..\\x", "x/y", "index/.x", "index"],
)
def test_no_file_is_written_outside_the_folder(here: Path, tmp_path: Path, name: str) -> None:
    """A name that leads elsewhere is refused, though its digest is right."""
    path = pullquote.backup("backup.zip").file
    with zipfile.ZipFile(path) as archive:
        members = {one: archive.read(one) for one in archive.namelist()}
    listed = json.loads(members.pop("backup.json"))
    listed["files"][name] = listed["files"]["index/CURRENT"]
    members[name] = members["index/CURRENT"]
    with zipfile.ZipFile(path, "w") as archive:
        for one, content in {**members, "backup.json": json.dumps(listed)}.items():
            archive.writestr(one, content)
    with pytest.raises(BackupUnusable):
        pullquote.restore(path, tmp_path / "restored")
    assert not (tmp_path / "restored").exists()


def test_a_folder_with_files_is_left_alone(here: Path) -> None:
    """The message says to restore into a new folder."""
    pullquote.backup("backup.zip")
    with pytest.raises(SettingsError, match="is not an empty folder"):
        pullquote.restore("backup.zip", here)
    os.mkdir("empty")  # noqa: PTH102 - in the working folder
    assert pullquote.restore("backup.zip", "empty").index == Path("empty/archive")


def test_settings_that_name_another_place_are_noted(here: Path, tmp_path: Path) -> None:
    """The index is in the restored folder all the same, and the note says what to do."""
    (here / "pullquote.toml").write_text(f'index = "{here / "archive"}"\nwatchlist = "questions"\n')
    pullquote.Watchlist().add("who sails?")
    restored = pullquote.restore(pullquote.backup("b.zip").file, tmp_path / "restored")
    assert restored.index == tmp_path / "restored" / "index"
    (note,) = restored.notes
    assert f"The settings name {here / 'archive'} as the folder of the index" in note
    assert (tmp_path / "restored/questions/watchlist.txt").read_text().endswith("who sails?\n")


def test_the_commands_say_what_they_did(here: Path) -> None:
    """In words and as JSON."""
    run = CliRunner().invoke
    written = run(app, ["backup", "b.zip", "--json"])
    assert json.loads(written.output)["articles"] == 1
    restored = run(app, ["restore", "b.zip", "restored"])
    assert restored.exit_code == 0, restored.output
    assert "1 article" in restored.output
