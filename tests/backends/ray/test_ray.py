"""Rebuilds on real Ray clusters of one or two nodes, also when one is lost."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial
from http.server import HTTPServer, SimpleHTTPRequestHandler
from pathlib import Path

import numpy as np
import pytest

from conftest import FakeEncoder, Newsroom, scratch
from pullquote.index import IndexFolder, Report
from pullquote.index.encoder import Vectors
from pullquote.index.folder.segments.segment import VECTORS
from pullquote.index.rebuild.build import rebuild
from pullquote.index.rebuild.consent import Consent
from pullquote.parsing.workers.parse_files import FileParser
from pullquote.schema import Filters
from pullquote.schema.errors import ClusterUnusable, IndexMissing
from pullquote_ray import joining
from pullquote_ray import pool as head
from pullquote_ray.backend import encoder_on_node
from pullquote_ray.preparing import RayCluster
from pullquote_ray.worker import ActorShape

pytest.importorskip("ray")
pool = pytest.importorskip("pullquote_ray.pool")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="two nodes on one machine"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

ALL = Filters(comments=True)


class SlowEncoder(FakeEncoder):
    """A slow encoder, so that something can happen meanwhile."""

    def encode(self, texts: list[str]) -> Vectors:
        """Vectors, a hundredth of a second each."""
        time.sleep(0.01 * len(texts))
        return super().encode(texts)


def fake(_threads: int, _device: str) -> FakeEncoder:
    return FakeEncoder()


def slow(_threads: int, _device: str) -> FakeEncoder:
    return SlowEncoder()


class SluggishEncoder(FakeEncoder):
    """An even slower encoder, for the rest of a corpus."""

    def encode(self, texts: list[str]) -> Vectors:
        """Vectors, a twentieth of a second each."""
        time.sleep(0.05 * len(texts))
        return super().encode(texts)


def sluggish(_threads: int, _device: str) -> FakeEncoder:
    return SluggishEncoder()


def another(_threads: int, _device: str) -> FakeEncoder:
    return FakeEncoder("another")


class InexactEncoder(FakeEncoder):
    """An encoder whose vectors are slightly off, as with another arithmetic."""

    def encode(self, texts: list[str]) -> Vectors:
        """Slightly wrong vectors."""
        return np.roll(super().encode(texts), 1, axis=1)


def inexact(_threads: int, _device: str) -> FakeEncoder:
    return InexactEncoder()


@contextmanager
def cluster_of(*cpus: int, **head: int) -> Iterator[object]:
    """A cluster with a node for each number of CPUs, and further options of its head."""
    from ray.cluster_utils import Cluster as Nodes  # noqa: PLC0415

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        nodes = Nodes(
            initialize_head=True,
            head_node_args={"num_cpus": cpus[0], "include_dashboard": False, **head},
        )
        try:
            nodes.others = [nodes.add_node(num_cpus=number) for number in cpus[1:]]
            yield nodes
        finally:
            nodes.shutdown()


def listens(port: int) -> bool:
    """Whether anything listens on that port of this machine."""
    with socket.socket() as knocking:
        return knocking.connect_ex(("127.0.0.1", port)) == 0


def spread(
    newsroom: Newsroom,
    address: str,
    *,
    index: Path,
    actors: int | None = None,
    make=fake,
    **options: object,
) -> Report:
    """Rebuild an index of the newsroom's corpus on a cluster."""
    shape = ActorShape(actors=actors, cpus=1, gpus=0)
    return rebuild(
        IndexFolder(index),
        newsroom.corpus,
        newsroom.encoder,
        index_config=newsroom.index_config(),
        reading=FileParser(processes=1),
        prepare=RayCluster(address=address, shape=shape, encoder=make).prepare,
        **options,
    )


def contents(index: Path) -> dict[str, object]:
    """The content of an index: articles, passages, vectors, postings, failures."""
    with closing(IndexFolder(index).open()) as generation:
        passage_ids = sorted(generation.passage_ids())
        asked = generation.matching(["harbour", "tide"], k=50, filters=ALL)
        return {
            "versions": generation.article_versions(),
            "passages": [generation.passage(number) for number in passage_ids],
            "bm25": asked,
            "failed": generation.manifest.failed,
            "vectors": [(one.folder / VECTORS).read_bytes() for one in generation.segments],
        }


def is_complete(index: Path) -> bool:
    """Whether an index has all articles; a first build may have published some of them."""
    try:
        generation = IndexFolder(index).open()
    except IndexMissing:
        return False
    with closing(generation):
        return generation.manifest.progress is None


@pytest.fixture(scope="module", autouse=True)
def on_every_node() -> Iterator[None]:
    """Let the nodes import these modules too, by their environment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, sys.path)))
        yield


@pytest.fixture(scope="module")
def built() -> Iterator[Path]:
    """Three hundred articles, some alike, a file of many, some invalid files, and their index."""
    with scratch() as folder:
        newsroom = Newsroom(Path(folder))
        for number in range(300):
            newsroom.write(
                f"{number % 7}/{number}.md",
                f"The harbour has tide {number}. Ida Roe saw it on day {number % 50}.\n\n"
                + "\n\n".join(f"Paragraph {n} of {number % 90}, by the quay." for n in range(4)),
                title=f"Tide {number % 90}",
            )
        lines = "".join(
            f'{{"title": "Item {n}", "body": "The tide of item {n} came."}}\n' for n in range(200)
        )
        (newsroom.corpus / "dump.jsonl").write_text(lines + "{broken\n")
        (newsroom.corpus / "no.pdf").write_bytes(b"%PDF-1.7 none")
        newsroom.rebuild()
        yield Path(folder)


@pytest.fixture
def corpus(built: Path) -> Iterator[Newsroom]:
    """A copy of these, for one test."""
    with scratch() as folder:
        shutil.copytree(built, folder, dirs_exist_ok=True)
        yield Newsroom(Path(folder))


@pytest.fixture(scope="module")
def two_nodes() -> Iterator[str]:
    """The address of a cluster of two nodes, with two CPUs each."""
    with cluster_of(2, 2) as nodes:
        yield nodes.address


@pytest.mark.parametrize("actors", [1, 3])
def test_any_number_of_actors_builds_the_same_index(
    corpus: Newsroom, two_nodes: str, tmp_path: Path, actors
) -> None:
    """The index is equal to the byte for any number of actors; nothing is embedded twice."""
    report = spread(corpus, two_nodes, index=tmp_path / "index", actors=actors)
    assert contents(tmp_path / "index") == contents(corpus.index.path)
    local = rebuild(
        IndexFolder(tmp_path / "local"),
        corpus.corpus,
        FakeEncoder(),
        index_config=corpus.index_config(),
    )
    same = {"added", "failed", "passages", "embedded", "reused", "skipped", "copy_groups"}
    assert report.model_dump(include=same) == local.model_dump(include=same)
    assert report.reused > 0


def test_known_texts_are_not_embedded_again(
    corpus: Newsroom, two_nodes: str, tmp_path: Path
) -> None:
    """A rebuild embeds what changed; `force` takes all vectors from the cache."""
    index = tmp_path / "index"
    spread(corpus, two_nodes, index=index)
    corpus.write("0/0.md", "The harbour is closed.", title="Tide 0")
    report = spread(corpus, two_nodes, index=index)
    assert (report.changed, report.added, report.embedded) == (1, 0, 1)
    report = spread(corpus, two_nodes, index=index, force=True)
    assert (report.embedded, report.reused) == (0, report.passages)


def test_a_lost_node_costs_nothing_but_time(
    corpus: Newsroom, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """If one of two nodes is killed, the other does its work, and the index is the same.

    Ray writes nothing about it to the terminal.
    """
    with cluster_of(1, 1) as nodes:
        killed = threading.Event()

        def kill(done: int, total: int | None) -> None:
            if total is not None and done > 60 and not killed.is_set():
                killed.set()
                nodes.remove_node(nodes.others[0], allow_graceful=False)

        spread(corpus, nodes.address, index=tmp_path / "index", make=slow, actors=2, progress=kill)
        assert killed.is_set()
    assert "(raylet)" not in "".join(capfd.readouterr())
    assert contents(tmp_path / "index") == contents(corpus.index.path)


def test_the_loss_of_every_worker_is_an_error(
    corpus: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error comes after a wait for a restarted worker; no index is written."""
    monkeypatch.setattr(pool, "RETURN_SECONDS", 5.0)
    with cluster_of(0, 1) as nodes:

        def kill(done: int, total: int | None) -> None:
            if total is not None and done > 60 and nodes.others:
                nodes.remove_node(nodes.others.pop(), allow_graceful=False)

        with pytest.raises(ClusterUnusable, match="all actors were lost"):
            spread(corpus, nodes.address, index=tmp_path / "index", make=slow, progress=kill)
    assert not (tmp_path / "index" / "CURRENT").exists()
    report = rebuild(
        IndexFolder(tmp_path / "index"),
        corpus.corpus,
        FakeEncoder(),
        index_config=corpus.index_config(),
    )
    assert report.embedded < 0.9 * report.passages  # finished vectors were cached


def test_the_loss_of_the_head_does_not_end_the_process(
    corpus: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ray would end the process after a minute; the rebuild fails before that."""
    monkeypatch.setattr(head, "GONE_SECONDS", 10.0)
    with cluster_of(1) as nodes:
        killed = threading.Event()

        def kill(done: int, total: int | None) -> None:
            if total is not None and done > 60 and not killed.is_set():
                killed.set()
                nodes.head_node.kill_gcs_server()

        with pytest.raises(ClusterUnusable, match=r"its head at .* has been gone for 10 seconds"):
            spread(corpus, nodes.address, index=tmp_path / "index", make=sluggish, progress=kill)
    assert not is_complete(tmp_path / "index")


def test_one_cpu_is_enough(corpus: Newsroom, tmp_path: Path) -> None:
    """A node with one logical CPU has room for an actor, which does all the work."""
    with cluster_of(1) as nodes:
        spread(corpus, nodes.address, index=tmp_path / "index")
    assert contents(tmp_path / "index") == contents(corpus.index.path)


def test_a_node_that_joins_late_is_waited_for(corpus: Newsroom, tmp_path: Path) -> None:
    """A rebuild waits for machines that start together with it."""
    with cluster_of(0) as nodes, ThreadPoolExecutor() as beside:
        rebuilding = beside.submit(spread, corpus, nodes.address, index=tmp_path / "index")
        time.sleep(5)
        assert not rebuilding.done()
        nodes.add_node(num_cpus=1)
        assert rebuilding.result(timeout=120).added == 500


def test_a_cluster_without_room_is_refused(
    corpus: Newsroom, two_nodes: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error says what an actor needs and what the nodes have; the index is unchanged."""
    monkeypatch.setattr(pool, "START_SECONDS", 3.0)
    before = corpus.index.current()
    shape = ActorShape(actors=None, cpus=3, gpus=0)
    corpus.write("new.txt", "A new harbour.")
    with pytest.raises(ClusterUnusable, match=r"takes 3 CPUs .* the largest has 2 CPUs"):
        rebuild(
            corpus.index,
            corpus.corpus,
            corpus.encoder,
            index_config=corpus.index_config(),
            prepare=RayCluster(address=two_nodes, shape=shape, encoder=fake).prepare,
            consent=Consent(new_corpus=True),  # the index is a copy
        )
    assert corpus.index.current() == before


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (another, "its encoder is another"),
        (inexact, "its vectors differ by"),
    ],
)
def test_a_node_with_another_encoder_is_refused(
    corpus: Newsroom, two_nodes: str, tmp_path: Path, make, reason: str
) -> None:
    """A node with another encoder is refused before it embeds anything."""
    with pytest.raises(ClusterUnusable, match=reason):
        spread(corpus, two_nodes, index=tmp_path / "index", make=make)


def test_a_node_without_the_code_is_an_error(
    corpus: Newsroom,
    two_nodes: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """One line names what is missing; Ray prints nothing."""
    (tmp_path / "only_here.py").write_text("def fake(_threads, _device): ...")
    monkeypatch.syspath_prepend(tmp_path)
    import only_here  # noqa: PLC0415

    with pytest.raises(ClusterUnusable, match=r"no actor can be started: .*'only_here'"):
        spread(corpus, two_nodes, index=tmp_path / "index", make=only_here.fake)
    assert "".join(capfd.readouterr()) == ""


def test_rays_client_builds_the_same_index(corpus: Newsroom, tmp_path: Path) -> None:
    """Ray's client (ray://HOST:PORT), for machines in other networks, gives the same index.

    The port is outside the range that the system assigns, because the rest of Ray starts first.
    """
    port = next(port for port in range(25_000, 32_000) if not listens(port))
    with cluster_of(2, ray_client_server_port=port):
        until = time.monotonic() + 120
        while not listens(port):  # it is started after the rest
            assert time.monotonic() < until
            time.sleep(0.2)
        spread(corpus, f"ray://127.0.0.1:{port}", index=tmp_path / "index")
    assert contents(tmp_path / "index") == contents(corpus.index.path)


def test_a_missing_gpu_is_an_error(corpus: Newsroom, tmp_path: Path) -> None:
    """The node declares a GPU that torch cannot use."""
    make = partial(encoder_on_node, "all-MiniLM-L6-v2", batch_size=8, cache=None)
    with cluster_of(2, num_gpus=1) as nodes, pytest.raises(ClusterUnusable, match="CUDA"):
        rebuild(
            IndexFolder(tmp_path / "index"),
            corpus.corpus,
            corpus.encoder,
            index_config=corpus.index_config(),
            prepare=RayCluster(
                address=nodes.address, shape=ActorShape(actors=None, cpus=1, gpus=1), encoder=make
            ).prepare,
        )


def test_a_server_that_is_not_a_cluster_is_an_error(
    corpus: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another server, such as a web server, is an error; Ray itself would retry for ever."""
    monkeypatch.setattr(joining, "_HEALTH_SECONDS", 8.0)
    with HTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with pytest.raises(ClusterUnusable, match="not the head of a Ray cluster"):
            spread(corpus, f"127.0.0.1:{server.server_port}", index=tmp_path / "index")
        server.shutdown()


def test_a_cluster_that_needs_a_token_is_an_error_without_one(
    corpus: Newsroom, tmp_path: Path
) -> None:
    """With the token it works."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_AUTH_MODE", "token")
        patch.setenv("RAY_AUTH_TOKEN", "0123456789" * 4)
        program = [
            sys.executable,
            "-c",
            WITHOUT_AND_WITH,
            str(corpus.corpus.parent),
            str(tmp_path),
        ]
        done = subprocess.run(
            program, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False
        )
    assert done.stdout.splitlines() == ["set RAY_AUTH_MODE=token", "500"], done.stderr[-2000:]


WITHOUT_AND_WITH = """
import os, re, sys
from pathlib import Path
from conftest import Newsroom
from pullquote.errors import ClusterUnusable
from backends.ray.test_ray import cluster_of, spread
if __name__ == "__main__":
    newsroom, index = Newsroom(Path(sys.argv[1])), Path(sys.argv[2]) / "index"
    with cluster_of(1) as nodes:
        known = {name: os.environ.pop(name) for name in ("RAY_AUTH_MODE", "RAY_AUTH_TOKEN")}
        try:
            spread(newsroom, nodes.address, index=index)
        except ClusterUnusable as error:
            print(re.search("set RAY_AUTH_MODE=token", str(error))[0])
        os.environ.update(known)
        print(spread(newsroom, nodes.address, index=index).added)
"""


def test_ray_prints_nothing(corpus: Newsroom, tmp_path: Path) -> None:
    """The output is only the JSON of the rebuild."""
    environment = {**os.environ, "PULLQUOTE_READER": "sentences"}
    command = [sys.executable, "-m", "pullquote", "rebuild-index", "--json", "--ray"]
    done = subprocess.run(
        [*command, "--corpus", str(corpus.corpus), "--index", str(tmp_path / "index")],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
        timeout=300,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.lstrip().startswith("{")
    assert '"added": 500' in done.stdout


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_rebuild_leaves_nothing_behind(
    corpus: Newsroom, tmp_path: Path, sent: signal.Signals
) -> None:
    """The old index answers, the exit status names the signal, and no process of Ray is left."""
    index, command = tmp_path / "index", [sys.executable, "-m", "pullquote", "rebuild-index"]
    where = ["--corpus", str(corpus.corpus), "--index", str(index)]
    child = subprocess.Popen(
        [*command, *where, "--ray"],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    embedded = index / "embeddings.db"
    until = time.monotonic() + 120
    while (not embedded.exists() or embedded.stat().st_size < 30_000) and child.poll() is None:
        assert time.monotonic() < until
        time.sleep(0.05)
    os.killpg(child.pid, sent)
    _, errors = child.communicate(timeout=60)
    assert child.returncode == {signal.SIGINT: 130, signal.SIGTERM: 143}[sent], errors
    assert not (index / "CURRENT").exists()
    until = time.monotonic() + 30
    while left := running_in(child.pid):
        assert time.monotonic() < until, left
        time.sleep(0.2)


def running_in(session: int) -> list[str]:
    """The processes of a session that still run."""
    listed = subprocess.run(
        ["ps", "-eo", "sid,stat,args"],  # noqa: S607
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    rows = [line.split(maxsplit=2) for line in listed]
    return [args for sid, stat, args in rows if sid == str(session) and not stat.startswith("Z")]
