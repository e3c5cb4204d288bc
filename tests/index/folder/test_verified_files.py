"""The record of files that were compared with their digests."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import pytest

from conftest import Newsroom
from pullquote.index.folder import folder_manifest
from pullquote.index.folder import verified_files as module
from pullquote.index.folder.verified_files import FORGOTTEN_AFTER, VerifiedFiles
from pullquote.schema.errors import IndexDamaged


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read for comparison."""
    names: list[str] = []

    def digest(path: Path) -> str:
        names.append(path.name)
        return actual(path)

    actual = folder_manifest.file_digest
    monkeypatch.setattr(folder_manifest, "file_digest", digest)
    return names


def as_a_new_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty the record of this process, as in a new one."""
    monkeypatch.setattr(folder_manifest, "verified_files", fresh := VerifiedFiles())
    monkeypatch.setattr("pullquote.index.folder.index_folder.verified_files", fresh)


def test_a_rebuild_reads_no_file_that_the_last_one_verified(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, read: list[str]
) -> None:
    """Only the manifest is read again, whose digest is in CURRENT."""
    newsroom.write("a.md", "The pier closed.")
    newsroom.rebuild()
    as_a_new_process(monkeypatch)
    read.clear()
    newsroom.rebuild()
    assert read == []


def test_a_changed_file_is_read_again(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """A changed file is noticed even if its length is the same."""
    newsroom.write("a.md", "The pier closed.")
    first = newsroom.rebuild().generation
    [vectors] = newsroom.index.generation(first).rglob("vectors.f32")
    vectors.write_bytes(bytes(vectors.stat().st_size))
    as_a_new_process(monkeypatch)
    report = newsroom.rebuild()
    assert report.generation != first
    assert report.note is not None
    assert "vectors.f32" in report.note


def test_a_reader_verifies_files_itself(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, read: list[str]
) -> None:
    """A reader does not use the record that a rebuild saved."""
    newsroom.write("a.md", "The pier closed.")
    newsroom.rebuild()
    as_a_new_process(monkeypatch)
    read.clear()
    with closing(newsroom.open()) as generation:
        assert len(read) == len(generation.manifest.files)


def test_a_record_expires_after_a_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A record expires after a day, or if the clock went back."""
    file = Path(__file__).stat()
    now = 1e9
    monkeypatch.setattr(module.time, "time", lambda: now)
    first, found = VerifiedFiles(), VerifiedFiles()
    first.add(file, "digest")
    first.save(tmp_path / "kept", [file])
    found.load(tmp_path / "kept")
    for later, known in ((60.0, True), (FORGOTTEN_AFTER + 1, False), (-60.0, False)):
        now = 1e9 + later
        assert first.contains(file, "digest") is known
        assert found.contains(file, "digest") is known


def test_the_record_has_a_maximum_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """The record has a limit; the oldest entries are dropped."""
    monkeypatch.setattr(module, "MOST", 2)
    files = [path.stat() for path in sorted(Path(__file__).parents[2].glob("*.py"))[:3]]
    found = VerifiedFiles()
    for file in files:
        found.add(file, "digest")
    assert [found.contains(file, "digest") for file in files] == [False, True, True]


def rot(newsroom: Newsroom, name: str) -> None:
    """Change a bit of a current file but not its time, as a faulty device would."""
    [path] = newsroom.index.generation(newsroom.index.current().name).rglob(name)
    times = path.stat().st_atime_ns, path.stat().st_mtime_ns
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=times)


@pytest.mark.parametrize("name", ["vectors.f32", "rows.i32", "terms.bin"])
def test_damage_that_a_reader_finds_is_repaired_by_the_next_rebuild(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A rebuild trusts its record until a reader finds damage; then it checks all files again."""
    newsroom.write("a.md", "The pier closed.")
    newsroom.rebuild()
    rot(newsroom, name)
    as_a_new_process(monkeypatch)
    assert newsroom.rebuild().note is None
    as_a_new_process(monkeypatch)
    with pytest.raises(IndexDamaged, match=name):
        newsroom.open()
    report = newsroom.rebuild()
    assert report.note is not None
    assert "started from nothing" in report.note
    assert report.embedded == 0
    newsroom.open().close()


def test_damage_in_a_merged_segment_is_repaired_at_once(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rebuild that cannot merge a damaged segment starts from nothing by itself."""
    newsroom.write("a.md", "The pier closed.")
    newsroom.rebuild()
    rot(newsroom, "vectors.f32")
    as_a_new_process(monkeypatch)
    newsroom.write("b.md", "The tide was low.")
    report = newsroom.rebuild()
    assert report.articles == 2
    assert report.note is not None
    assert "vectors.f32" in report.note
    newsroom.open().close()


@pytest.mark.parametrize("content", [None, b"", b"garbage"])
def test_a_damaged_record_is_ignored(tmp_path: Path, content: bytes | None) -> None:
    """A damaged record is ignored, since it only saves work."""
    if content is not None:
        (tmp_path / "kept").write_bytes(content)
    found = VerifiedFiles()
    found.load(tmp_path / "kept")
    assert not found.contains(Path(__file__).stat(), "digest")
