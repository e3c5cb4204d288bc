"""The workers of a cluster, without a cluster. `test_ray` builds indexes on real ones."""

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
from pullquote.cli.options import with_address
from pullquote.index import IndexFolder, Report
from pullquote.index.encoder import Vectors
from pullquote.index.folder.segments.segment import VECTORS
from pullquote.index.rebuild.batches import Batch, Prepare, Work, prepare_locally
from pullquote.index.rebuild.build import rebuild
from pullquote.parsing.workers import worker_process
from pullquote.parsing.workers.protocol import FrameKind
from pullquote.schema.errors import ClusterUnusable, ModelError, SettingsError
from pullquote.schema.file_limits import LIMITS, Limits
from pullquote.schema.settings import load_settings
from pullquote_ray import joining
from pullquote_ray import pool as head
from pullquote_ray import worker as worker_module
from pullquote_ray.joining import ray_session
from pullquote_ray.pool import HeadMonitor
from pullquote_ray.preparing import BatchPreparer, HandshakeCheck
from pullquote_ray.worker import (
    CHUNK_CHARACTERS,
    PROBES,
    ActorShape,
    JobChunk,
    ParseJob,
    RayWorker,
    WorkerConfig,
    WorkerFailed,
)
from zips import make_zip

HARBOUR = "The harbour opened in 1911. Ida Roe built it."


def fake(_threads: int, _device: str) -> FakeEncoder:
    """The encoder of a worker in these tests."""
    return FakeEncoder()


def worker_of(newsroom: Newsroom, make=fake, limits: Limits = LIMITS) -> RayWorker:
    """A worker that parses a newsroom's corpus."""
    return RayWorker(
        WorkerConfig(
            corpus=newsroom.corpus,
            index_config=newsroom.index_config(),
            limits=limits,
            encoder=make,
            threads=1,
            device="cpu",
        )
    )


def job(*files: str) -> ParseJob:
    """A job for those files."""
    return ParseJob(files, tuple(None for _ in files))


def frames_of(chunk: JobChunk) -> list[tuple[str, FrameKind, list[str]]]:
    """The file, the kind and the passages of each frame of a chunk."""
    return [(one.file, one.frame.kind, [p.text for p in one.passages]) for one in chunk.frames]


def test_a_worker_parses_and_splits_the_files_of_a_job(newsroom: Newsroom) -> None:
    """Files are parsed in order; an invalid one is reported and affects no other."""
    newsroom.write("a.txt", HARBOUR)
    newsroom.write("b.pdf", "no PDF")
    newsroom.write("c.txt", "Gulls nest there.")
    chunk = worker_of(newsroom).parse(job("a.txt", "b.pdf", "c.txt"), 0)
    assert chunk.last
    assert frames_of(chunk) == [
        ("a.txt", FrameKind.ARTICLE, [HARBOUR]),
        ("a.txt", FrameKind.ENDED, []),
        ("b.pdf", FrameKind.FILE_ERROR, []),
        ("b.pdf", FrameKind.ENDED, []),
        ("c.txt", FrameKind.ARTICLE, ["Gulls nest there."]),
        ("c.txt", FrameKind.ENDED, []),
    ]


def test_a_file_that_crashes_its_parser_does_not_end_the_worker(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The files after it are parsed by a new child process."""
    monkeypatch.setattr(worker_process, "_SERVE", "from misbehaving import serve; serve()")
    for name, does in (("a", "die"), ("b", "Gulls nest there."), ("c", "crash"), ("d", "A pier.")):
        newsroom.write(f"{name}.txt", does)
    worker = worker_of(newsroom)
    chunk = worker.parse(job("a.txt", "b.txt", "c.txt", "d.txt"), 0)
    assert [
        (one.file, one.frame.kind) for one in chunk.frames if one.frame.kind is not FrameKind.ENDED
    ] == [
        ("a.txt", FrameKind.FILE_ERROR),
        ("b.txt", FrameKind.ARTICLE),
        ("c.txt", FrameKind.FILE_ERROR),
        ("d.txt", FrameKind.ARTICLE),
    ]
    assert b"its parser crashed" in chunk.frames[0].frame.content


def test_another_worker_continues_a_job(newsroom: Newsroom) -> None:
    """A large job comes in chunks, and each chunk is the same on every worker."""
    most = CHUNK_CHARACTERS // 2 + 1
    for name in ("a", "b", "c"):
        newsroom.write(f"{name}.txt", f"It is {name}. " + "x" * most)
    three = job("a.txt", "b.txt", "c.txt")
    first, second = worker_of(newsroom), worker_of(newsroom)
    chunks = [first.parse(three, 0), first.parse(three, 1)]
    assert [chunk.last for chunk in chunks] == [False, True]
    assert {one.file for one in chunks[0].frames} == {"a.txt", "b.txt"}
    assert second.parse(three, 1) == chunks[1]
    assert first.parse(three, 0) == chunks[0]


def test_a_file_that_shrinks_between_two_workers_is_an_error(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The missing chunk is an error, and not an empty result."""
    monkeypatch.setattr(worker_module, "CHUNK_CHARACTERS", 1_000)
    path = newsroom.write("a.jsonl", '{"body": "Gulls nest there."}\n' * 60)
    assert not worker_of(newsroom).parse(job("a.jsonl"), 3).last
    path.write_text('{"body": "Gulls nest there."}\n', encoding="utf-8")
    for chunk in (3, 4):
        with pytest.raises(WorkerFailed, match=r"a.jsonl, .* changed while it was read"):
            worker_of(newsroom).parse(job("a.jsonl"), chunk)


def test_a_handshake_reports_why_a_worker_cannot_work(newsroom: Newsroom) -> None:
    """A node without the corpus names it; a node that has it sends its vectors."""
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
def test_cpus_limit_the_actors_of_a_node(node: dict[str, float], actors: int) -> None:
    """A node has room for as many actors as its CPUs allow, at two each."""
    assert ActorShape(actors=None, cpus=2, gpus=0).fits(node) == actors


def test_cpus_and_gpus_limit_the_actors_of_a_node() -> None:
    """The scarcer of CPUs and GPUs decides; a GPU can be shared."""
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
def test_ray_without_an_address_runs_on_this_machine(
    typed: list[str], understood: list[str]
) -> None:
    """`--ray` alone starts Ray on this machine."""
    assert with_address(typed) == understood


@pytest.mark.parametrize("address", ["127.0.0.1:1", "ray://127.0.0.1:1"])
def test_an_unreachable_cluster_is_an_error(address: str) -> None:
    """It is raised at once; Ray itself would retry for minutes."""
    pytest.importorskip("ray")
    refused = "nothing answers there: Connection refused"
    with pytest.raises(ClusterUnusable, match=refused) as caught, ray_session(address):
        pass
    assert caught.value.address == address


def test_the_head_counts_as_gone_from_the_first_failed_check(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is checked only while a result is waited for, so the last check may be long ago."""
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
    ("files", "cores"),
    [
        ({"cpu.max": "150000 100000\n"}, 2),
        ({"cpu.max": "max 100000\n"}, 8),
        ({"cpu/cpu.cfs_quota_us": "300000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 3),
        ({"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, 8),
        ({}, 8),
    ],
)
def test_ray_in_a_container_uses_the_cores_of_its_quota(
    monkeypatch: pytest.MonkeyPatch, files: dict[str, str], cores: int
) -> None:
    """The quota is read from the files of cgroups, of either version."""
    groups = "/sys/fs/cgroup/"
    exists, opens = os.path.exists, open

    def opened(path: str, *more: object) -> object:
        name = str(path).removeprefix(groups)
        return io.StringIO(files[name]) if name in files else opens(path, *more)

    def there(path: str) -> bool:
        return path.removeprefix(groups) in files if str(path).startswith(groups) else exists(path)

    joining._cores()
    monkeypatch.delenv("LOKY_MAX_CPU_COUNT", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)))
    monkeypatch.setattr(os.path, "exists", there)
    monkeypatch.setattr("builtins.open", opened)
    assert joining._cores() == cores


@pytest.mark.parametrize("address", ["cluster", "127.0.0.1:no", "ray://", ":6379", "h:99999"])
def test_an_invalid_address_is_refused(address: str) -> None:
    """The error says what an address looks like."""
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
from pullquote.cli.commands import main
sys.argv = ["pullquote", "rebuild-index", "--corpus", sys.argv[1], "--index", sys.argv[2], "--ray"]
main()
"""


def test_without_ray_the_error_has_the_install_command(newsroom: Newsroom) -> None:
    """It is one line, and no index is written."""
    newsroom.write("a.txt", HARBOUR)
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_RAY, str(newsroom.corpus), str(newsroom.index.path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    message = " ".join(done.stderr.split())
    assert "A rebuild on Ray needs packages that are not installed." in message
    assert 'pip install "pullquote[ray]"' in message
    assert not (newsroom.index.path / "CURRENT").exists()


@dataclass(frozen=True)
class DoneTask:
    """The result of a task, and its worker."""

    worker: RayWorker
    result: object


class LocalPool:
    """A pool of workers in this process, which run each task at once.

    The first task with `after` goes to another worker, as if the first one was lost.
    """

    def __init__(self, workers: list[RayWorker]) -> None:
        self._all = workers
        self._given = 0
        self._lost = False
        self.workers = len(workers)

    def submit(self, method: str, *arguments: object, after: DoneTask | None = None) -> DoneTask:
        """Run the task; workers take turns."""
        self._given += 1
        worker = self._all[self._given % self.workers]
        if after is not None:
            worker = after.worker if self._lost else next(d for d in self._all if d != after.worker)
            self._lost = True
        return DoneTask(worker, getattr(worker, method)(*arguments))

    def result(self, task: DoneTask) -> object:
        """The result of a task."""
        return task.result


def spread(newsroom: Newsroom, workers: list[RayWorker]) -> Prepare:
    """Prepare articles with those workers."""

    @contextmanager
    def prepare(work: Work) -> Iterator[Iterator[Batch]]:
        yield BatchPreparer("here", work, LocalPool(workers)).batches()  # type: ignore[arg-type]

    return prepare


def rebuilt(newsroom: Newsroom, index: Path, prepare: Prepare) -> Report:
    """Rebuild an index in that way."""
    return rebuild(
        IndexFolder(index),
        newsroom.corpus,
        newsroom.encoder,
        index_config=newsroom.index_config(),
        prepare=prepare,
    )


@pytest.mark.slow
def test_workers_build_the_same_index_as_this_process(
    newsroom: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The index is equal to the byte, even with shared texts and a file in chunks."""
    monkeypatch.setattr(worker_module, "CHUNK_CHARACTERS", 5_000)
    for number in range(60):
        newsroom.write(f"{number}.md", f"Tide {number % 40}.\n\nA gull.", title=f"T {number % 40}")
    newsroom.write("long.jsonl", "".join(f'{{"body": "Item {n}."}}\n' for n in range(60)))
    newsroom.write("no.pdf", "no PDF")
    here = rebuilt(newsroom, tmp_path / "here", prepare_locally)
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
            articles.append([generation.stored_article(id) for id in generation.articles()])
    assert vectors[0] == vectors[1]
    assert articles[0] == articles[1]


@pytest.mark.parametrize(
    ("there", "reason"),
    [
        (None, "a.txt cannot be opened there .it is no longer there., but it can be here"),
        ("Other words.", r"a.txt has other bytes there .SHA-256 [0-9a-f]{12}….*same path"),
    ],
)
def test_a_node_with_other_files_is_reported(
    newsroom: Newsroom, tmp_path: Path, there: str | None, reason: str
) -> None:
    """A missing or outdated share must not remove articles from the index."""
    newsroom.write("a.txt", HARBOUR)
    elsewhere = Newsroom(tmp_path / "node")
    if there is not None:
        elsewhere.write("a.txt", there)
    with pytest.raises(ClusterUnusable, match=reason):
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
def test_a_node_with_an_unreadable_copy_is_reported(
    newsroom: Newsroom, tmp_path: Path, name: str, there: bytes
) -> None:
    """A copy that is truncated, empty, invalid or too large is reported as different."""
    newsroom.write("0.txt", HARBOUR)
    newsroom.write(name, f'{{"body": "{HARBOUR}"}}\n')
    elsewhere = Newsroom(tmp_path / "node")
    elsewhere.write("0.txt", HARBOUR)
    (elsewhere.corpus / name).write_bytes(there)
    worker = worker_of(elsewhere, limits=Limits(file_bytes=1_000))
    reason = rf"{name} has other bytes there .SHA-256 {sha256(there).hexdigest()[:12]}… than here"
    with pytest.raises(ClusterUnusable, match=reason.replace("…", "….")):
        rebuilt(newsroom, newsroom.index.path, spread(newsroom, [worker]))
    assert not (newsroom.index.path / "CURRENT").exists()


def test_two_swapped_files_of_a_node_are_reported(newsroom: Newsroom, tmp_path: Path) -> None:
    """Each file is compared, even if its neighbour has the same bytes."""
    newsroom.write("a.txt", HARBOUR)
    newsroom.write("b.txt", "Gulls nest there.")
    elsewhere = Newsroom(tmp_path / "node")
    for name in ("a.txt", "b.txt"):
        elsewhere.write(name, HARBOUR)
    with pytest.raises(ClusterUnusable, match=r"b.txt has other bytes there"):
        rebuilt(newsroom, newsroom.index.path, spread(newsroom, [worker_of(elsewhere)]))


def test_a_file_without_articles_fails_alone(newsroom: Newsroom) -> None:
    """Records without known fields and an archive without articles fail, and nothing else does."""
    newsroom.write("a.txt", HARBOUR)
    newsroom.write("b.jsonl", '{"said": 1}\n{"said": 2}\n')
    (newsroom.corpus / "c.zip").write_bytes(make_zip({".b.txt": "hidden"}))
    report = rebuilt(newsroom, newsroom.index.path, spread(newsroom, [worker_of(newsroom)]))
    failed = [failed.path for failed in report.failed]
    assert (report.added, failed) == (1, ["b.jsonl", "c.zip"])


def test_a_file_that_is_removed_meanwhile_fails_alone(newsroom: Newsroom) -> None:
    """The file is missing here too, so the node is not blamed."""
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


def test_a_file_that_is_too_large_fails_alone(newsroom: Newsroom) -> None:
    """A file that is too large fails alone, as without a cluster."""
    newsroom.write("a.txt", HARBOUR)
    newsroom.write("large.txt", HARBOUR * 4)
    limits = Limits(file_bytes=100)
    worker = worker_of(newsroom, limits=limits)
    report = rebuilt(newsroom, newsroom.index.path, spread(newsroom, [worker]))
    assert [failed.path for failed in report.failed] == ["large.txt"]
    assert report.added == 1


def test_an_article_that_takes_too_long_to_split_fails_alone(newsroom: Newsroom) -> None:
    """The limit on an article's time holds on the nodes, too."""
    newsroom.write("a.txt", HARBOUR)
    newsroom.write("slow.txt", "«„“‘\"'a" * 100_000)
    worker = worker_of(newsroom, limits=Limits(seconds=0.5))
    report = rebuilt(newsroom, newsroom.index.path, spread(newsroom, [worker]))
    assert [(failed.path, failed.reason) for failed in report.failed] == [
        ("slow.txt", "it takes more than 0.5 seconds to split into passages (limits.seconds)")
    ]
    assert report.added == 1


def test_a_node_with_another_version_is_refused(newsroom: Newsroom, tmp_path: Path) -> None:
    """The error has both versions, and the node has parsed nothing."""
    newsroom.write("a.txt", HARBOUR)
    handshake = replace(worker_of(newsroom).handshake(PROBES), pullquote="0.0.1")

    @contextmanager
    def prepare(work: Work) -> Iterator[Iterator[Batch]]:
        HandshakeCheck("10.0.0.1:6379", work)(handshake)
        yield iter(())

    reason = f"on its node {handshake.node}: it has pullquote 0.0.1, not {version('pullquote')}"
    with pytest.raises(ClusterUnusable, match=re.escape(reason)):
        rebuilt(newsroom, newsroom.index.path, prepare)


def test_the_settings_name_a_cluster() -> None:
    """A number that no cluster can have is refused."""
    assert load_settings(ray="auto", ray_actors=3, ray_cpus=2).ray_actors == 3
    with pytest.raises(SettingsError, match="ray_cpus"):
        load_settings(ray_cpus=0)


class UnusableEncoder(FakeEncoder):
    """An encoder that always fails."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Fail."""
        raise ModelError("fake", f"it failed on {len(texts)} texts")


def failing(_threads: int, _device: str) -> FakeEncoder:
    """Make an unusable encoder."""
    return UnusableEncoder()


def test_an_error_of_embedding_is_sent_as_text(newsroom: Newsroom) -> None:
    """Errors that cannot be pickled are sent as text."""
    worker = worker_of(newsroom, failing)
    with pytest.raises(WorkerFailed, match="'fake' cannot be used: it failed on 2 texts") as caught:
        worker.embed(["a text", "another"])
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)  # noqa: S301
    assert "it failed on 4 texts" in str(worker.handshake(PROBES).fault)


@pytest.mark.parametrize(("failed", "fails"), [(2, False), (3, True)])
def test_a_failed_client_process_is_retried(
    monkeypatch: pytest.MonkeyPatch, failed: int, fails: bool
) -> None:
    """The head starts a process for each client; it is asked three times."""
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
