"""Ray: what can be told without a cluster. `test_cluster_ray` builds indexes on real ones."""

from __future__ import annotations

import io
import os
import pickle
import re
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass, replace
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from conftest import FakeEncoder, Newsroom
from pullquote.backends.ray import head, joining
from pullquote.backends.ray import worker as worker_module
from pullquote.backends.ray.head import HeadMonitor
from pullquote.backends.ray.joining import ray_session
from pullquote.backends.ray.preparing import BatchPreparer, HandshakeCheck
from pullquote.backends.ray.shape import ActorShape
from pullquote.backends.ray.worker import (
    CHUNK_CHARACTERS,
    PROBES,
    JobChunk,
    ParseJob,
    RayWorker,
    WorkerConfig,
    WorkerFailed,
)
from pullquote.cli.options import with_address
from pullquote.encoder import Vectors
from pullquote.errors import ClusterUnusable, ModelError, SettingsError
from pullquote.index import IndexFolder, Report
from pullquote.index.folder.segments.segment import VECTORS
from pullquote.index.rebuild.batches import Batch, Prepare, Work, prepare_here
from pullquote.index.rebuild.build import rebuild
from pullquote.limits import LIMITS, Limits
from pullquote.parsing.workers import worker_process
from pullquote.parsing.workers.protocol import Kind
from pullquote.settings import load_settings
from zips import make_zip

HARBOUR = "The harbour opened in 1911. Ida Roe built it."


def fake(_threads: int, _device: str) -> FakeEncoder:
    """The encoder of a desk in these tests."""
    return FakeEncoder()


def worker_of(newsroom: Newsroom, make=fake, limits: Limits = LIMITS) -> RayWorker:
    """A desk that reads a newsroom's corpus."""
    return RayWorker(
        WorkerConfig(
            corpus=newsroom.corpus,
            recipe=newsroom.recipe(),
            limits=limits,
            encoder=make,
            threads=1,
            device="cpu",
        )
    )


def job(*files: str) -> ParseJob:
    """An order for those files."""
    return ParseJob(files, tuple(None for _ in files))


def said(chunk: JobChunk) -> list[tuple[str, Kind, list[str]]]:
    """What a part says: of each file the kind of frame and the passages."""
    return [(one.file, one.frame.kind, [p.text for p in one.passages]) for one in chunk.frames]


def test_a_desk_reads_and_splits_the_files_of_an_order(newsroom: Newsroom) -> None:
    """In order, each to its end, and one that is none is named and costs no other."""
    newsroom.write("a.txt", HARBOUR)
    newsroom.write("b.pdf", "no PDF")
    newsroom.write("c.txt", "Gulls nest there.")
    chunk = worker_of(newsroom).parse(job("a.txt", "b.pdf", "c.txt"), 0)
    assert chunk.last
    assert said(chunk) == [
        ("a.txt", Kind.ARTICLE, [HARBOUR]),
        ("a.txt", Kind.ENDED, []),
        ("b.pdf", Kind.REFUSED, []),
        ("b.pdf", Kind.ENDED, []),
        ("c.txt", Kind.ARTICLE, ["Gulls nest there."]),
        ("c.txt", Kind.ENDED, []),
    ]


def test_a_file_that_kills_its_reader_costs_a_desk_nothing(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor the files behind it: a desk reads by a process apart, and begins another."""
    monkeypatch.setattr(worker_process, "_SERVE", "from misbehaving import serve; serve()")
    for name, does in (("a", "die"), ("b", "Gulls nest there."), ("c", "crash"), ("d", "A pier.")):
        newsroom.write(f"{name}.txt", does)
    worker = worker_of(newsroom)
    chunk = worker.parse(job("a.txt", "b.txt", "c.txt", "d.txt"), 0)
    assert [
        (one.file, one.frame.kind) for one in chunk.frames if one.frame.kind is not Kind.ENDED
    ] == [
        ("a.txt", Kind.REFUSED),
        ("b.txt", Kind.ARTICLE),
        ("c.txt", Kind.REFUSED),
        ("d.txt", Kind.ARTICLE),
    ]
    assert b"its reader crashed over it" in chunk.frames[0].frame.content


def test_what_one_desk_began_another_goes_on_with(newsroom: Newsroom) -> None:
    """A large file comes in parts, and each part is the same wherever it is asked for."""
    most = CHUNK_CHARACTERS // 2 + 1
    for name in ("a", "b", "c"):
        newsroom.write(f"{name}.txt", f"It is {name}. " + "x" * most)
    three = job("a.txt", "b.txt", "c.txt")
    first, second = worker_of(newsroom), worker_of(newsroom)
    chunks = [first.parse(three, 0), first.read(three, 1)]
    assert [chunk.last for chunk in chunks] == [False, True]
    assert {one.file for one in chunks[0].frames} == {"a.txt", "b.txt"}
    assert second.parse(three, 1) == chunks[1]
    assert first.parse(three, 0) == chunks[0]


def test_a_file_that_shrinks_between_two_desks_is_told_of(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The part that is due is no longer there; that is said, and not that something was empty."""
    monkeypatch.setattr(worker_module, "CHUNK_CHARACTERS", 1_000)
    path = newsroom.write("a.jsonl", '{"body": "Gulls nest there."}\n' * 60)
    assert not worker_of(newsroom).parse(job("a.jsonl"), 3).last
    path.write_text('{"body": "Gulls nest there."}\n', encoding="utf-8")
    for chunk in (3, 4):
        with pytest.raises(WorkerFailed, match=r"a.jsonl, .* changed while it was read"):
            worker_of(newsroom).parse(job("a.jsonl"), chunk)


def test_a_desk_tells_what_stands_in_its_way(newsroom: Newsroom) -> None:
    """A node without the corpus says so by name, and one that has it sends its vectors."""
    handshake = worker_of(newsroom).handshake(PROBES)
    assert handshake.fault is None
    assert handshake.encoder == newsroom.encoder.identity
    assert handshake.vectors is not None
    np.testing.assert_array_equal(handshake.vectors, newsroom.encoder.encode(PROBES))
    newsroom.corpus.rmdir()
    assert str(newsroom.corpus) in str(worker_of(newsroom).handshake(PROBES).fault)


@pytest.mark.parametrize(
    ("node", "actors"),
    [
        ({"CPU": 8.0}, 4),
        ({"CPU": 1.0}, 0),
        ({"CPU": 8.0, "GPU": 1.0}, 4),
        ({"memory": 1e9}, 0),
    ],
)
def test_how_many_actors_a_node_has_room_for(node: dict[str, float], actors: int) -> None:
    """As many as its CPUs allow, two for each."""
    assert ActorShape(actors=None, cpus=2, gpus=0).fits(node) == actors


def test_how_many_actors_a_node_has_gpus_for() -> None:
    """The scarcer of both decides; a GPU can be shared."""
    node = {"CPU": 8.0, "GPU": 2.0}
    assert ActorShape(actors=None, cpus=2, gpus=1).fits(node) == 2
    assert ActorShape(actors=None, cpus=2, gpus=0.5).fits(node) == 4
    assert ActorShape(actors=None, cpus=2, gpus=0.1).fits(node) == 4
    assert ActorShape(actors=None, cpus=1, gpus=0.2).fits({"CPU": 8.0, "GPU": 1.0}) == 5
    assert ActorShape(actors=None, cpus=1, gpus=0.1).fits({"CPU": 16.0, "GPU": 1.0}) == 10
    assert ActorShape(actors=None, cpus=1, gpus=0.6).fits({"CPU": 8.0, "GPU": 2.0}) == 2
    assert ActorShape(actors=None, cpus=2, gpus=0.5).needs == "2 CPUs and 0.5 GPU"


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        (["--ray"], ["--ray=local"]),
        (["--ray", "--force"], ["--ray=local", "--force"]),
        (["--force", "--ray"], ["--force", "--ray=local"]),
        (["--ray", "auto"], ["--ray", "auto"]),
        (["--ray=10.0.0.1:6379"], ["--ray=10.0.0.1:6379"]),
        ([], []),
    ],
)
def test_ray_without_an_address_is_here(typed: list[str], understood: list[str]) -> None:
    """`--ray` alone starts one on this machine."""
    assert with_address(typed) == understood


@pytest.mark.parametrize("address", ["127.0.0.1:1", "ray://127.0.0.1:1"])
def test_a_cluster_that_nothing_is_heard_of_is_named(address: str) -> None:
    """At once: Ray itself would try for minutes."""
    pytest.importorskip("ray")
    refused = "nothing answers there: Connection refused"
    with pytest.raises(ClusterUnusable, match=refused) as told, ray_session(address):
        pass
    assert told.value.address == address


def test_a_head_is_gone_for_as_long_as_it_was_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is looked for only while something is waited for, and may then long not have been seen."""
    now = [1000.0]
    monkeypatch.setattr(head, "time", SimpleNamespace(monotonic=lambda: now[0]))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        place = f"127.0.0.1:{listening.getsockname()[1]}"
        looking = HeadMonitor(place, place)
        now[0] += 6
        looking.check()
    now[0] += 100
    looking.check()
    now[0] += 19
    looking.check()
    now[0] += 6
    with pytest.raises(ClusterUnusable, match="has been gone for 20 seconds"):
        looking.check()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has such containers")
@pytest.mark.parametrize(
    ("told", "cores"),
    [
        ({"cpu.max": "150000 100000\n"}, 2),
        ({"cpu.max": "max 100000\n"}, 8),
        ({"cpu/cpu.cfs_quota_us": "300000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 3),
        ({"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, 8),
        ({}, 8),
    ],
)
def test_ray_in_a_container_takes_what_that_was_given(
    monkeypatch: pytest.MonkeyPatch, told: dict[str, str], cores: int
) -> None:
    """Its share of the processors stands in files of the system, of either version."""
    groups = "/sys/fs/cgroup/"
    exists, opens = os.path.exists, open

    def opened(path: str, *more: object) -> object:
        name = str(path).removeprefix(groups)
        return io.StringIO(told[name]) if name in told else opens(path, *more)

    def there(path: str) -> bool:
        return path.removeprefix(groups) in told if str(path).startswith(groups) else exists(path)

    joining._cores()
    monkeypatch.delenv("LOKY_MAX_CPU_COUNT", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)))
    monkeypatch.setattr(os.path, "exists", there)
    monkeypatch.setattr("builtins.open", opened)
    assert joining._cores() == cores


@pytest.mark.parametrize("address", ["cluster", "127.0.0.1:no", "ray://", ":6379", "h:99999"])
def test_what_is_no_address_is_refused(address: str) -> None:
    """With what one looks like."""
    pytest.importorskip("ray")
    likely = "write local, auto, HOST:PORT or ray://HOST:PORT"
    with pytest.raises(SettingsError, match=likely), ray_session(address):
        pass


WITHOUT_RAY = """
import sys
from importlib.machinery import PathFinder
class Hidden(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name.partition(".")[0] == "ray" else super().find_spec(name, path, target)
sys.meta_path[:] = [f for f in sys.meta_path if f is not PathFinder] + [Hidden]
from pullquote.cli import main
sys.argv = ["pullquote", "rebuild-index", "--corpus", sys.argv[1], "--index", sys.argv[2], "--ray"]
main()
"""


def test_without_ray_it_is_said_how_to_get_it(newsroom: Newsroom) -> None:
    """In a line, and nothing was made."""
    newsroom.write("a.txt", HARBOUR)
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_RAY, str(newsroom.corpus), str(newsroom.index.path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    said = " ".join(done.stderr.split())
    assert "A rebuild on Ray needs packages that are not installed." in said
    assert 'pip install "pullquote[ray]"' in said
    assert not (newsroom.index.path / "CURRENT").exists()


@dataclass(frozen=True)
class Done:
    """What came of a task, and where."""

    worker: RayWorker
    result: object


class Here:
    """Desks in this process, in the place of a cluster's: each does at once what it is to do.

    The first task that follows another is given to another desk, as where one was lost.
    """

    def __init__(self, workers: list[RayWorker]) -> None:
        self._all = workers
        self._given = 0
        self._lost = False
        self.workers = len(workers)

    def submit(self, method: str, *arguments: object, after: Done | None = None) -> Done:
        """What comes of it; desks take turns."""
        self._given += 1
        worker = self._all[self._given % self.workers]
        if after is not None:
            worker = after.worker if self._lost else next(d for d in self._all if d != after.worker)
            self._lost = True
        return Done(worker, getattr(worker, method)(*arguments))

    def result(self, task: Done) -> object:
        """What came of it."""
        return task.result


def spread(newsroom: Newsroom, workers: list[RayWorker]) -> Prepare:
    """Preparing at desks."""

    @contextmanager
    def prepare(work: Work) -> Iterator[Iterator[Batch]]:
        yield BatchPreparer("here", work, Here(workers)).batches()  # type: ignore[arg-type]

    return prepare


def rebuilt(newsroom: Newsroom, index: Path, prepare: Prepare) -> Report:
    """What rebuilding an index so did."""
    return rebuild(
        IndexFolder(index),
        newsroom.corpus,
        newsroom.encoder,
        recipe=newsroom.recipe(),
        prepare=prepare,
    )


def test_desks_give_the_index_that_we_would(
    newsroom: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the byte, with texts that several articles have and one that is read in parts."""
    monkeypatch.setattr(worker_module, "CHUNK_CHARACTERS", 5_000)
    for number in range(60):
        newsroom.write(f"{number}.md", f"Tide {number % 40}.\n\nA gull.", title=f"T {number % 40}")
    newsroom.write("long.jsonl", "".join(f'{{"body": "Item {n}."}}\n' for n in range(60)))
    newsroom.write("no.pdf", "no PDF")
    here = rebuilt(newsroom, tmp_path / "here", prepare_here)
    before = len(newsroom.encoder.encoded)
    workers = [worker_of(newsroom) for _ in range(2)]
    there = rebuilt(newsroom, tmp_path / "there", spread(newsroom, workers))
    assert newsroom.encoder.encoded[before:] == []
    assert here.model_dump(exclude={"generation", "seconds"}) == there.model_dump(
        exclude={"generation", "seconds"}
    )
    assert (here.added, here.embedded, len(here.failed)) == (120, 100, 1)
    vectors, articles = [], []
    for name in ("here", "there"):
        with closing(IndexFolder(tmp_path / name).open()) as generation:
            [segment] = generation.segments
            vectors.append((segment.folder / VECTORS).read_bytes())
            articles.append([generation.held(id) for id in generation.articles()])
    assert vectors[0] == vectors[1]
    assert articles[0] == articles[1]


@pytest.mark.parametrize(
    ("there", "told"),
    [
        (None, "a.txt cannot be opened there .it is no longer there. and not here"),
        ("Other words.", r"a.txt has other bytes there .SHA-256 [0-9a-f]{12}….*same path"),
    ],
)
def test_a_node_with_other_files_is_named(
    newsroom: Newsroom, tmp_path: Path, there: str | None, told: str
) -> None:
    """A share that is not there, or is behind, must not take articles out of the index."""
    newsroom.write("a.txt", HARBOUR)
    elsewhere = Newsroom(tmp_path / "node")
    if there is not None:
        elsewhere.write("a.txt", there)
    with pytest.raises(ClusterUnusable, match=told):
        rebuilt(newsroom, newsroom.index.path, spread(newsroom, [worker_of(elsewhere)]))
    assert not (newsroom.index.path / "CURRENT").exists()


@pytest.mark.parametrize(
    ("name", "there"),
    [
        pytest.param("a.pdf", b"", id="empty"),
        pytest.param("a.json", b'{"body": "It was cut o', id="cut"),
        pytest.param("a.jsonl", b'{"said": 1}\n{"said": 2}\n', id="no record of it"),
        pytest.param("a.zip", make_zip({}), id="empty archive"),
        pytest.param("a.zip", make_zip({"b.json": "no JSON"}), id="no file in it"),
        pytest.param("a.zip", make_zip({"b.jpg": "no text"}), id="none of a known kind"),
        pytest.param("a.zip", make_zip({".b.txt": "hidden"}), id="all hidden"),
        pytest.param("a.txt", b"x" * 2_000, id="too large"),
    ],
)
def test_a_node_whose_copy_cannot_be_read_is_named(
    newsroom: Newsroom, tmp_path: Path, name: str, there: bytes
) -> None:
    """Cut off, empty, of records that are none, or too large: it is not what we have."""
    newsroom.write("0.txt", HARBOUR)
    newsroom.write(name, f'{{"body": "{HARBOUR}"}}\n')
    elsewhere = Newsroom(tmp_path / "node")
    elsewhere.write("0.txt", HARBOUR)
    (elsewhere.corpus / name).write_bytes(there)
    worker = worker_of(elsewhere, limits=Limits(file_bytes=1_000))
    told = rf"{name} has other bytes there .SHA-256 {sha256(there).hexdigest()[:12]}… and not here"
    with pytest.raises(ClusterUnusable, match=told.replace("…", "….")):
        rebuilt(newsroom, newsroom.index.path, spread(newsroom, [worker]))
    assert not (newsroom.index.path / "CURRENT").exists()


def test_two_files_of_a_node_that_took_the_place_of_each_other_are_told(
    newsroom: Newsroom, tmp_path: Path
) -> None:
    """Each file is compared, also where its neighbour had the same bytes."""
    newsroom.write("a.txt", HARBOUR)
    newsroom.write("b.txt", "Gulls nest there.")
    elsewhere = Newsroom(tmp_path / "node")
    for name in ("a.txt", "b.txt"):
        elsewhere.write(name, HARBOUR)
    with pytest.raises(ClusterUnusable, match=r"b.txt has other bytes there"):
        rebuilt(newsroom, newsroom.index.path, spread(newsroom, [worker_of(elsewhere)]))


def test_a_file_that_holds_nothing_is_the_same_there(newsroom: Newsroom) -> None:
    """Records of no known field and an archive without articles cost themselves, as always."""
    newsroom.write("a.txt", HARBOUR)
    newsroom.write("b.jsonl", '{"said": 1}\n{"said": 2}\n')
    (newsroom.corpus / "c.zip").write_bytes(make_zip({".b.txt": "hidden"}))
    report = rebuilt(newsroom, newsroom.index.path, spread(newsroom, [worker_of(newsroom)]))
    failed = [failed.path for failed in report.failed]
    assert (report.added, failed) == (1, ["b.jsonl", "c.zip"])


def test_a_file_that_goes_meanwhile_costs_itself(newsroom: Newsroom) -> None:
    """Here it is not there either, so that the node is not to blame."""
    newsroom.write("a.txt", HARBOUR)
    gone = newsroom.write("b.txt", "Gulls nest there.")
    worker = worker_of(newsroom)

    @contextmanager
    def prepare(work: Work) -> Iterator[Iterator[Batch]]:
        gone.unlink()
        with spread(newsroom, [worker])(work) as batches:
            yield batches

    report = rebuilt(newsroom, newsroom.index.path, prepare)
    assert [(failed.path, failed.reason) for failed in report.failed] == [
        ("b.txt", "it is no longer there")
    ]
    assert report.added == 1


def test_a_file_that_is_too_large_costs_itself(newsroom: Newsroom) -> None:
    """As without a cluster: the node has the same file, and reads no more of it than we would."""
    newsroom.write("a.txt", HARBOUR)
    newsroom.write("large.txt", HARBOUR * 4)
    limits = Limits(file_bytes=100)
    worker = worker_of(newsroom, limits=limits)
    report = rebuilt(newsroom, newsroom.index.path, spread(newsroom, [worker]))
    assert [failed.path for failed in report.failed] == ["large.txt"]
    assert report.added == 1


def test_a_node_with_another_version_is_refused(newsroom: Newsroom, tmp_path: Path) -> None:
    """By both versions, before it has read anything."""
    newsroom.write("a.txt", HARBOUR)
    handshake = replace(worker_of(newsroom).handshake(PROBES), pullquote="0.0.1")

    @contextmanager
    def prepare(work: Work) -> Iterator[Iterator[Batch]]:
        HandshakeCheck("10.0.0.1:6379", work)(handshake)
        yield iter(())

    told = (
        f"on its node {handshake.node}: it has pullquote 0.0.1, and we have {version('pullquote')}"
    )
    with pytest.raises(ClusterUnusable, match=re.escape(told)):
        rebuilt(newsroom, newsroom.index.path, prepare)


def test_the_settings_name_a_cluster() -> None:
    """And refuse what no cluster has."""
    assert load_settings(ray="auto", ray_actors=3, ray_cpus=2).ray_actors == 3
    with pytest.raises(SettingsError, match="ray_cpus"):
        load_settings(ray_cpus=0)


class Broken(FakeEncoder):
    """An encoder that does not get far."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Nothing."""
        raise ModelError("fake", f"it failed on {len(texts)} texts")


def broken(_threads: int, _device: str) -> FakeEncoder:
    """Gives one."""
    return Broken()


def test_what_a_desk_cannot_embed_it_tells_in_words(newsroom: Newsroom) -> None:
    """Errors of ours that do not survive being sent are told in their words."""
    worker = worker_of(newsroom, broken)
    with pytest.raises(WorkerFailed, match="'fake' cannot be used: it failed on 2 texts") as told:
        worker.embed(["a text", "another"])
    assert str(pickle.loads(pickle.dumps(told.value))) == str(told.value)  # noqa: S301
    assert "it failed on 4 texts" in str(worker.handshake(PROBES).fault)


@pytest.mark.parametrize(("failed", "fails"), [(2, False), (3, True)])
def test_a_client_whose_process_ended_as_it_began_is_given_another(
    monkeypatch: pytest.MonkeyPatch, failed: int, fails: bool
) -> None:
    """By the head, which starts one for each; it is asked three times."""
    ray = pytest.importorskip("ray")
    left = list(range(failed))

    def init(**_: object) -> None:
        if left:
            left.pop()
            raise ConnectionAbortedError("Starting Ray client server failed")

    monkeypatch.setattr(ray, "init", init)
    refused = pytest.raises(ClusterUnusable, match="client server failed")
    with refused if fails else nullcontext():
        joining._start("ray://127.0.0.1:1")
    assert left == []
