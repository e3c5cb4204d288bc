"""Every system call of a rebuild fails once, in every way; faults/ has the tools."""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from pathlib import Path

import pytest

from conftest import Newsroom, scratch
from faults.bench import Bench, Done, Scenario, running
from faults.disk import Call, Change, Disk, Name, read_tree, write_tree
from pullquote.index import IndexFolder
from pullquote.schema.errors import IndexUnwritable

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="LD_PRELOAD is Linux's")

SOME_OR_ALL = pytest.mark.parametrize(
    "stride", [pytest.param(47, id="some"), pytest.param(1, id="all", marks=pytest.mark.slow)]
)
"""The slow suite breaks every call, the quick one every 47th."""

ERRORS = [("ENOSPC", 0), ("EACCES", 0), ("EIO", 0), ("EIO", 1)]
"""An error, and whether every call from then on has it too."""

CHANCE = random.Random(7)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """faults.c, compiled."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("there is no C compiler (cc) to compile tests/faults/faults.c")
    made = tmp_path_factory.mktemp("faults") / "faults.so"
    source = Path(__file__).parent / "faults" / "faults.c"
    subprocess.run([compiler, "-O1", "-shared", "-fPIC", "-o", made, source], check=True)
    return made


@pytest.fixture(scope="module", params=["first", "grown"])
def scenario(request: pytest.FixtureRequest, library: Path) -> Iterator[Scenario]:
    """A first build, and a rebuild that links a large segment, merges a small one and cleans up.

    In the rebuild, one article is added, one changed, one removed and one renamed. An earlier
    edition of another is kept.
    """
    with scratch() as folder, running(library) as process:
        bench = Bench(Path(folder).resolve(), process)
        for n in range(6 if request.param == "first" else 16):
            bench.write(f"old{n}", f"tide {n}")
        if request.param == "grown":
            bench.rebuild()
            bench.write("late0", "boat")
            bench.write("late1", "gull")
            bench.rebuild()
            bench.write("old9", "flood")
            bench.rebuild()
            bench.write("new", "ferry")
            bench.write("old3", "flood")
            (bench.corpus / "old5.md").unlink()
            (bench.corpus / "old7.md").rename(bench.corpus / "kept7.md")
        yield Scenario.of(bench)


def test_the_log_sees_every_call(scenario: Scenario) -> None:
    """Replaying the log gives the files on disk byte for byte, including SQLite's."""
    scenario.restore()
    disk = Disk(scenario.bench.root)
    assert scenario.bench.rebuild().status == 0
    calls = scenario.bench.calls()
    for call in calls:
        disk.replay(call)
    assert disk.left() == read_tree(scenario.bench.root)
    written = {call.path.name for call in calls if call.kind == "write"}
    assert {"articles.db", "embeddings.db", "embeddings.db-journal", "vectors.f32"} <= written
    assert [c.kind for c in calls] == [c.kind for c in scenario.calls]
    if scenario.old:
        assert {"link", "rename", "unlink"} <= {call.kind for call in calls}


@SOME_OR_ALL
def test_a_kill_at_any_step(scenario: Scenario, stride: int) -> None:
    """The old or the new answers, and the next rebuild is complete, also after a power loss."""
    bench = scenario.bench
    for call in [call for call in scenario.calls if call.changes][::stride]:
        scenario.restore()
        disk = Disk(bench.root)
        assert bench.rebuild(kill=call.number).status == -9
        killed = bench.calls()
        assert bench.look() in (scenario.old, scenario.new), call
        scenario.recover()
        for done in killed + bench.calls():
            disk.replay(done)
        write_tree(bench.root, disk.left(nothing))
        assert bench.look() == scenario.new, call


def test_processes_that_read_are_not_counted(library: Path) -> None:
    """With worker processes a rebuild makes the same calls, in the same order, as without."""
    calls = []
    for readers in ("0", "2"):
        with scratch() as folder, running(library, readers=readers) as process:
            bench = Bench(Path(folder).resolve(), process)
            for n in range(3):
                bench.write(f"old{n}", f"tide {n}")
            assert bench.rebuild().status == 0
            calls.append([call.kind for call in bench.calls()])
    assert calls[0] == calls[1]
    assert len(calls[0]) > 100


def test_no_child_imports_anew_what_a_rebuild_needs(scenario: Scenario) -> None:
    """The driver has imported it; in each child it would take longer than the rebuild itself."""
    scenario.restore()
    assert scenario.bench.imports() == ""


def nothing(_change: Change) -> bool:
    """Nothing that was not synced survives."""
    return False


def names(change: Change) -> bool:
    """File names survive without their bytes, as on many file systems."""
    return isinstance(change, Name)


def contents(change: Change) -> bool:
    """Bytes survive without their file names."""
    return not isinstance(change, Name)


@cache
def some(_change: Change) -> bool:
    """Any part of what was not synced survives; a device may write in any order."""
    return CHANCE.random() < 0.5


@SOME_OR_ALL
@pytest.mark.parametrize("survives", [nothing, names, contents, some])
def test_a_power_loss_at_any_step(scenario: Scenario, stride: int, survives) -> None:
    """The old or the new answers, and the next rebuild is complete; a finished one is new."""
    bench = scenario.bench
    scenario.restore()
    disk = Disk(bench.root)
    for number, call in enumerate(scenario.calls, start=1):
        disk.replay(call)
        if number % stride and number < len(scenario.calls):
            continue
        write_tree(bench.root, disk.left(survives))
        answer = scenario.answer()
        assert answer in (scenario.old, scenario.new), call
    assert answer == scenario.new


def essential_calls(calls: list[Call]) -> set[int]:
    """The numbers of the calls that write a generation or CURRENT; SQLite closes after its sync."""
    writing, found = {}, set()
    for call in calls:
        if call.kind == "open":
            writing[call.descriptor] = bool(call.first & (os.O_WRONLY | os.O_RDWR))
        elif call.kind in ("write", "sync", "close") and writing[call.descriptor]:
            part = "generations" in call.path.parts or call.path.name.startswith("CURRENT")
            if part and not (call.kind == "close" and ".db" in call.path.name):
                found.add(call.number)
    return found


def check_message(done: Done) -> None:
    """The error is one line that says what happened and what to do, and is one of pullquote's."""
    assert done.status == 1, done.message
    assert done.message.startswith("error: "), done.message
    assert done.message.count("\n") == 1, done.message
    assert "pullquote rebuild-index" in done.message


@pytest.mark.parametrize(
    ("error", "forever", "stride"),
    [
        *(pytest.param(*error, 47, id=f"{error[0]}-{error[1]}-some") for error in ERRORS),
        pytest.param("ENOSPC", 0, 1, id="ENOSPC-0-all", marks=pytest.mark.slow),
        *(
            pytest.param(*error, 3, id=f"{error[0]}-{error[1]}-third", marks=pytest.mark.slow)
            for error in ERRORS[1:]
        ),
    ],
)
def test_an_error_of_any_call(scenario: Scenario, error: str, forever: int, stride: int) -> None:
    """Each error is reported, and the old generation answers, or the new one if it is current.

    In the slow suite each call fails once for lack of space, and once with one of the others.
    Either one call fails, as on a device that is full for a moment, or every call from then on. An
    error may be ignored only if it does no harm and the generation is complete.
    """
    bench, code = scenario.bench, getattr(errno, error)
    essential = essential_calls(scenario.calls)
    for call in scenario.calls[(code + 7 * forever) % stride :: stride]:
        scenario.restore()
        done = bench.rebuild(fail=call.number, errno=code, forever=forever)
        current = any(made.other.name == "CURRENT" for made in bench.calls())
        if done.status:
            check_message(done)
        else:
            assert current, call
            assert call.number not in essential, call
        assert scenario.answer() == (scenario.new if current else scenario.old), call


@SOME_OR_ALL
def test_a_device_that_keeps_something_else(scenario: Scenario, stride: int) -> None:
    """A bit that flips during writing is noticed before a generation is current, or is harmless."""
    bench = scenario.bench
    for call in [call for call in scenario.calls if call.kind == "write"][::stride]:
        scenario.restore()
        done = bench.rebuild(flip=call.number)
        if done.status:
            check_message(done)
        assert scenario.answer() == (scenario.old if done.status else scenario.new), call


@pytest.fixture(scope="module")
def parts(library: Path) -> Iterator[Scenario]:
    """A first build of six articles with partial generations of one and of three."""
    with scratch() as folder, running(library) as process:
        bench = Bench(Path(folder).resolve(), process)
        bench.first_passages = 3
        for n in range(6):
            bench.write(f"old{n}", f"tide {n}")
        yield Scenario.of(bench)


def searchable(answers: str) -> int:
    """The number of articles in an index that was found after a fault; none is half there."""
    ids = [article["id"] for article in json.loads(answers)[0]] if answers else []
    assert ids == [f"old{n}.md" for n in range(len(ids))]
    return len(ids)


@pytest.mark.slow
def test_a_first_build_that_is_killed_goes_on(parts: Scenario) -> None:
    """One of the partial generations answers, or none yet, and the next rebuild is complete."""
    found = set()
    for call in [call for call in parts.calls if call.changes]:
        parts.restore()
        assert parts.bench.rebuild(kill=call.number).status == -9
        found.add(searchable(parts.bench.look()))
        parts.recover()
    assert found <= {0, 1, 3, 6}
    assert {0, 1, 3} <= found


@pytest.mark.slow
@pytest.mark.parametrize("stride", [pytest.param(47, id="some"), pytest.param(2, id="half")])
@pytest.mark.parametrize(("error", "forever"), [("ENOSPC", 0), ("EIO", 1)])
def test_a_first_build_with_an_error_goes_on(
    parts: Scenario, stride: int, error: str, forever: int
) -> None:
    """The error is reported, what was published answers, and the next rebuild is complete.

    Each call fails once, with one of the two errors; every 47th with both.
    """
    for call in parts.calls[forever::stride]:
        parts.restore()
        done = parts.bench.rebuild(fail=call.number, errno=getattr(errno, error), forever=forever)
        if done.status:
            *_, message = done.message.splitlines(keepends=True)  # after notes on the progress
            check_message(Done(done.status, message))
        assert searchable(parts.bench.look()) in ((0, 1, 3, 6) if done.status else (6,)), call
        parts.recover()


@pytest.fixture
def megabyte(tmp_path: Path) -> Iterator[Path]:
    """A device with one free megabyte."""
    folder = tmp_path / "megabyte"
    folder.mkdir()
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    if mount is None or unmount is None:
        pytest.skip("there is no mount command to mount a tmpfs with")
    command = [mount, "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("a tmpfs cannot be mounted here; it takes root")
    yield folder
    subprocess.run([unmount, folder], check=True)


def test_a_device_that_is_full(megabyte: Path, tmp_path: Path) -> None:
    """Wherever the space ends, the old one answers, and the next rebuild that fits succeeds."""
    newsroom = Newsroom(tmp_path)
    newsroom.index = IndexFolder(megabyte / "index")
    newsroom.write("old.md", "The tide was there.")
    newsroom.rebuild()
    full = 0
    for kilobytes in range(20, 400, 40):
        text = " ".join(f"It was {kilobytes} in line {n}." for n in range(kilobytes * 40))
        large = newsroom.write("large.md", text)
        before, message = newsroom.index.current(), ""
        try:
            newsroom.rebuild(index_config=newsroom.index_config(tokens=400))
        except IndexUnwritable as error:
            message = str(error)
        if message:
            full += 1
            assert newsroom.index.current() == before
            assert "Nothing in the index was lost" in message
        with closing(newsroom.open()) as generation:
            assert generation.article("old.md").text == "The tide was there."
        large.unlink()
        newsroom.index.embeddings.unlink()
        assert newsroom.rebuild(index_config=newsroom.index_config(tokens=400)).articles == 1
    assert full >= 3
