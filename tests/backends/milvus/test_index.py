"""An index in a file of milvus-lite: other processes, publishing during questions, and recovery.

Tests for every index are in tests/index/test_conformance.py, tests with a server in test_faults.py.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engines import Engine, NewsroomAnywhere, newsroom_at
from milvus_driver import expected_report, publish, report_of, write
from milvus_servers import need_client
from pullquote.index import read_stats
from pullquote.schema.errors import (
    IndexDamaged,
    IndexLocked,
    IndexMismatch,
    IndexUnreachable,
    PullquoteError,
    SettingsError,
)
from pullquote_milvus import index, lock, manifest, writer
from pullquote_milvus import index as sweep

SWAPS, ASKING = 6, 2

BUILD = """
import sys
from pathlib import Path
from engines import Engine, NewsroomAnywhere, Place
from milvus_driver import publish
folder = Path(sys.argv[1])
publish(NewsroomAnywhere(folder, Place(Engine.LITE, sys.argv[2], {})), 1)
"""


@pytest.fixture
def boats(request: pytest.FixtureRequest) -> Iterator[NewsroomAnywhere]:
    """A newsroom with its index in a file."""
    with newsroom_at(request, Engine.LITE) as made:
        yield made


def test_another_process_may_ask_and_rebuild(boats: NewsroomAnywhere) -> None:
    """One process builds the index, and the next uses it."""
    done = subprocess.run(
        [sys.executable, "-c", BUILD, str(boats.corpus.parent), boats.place.index],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert report_of(boats) == expected_report(1)
    assert read_stats(boats.index).articles == int(expected_report(1).split()[0])
    publish(boats, 2)
    assert report_of(boats) == expected_report(2)


def test_no_answer_mixes_two_generations(boats: NewsroomAnywhere) -> None:
    """Threads ask while generations are published: nothing fails, each answer has one number."""
    publish(boats, 0)
    answers: list[str] = []
    done = threading.Event()
    raised: list[Exception] = []

    def ask() -> None:
        while not done.is_set():
            try:
                answers.append(report_of(boats))
            except Exception as error:  # noqa: BLE001 - the test looks at it
                raised.append(error)

    threads = [threading.Thread(target=ask) for _ in range(ASKING)]
    for thread in threads:
        thread.start()
    for number in range(1, SWAPS + 1):
        publish(boats, number)
    done.set()
    for thread in threads:
        thread.join(timeout=60)
    assert raised == []
    assert set(answers) <= {expected_report(number) for number in range(SWAPS + 1)}
    assert len(set(answers)) > 2
    assert report_of(boats) == expected_report(SWAPS)


@pytest.fixture
def client(boats: NewsroomAnywhere) -> Iterator[Any]:
    """A pymilvus client on the same file."""
    need_client()
    from pymilvus import MilvusClient  # noqa: PLC0415 - not installed everywhere

    with closing(MilvusClient(boats.place.index.partition(":")[2])) as made:
        yield made


def test_released_collections_are_loaded_again(boats: NewsroomAnywhere, client: Any) -> None:
    """After a server restart, both an open and a newly opened generation answer."""
    publish(boats, 0)
    with closing(boats.open()) as generation:
        for name in client.list_collections():
            client.release_collection(name)
        assert generation.article("0.md").text == "The boat 0 has number 0."
    for name in client.list_collections():
        client.release_collection(name)
    assert report_of(boats) == expected_report(0)


def test_a_collection_of_another_program_is_left_alone(
    boats: NewsroomAnywhere, client: Any
) -> None:
    """Such a collection is neither read nor overwritten; the error asks for another name."""
    client.create_collection("pullquote", dimension=4)
    write(boats, 0)
    for act in (boats.open, boats.rebuild):
        with pytest.raises(SettingsError, match="Give the index another name"):
            act()
    assert client.list_collections() == ["pullquote"]


@pytest.mark.parametrize("part", ["passages", "articles", "terms"])
def test_a_missing_collection_is_an_error(boats: NewsroomAnywhere, client: Any, part: str) -> None:
    """The error names the address; the next rebuild builds everything again."""
    publish(boats, 0)
    [name] = [one for one in client.list_collections() if f"_{part}_" in one]
    client.drop_collection(name)
    with pytest.raises(PullquoteError, match=r"milvus\+lite:"):
        report_of(boats)
    boats.rebuild()
    assert report_of(boats) == expected_report(0)


@pytest.mark.parametrize("part", ["passages", "articles"])
def test_missing_rows_are_an_error(boats: NewsroomAnywhere, client: Any, part: str) -> None:
    """Missing rows are an error, for example if another program removed them."""
    publish(boats, 0)
    [name] = [one for one in client.list_collections() if f"_{part}_" in one]
    [row, *_] = client.query(name, filter="born >= 0", output_fields=["key"], limit=1)
    client.delete(name, ids=[row["key"]])
    with pytest.raises(IndexDamaged, match="is damaged"):
        report_of(boats)
    boats.rebuild()
    assert report_of(boats) == expected_report(0)


def test_an_index_of_another_format_is_refused(
    boats: NewsroomAnywhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An index of a later version is refused; a rebuild by this version replaces it."""
    with monkeypatch.context() as patch:
        for module in (manifest, writer):
            patch.setattr(module, "FORMAT", 99)
        publish(boats, 0)
    with pytest.raises(IndexMismatch, match="made with format 99, but"):
        boats.open()
    publish(boats, 1)
    assert report_of(boats) == expected_report(1)


def test_a_generation_of_another_format_stays_until_it_is_replaced(
    boats: NewsroomAnywhere, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old generation stays readable during a rebuild and after its failure."""
    with monkeypatch.context() as patch:
        for module in (manifest, writer):
            patch.setattr(module, "FORMAT", 99)
        publish(boats, 0)
    before = {name: client.query(name, filter="born >= 0") for name in data_of(client)}
    with monkeypatch.context() as patch:
        patch.setattr(writer.MilvusWriter, "finish", raise_error)
        with pytest.raises(MemoryError):
            publish(boats, 1)
    assert {name: client.query(name, filter="born >= 0") for name in data_of(client)} == before
    publish(boats, 1)
    boats.change_settings(milvus_cache_seconds=0)
    publish(boats, 2)
    assert not before.keys() & set(client.list_collections())


def data_of(client: Any) -> list[str]:
    """The collections of articles and their data."""
    return [name for name in client.list_collections() if "_g_" not in name and "_l_" not in name]


def raise_error(*_: object, **__: object) -> None:
    """Fail as if memory was full."""
    raise MemoryError


def test_a_rebuild_that_lost_its_lock_harms_nothing(
    boats: NewsroomAnywhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such a rebuild writes nothing more, and undoes nothing that its successor published."""
    monkeypatch.setattr(lock, "CONFIRMED_SECONDS", 0.0)
    monkeypatch.setattr(lock, "WATCH_SECONDS", 0.1)
    publish(boats, 0)
    begun, going = threading.Event(), threading.Event()
    finish = writer.MilvusWriter.finish

    def late(*given: Any, **named: Any) -> Any:
        if not begun.is_set():
            begun.set()
            assert going.wait(60)
        return finish(*given, **named)

    monkeypatch.setattr(writer.MilvusWriter, "finish", late)
    raised: list[BaseException] = []
    asleep = threading.Thread(target=lambda: raised.append(caught(lambda: publish(boats, 1))))
    asleep.start()
    assert begun.wait(60)
    with monkeypatch.context() as patch:
        patch.setattr(lock, "_seems_dead", lambda _: True)
        heir = NewsroomAnywhere(boats.corpus.parent, boats.place, boats.encoder)
        publish(heir, 2)
    going.set()
    asleep.join(60)
    assert [type(error) for error in raised] == [IndexLocked]
    assert report_of(boats) == expected_report(2)
    publish(boats, 3)
    assert report_of(boats) == expected_report(3)


def test_a_failed_cleanup_is_left_to_the_next_rebuild(
    boats: NewsroomAnywhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rebuild that took over the lock and failed to clean up retains the lock."""
    publish(boats, 0)
    assert isinstance(boats.index, index.MilvusIndex)
    server = boats.index.server
    with (left := lock.RebuildLock(server, "pullquote")).acquired():
        left.retain()
    with monkeypatch.context() as patch:
        patch.setattr(sweep.Sweep, "run", lose_the_server)
        with pytest.raises(IndexUnreachable):
            boats.rebuild()
    heir = lock.RebuildLock(server, "pullquote")
    with heir.acquired():
        assert heir.taken_over
    publish(boats, 1)
    assert report_of(boats) == expected_report(1)


def lose_the_server(*_: object, **__: object) -> None:
    """Fail as if the server was gone."""
    raise IndexUnreachable("here", "it is gone", mend="Start it.")


def caught(act: Callable[[], object]) -> BaseException:
    """The error that an action raises."""
    try:
        act()
    except Exception as error:  # noqa: BLE001 - the test looks at it
        return error
    raise AssertionError("it raised nothing")


def test_the_next_generation_sorts_after_one_of_a_fast_clock(
    boats: NewsroomAnywhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next generation must not count as the older one, and be removed while it is read."""
    ahead = datetime.now(UTC) + timedelta(days=400)
    with monkeypatch.context() as patch:
        patch.setattr(index.MilvusIndex, "_next_name", lambda _: index.generation_name(ahead))
        publish(boats, 0)
    publish(boats, 1)
    assert boats.index.current().name == index.generation_name(ahead + timedelta(microseconds=1))
    publish(boats, 2)
    assert report_of(boats) == expected_report(2)
