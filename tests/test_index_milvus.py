"""An index in a file of milvus-lite: other processes, swaps under questions, and what comes back.

What holds for every index is in test_index_conformance; what takes a server is in
test_milvus_faults.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from engines import Engine, NewsroomAnywhere, newsroom_at
from milvus_driver import publish, tell_of, told_by
from pullquote.index import read_stats

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
    """A newsroom whose index is to stand in a file."""
    with newsroom_at(request, Engine.LITE) as made:
        yield made


def test_another_process_may_ask_and_rebuild(boats: NewsroomAnywhere) -> None:
    """What one has built is there for the next, as command follows command."""
    done = subprocess.run(
        [sys.executable, "-c", BUILD, str(boats.corpus.parent), boats.place.index],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert tell_of(boats) == told_by(1)
    assert read_stats(boats.index).articles == int(told_by(1).split()[0])
    publish(boats, 2)
    assert tell_of(boats) == told_by(2)


def test_no_answer_mixes_two_generations(boats: NewsroomAnywhere) -> None:
    """While some follow each other, threads ask: nothing fails, and all tell one number."""
    publish(boats, 0)
    told: list[str] = []
    done = threading.Event()
    raised: list[Exception] = []

    def ask() -> None:
        while not done.is_set():
            try:
                told.append(tell_of(boats))
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
    assert set(told) <= {told_by(number) for number in range(SWAPS + 1)}
    assert len(set(told)) > 2
    assert tell_of(boats) == told_by(SWAPS)


def test_what_the_server_let_go_of_is_loaded_again(boats: NewsroomAnywhere) -> None:
    """As a server that was started anew has: an open generation answers, and so does a new one."""
    from pymilvus import MilvusClient  # noqa: PLC0415 - not installed everywhere

    publish(boats, 0)
    with (
        closing(boats.open()) as held,
        closing(MilvusClient(boats.place.index.partition(":")[2])) as client,
    ):
        for name in client.list_collections():
            client.release_collection(name)
        assert held.article("0.md").text == "The boat 0 has number 0."
        for name in client.list_collections():
            client.release_collection(name)
        assert tell_of(boats) == told_by(0)
