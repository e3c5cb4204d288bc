"""The index folder: the current generation, the lock, and the removal of old generations."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pullquote.base.atomic_io import file_digest, write_atomically, write_synced
from pullquote.index import IndexFolder
from pullquote.index.folder.index_files import GenerationRef
from pullquote.schema.errors import IndexDamaged, IndexLocked, IndexMissing

DIGEST = "0" * 64

HOLD = """
import sys
from pathlib import Path
from pullquote.index import IndexFolder
with IndexFolder(Path(sys.argv[1])).lock():
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def index(tmp_path: Path) -> IndexFolder:
    """An index folder with nothing in it yet."""
    return IndexFolder(tmp_path / "index")


def stage(index: IndexFolder) -> Path:
    """A staged generation with a dummy manifest."""
    staged = index.stage()
    write_synced(staged / "manifest.json", b"{}")
    return staged


def names(index: IndexFolder) -> list[str]:
    """The generations on disk."""
    return sorted(path.name for path in (index.path / "generations").iterdir())


def publish(index: IndexFolder, staged: Path) -> None:
    """Make a generation current after the one that is."""
    try:
        before = index.current()
    except IndexMissing:
        before = None
    index.publish(staged, before=before)


def test_an_index_that_was_never_built_is_missing(index: IndexFolder) -> None:
    """The error says which command builds an index there."""
    with pytest.raises(IndexMissing, match=f"rebuild-index --corpus DIR --index {index.path}"):
        index.current()


def test_a_file_in_place_of_the_folder_is_missing(index: IndexFolder) -> None:
    """A file in place of the folder counts as a missing index."""
    index.path.write_text("x")
    with pytest.raises(IndexMissing):
        index.current()


def test_a_published_generation_is_current(index: IndexFolder) -> None:
    """CURRENT has the generation's name and the digest of its manifest."""
    staged = stage(index)
    index.publish(staged, before=None)
    assert index.current() == GenerationRef(staged.name, file_digest(staged / "manifest.json"))
    assert index.generation(staged.name) == staged


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"garbage",
        b"\xff\xfe\x00",
        f"../x {DIGEST}\n".encode(),
        f"20240604T112233-00000a/../../x {DIGEST}\n".encode(),
        f"20240604T112233-00000a {DIGEST}".encode(),
        f"20240604T112233-00000a {DIGEST[1:]}\n".encode(),
        f"20240604T112233-00000a {DIGEST}\nmore\n".encode(),
        f"20240604T112233-00000a {DIGEST}\n".encode() * 3,
    ],
)
def test_a_damaged_current_is_never_followed(index: IndexFolder, content: bytes) -> None:
    """Any content except one or two names and digests is damage; no path is built from it."""
    index.publish(stage(index), before=None)
    (index.path / "CURRENT").write_bytes(content)
    with pytest.raises(IndexDamaged, match="expected a generation's name and digest") as caught:
        index.current()
    assert caught.value.path == index.path / "CURRENT"


def test_an_unreadable_current_is_damage(index: IndexFolder) -> None:
    """An error of the operating system becomes an error of ours."""
    (index.path / "CURRENT").mkdir(parents=True)
    with pytest.raises(IndexDamaged, match="expected a readable file"):
        index.current()


def test_names_of_generations_sort_by_time(index: IndexFolder) -> None:
    """Names sort by time even within one second; the order decides what is removed."""
    staged = [index.stage().name for _ in range(20)]
    assert staged == sorted(set(staged))


def test_the_last_two_generations_are_stored(index: IndexFolder) -> None:
    """The previous generation stays for readers that have just opened it."""
    published = []
    for _ in range(4):
        published.append(stage(index))
        publish(index, published[-1])
        assert names(index) == [path.name for path in published[-2:]]


def test_the_generation_before_is_stored_and_named(index: IndexFolder) -> None:
    """CURRENT has its digest too: it answers if the current generation is damaged."""
    first = stage(index)
    publish(index, first)
    before, second = index.current(), stage(index)
    index.publish(second, before=before)
    assert index.published_generations() == [index.current(), before]
    assert (index.current().name, before.name) == (second.name, first.name)


def test_a_damaged_generation_is_removed(index: IndexFolder) -> None:
    """The generation that a rebuild started from stays, not the damaged one."""
    sound = stage(index)
    publish(index, sound)
    before = index.current()
    publish(index, stage(index))
    repaired = stage(index)
    index.publish(repaired, before=before)
    assert names(index) == [sound.name, repaired.name]


def test_unfinished_generations_are_swept(index: IndexFolder) -> None:
    """Leftovers of a killed rebuild are removed; an older complete generation stays."""
    older = stage(index)
    publish(index, older)
    index.stage()
    current = stage(index)
    publish(index, current)
    index.stage()
    index.sweep()
    assert names(index) == [older.name, current.name]


def test_nothing_is_swept_if_current_is_damaged(index: IndexFolder) -> None:
    """If CURRENT is damaged, no generation is removed."""
    published = stage(index)
    publish(index, published)
    remaining = [published.name, stage(index).name]
    (index.path / "CURRENT").write_bytes(b"garbage")
    index.sweep()
    assert names(index) == remaining
    (index.path / "CURRENT").unlink()
    index.sweep()
    assert names(index) == remaining


def test_discard_does_not_remove_the_current_generation(index: IndexFolder) -> None:
    """A failure after the rename does not remove the current generation."""
    current = stage(index)
    publish(index, current)
    index.discard(stage(index))
    index.discard(current)
    assert names(index) == [current.name]


def test_the_lock_names_its_holder(index: IndexFolder) -> None:
    """A second rebuild stops at once, and its error names the process that has the lock."""
    with index.lock(), pytest.raises(IndexLocked) as caught, IndexFolder(index.path).lock():
        pytest.fail("two hold one lock")
    assert f"process {os.getpid()}" in caught.value.holder
    assert str(index.path) in str(caught.value)


def test_the_lock_is_free_after_an_error(index: IndexFolder) -> None:
    """A failed rebuild releases the lock and its note."""
    with pytest.raises(ZeroDivisionError), index.lock():
        raise ZeroDivisionError
    assert [path.name for path in index.path.iterdir()] == ["rebuild.lock"]
    with index.lock():
        pass


def test_the_lock_of_a_killed_process_is_free(index: IndexFolder) -> None:
    """The operating system frees the lock, whatever note the process left behind."""
    command = [sys.executable, "-c", HOLD, str(index.path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(IndexLocked, match=f"process {holder.pid}"), index.lock():
            pytest.fail("two hold one lock")
        holder.kill()
    with index.lock():
        pass


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    """A failure leaves the old bytes and no other file."""
    path = tmp_path / "CURRENT"
    write_atomically(path, b"old")
    with pytest.raises(TypeError):
        write_atomically(path, "no bytes")  # type: ignore[arg-type]
    assert path.read_bytes() == b"old"
    write_atomically(path, b"new")
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("CURRENT", b"new")]


def test_no_file_is_overwritten(tmp_path: Path) -> None:
    """A file of a generation is written once."""
    write_synced(tmp_path / "a", b"1")
    with pytest.raises(FileExistsError):
        write_synced(tmp_path / "a", b"2")


def test_the_digest_of_a_file_by_hand(tmp_path: Path) -> None:
    """SHA-256 of "abc", from FIPS 180-4."""
    (tmp_path / "a").write_bytes(b"abc")
    assert file_digest(tmp_path / "a") == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )
