"""Ray: what can be told without a cluster. `test_cluster_ray` builds indexes on real ones."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from conftest import FakeEncoder, Newsroom
from pullquote.cli.options import with_address
from pullquote.cluster import Shape
from pullquote.cluster.desk import PART_CHARACTERS, PROBES, Assignment, Desk, Order, Part
from pullquote.cluster.joining import joined
from pullquote.errors import ClusterUnusable, SettingsError
from pullquote.ingest.frames import Kind
from pullquote.limits import LIMITS
from pullquote.settings import load_settings

HARBOUR = "The harbour opened in 1911. Ida Roe built it."


def fake(_threads: int, _device: str) -> FakeEncoder:
    """The encoder of a desk in these tests."""
    return FakeEncoder()


def desk_of(newsroom: Newsroom, make=fake) -> Desk:
    """A desk that reads a newsroom's corpus."""
    return Desk(
        Assignment(
            corpus=newsroom.corpus,
            recipe=newsroom.recipe(),
            limits=LIMITS,
            encoder=make,
            threads=1,
            device="cpu",
        )
    )


def order(*files: str) -> Order:
    """An order for those files."""
    return Order(files, tuple(None for _ in files))


def said(part: Part) -> list[tuple[str, Kind, list[str]]]:
    """What a part says: of each file the kind of frame and the passages."""
    return [(one.file, one.frame.kind, [p.text for p in one.passages]) for one in part.read]


def test_a_desk_reads_and_splits_the_files_of_an_order(newsroom: Newsroom) -> None:
    """In order, each to its end, and one that is none is named and costs no other."""
    newsroom.write("a.txt", HARBOUR)
    newsroom.write("b.pdf", "no PDF")
    newsroom.write("c.txt", "Gulls nest there.")
    part = desk_of(newsroom).read(order("a.txt", "b.pdf", "c.txt"), 0)
    assert part.last
    assert said(part) == [
        ("a.txt", Kind.ARTICLE, [HARBOUR]),
        ("a.txt", Kind.ENDED, []),
        ("b.pdf", Kind.REFUSED, []),
        ("b.pdf", Kind.ENDED, []),
        ("c.txt", Kind.ARTICLE, ["Gulls nest there."]),
        ("c.txt", Kind.ENDED, []),
    ]


def test_what_one_desk_began_another_goes_on_with(newsroom: Newsroom) -> None:
    """A large file comes in parts, and each part is the same wherever it is asked for."""
    most = PART_CHARACTERS // 2 + 1
    for name in ("a", "b", "c"):
        newsroom.write(f"{name}.txt", f"It is {name}. " + "x" * most)
    three = order("a.txt", "b.txt", "c.txt")
    first, second = desk_of(newsroom), desk_of(newsroom)
    parts = [first.read(three, 0), first.read(three, 1)]
    assert [part.last for part in parts] == [False, True]
    assert {one.file for one in parts[0].read} == {"a.txt", "b.txt"}
    assert second.read(three, 1) == parts[1]
    assert first.read(three, 0) == parts[0]


def test_a_desk_tells_what_stands_in_its_way(newsroom: Newsroom) -> None:
    """A node without the corpus says so by name, and one that has it sends its vectors."""
    hello = desk_of(newsroom).hello(PROBES)
    assert hello.fault is None
    assert hello.encoder == newsroom.encoder.identity
    assert hello.vectors is not None
    np.testing.assert_array_equal(hello.vectors, newsroom.encoder.encode(PROBES))
    newsroom.corpus.rmdir()
    assert str(newsroom.corpus) in str(desk_of(newsroom).hello(PROBES).fault)


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
    assert Shape(actors=None, cpus=2, gpus=0).fits(node) == actors


def test_how_many_actors_a_node_has_gpus_for() -> None:
    """The scarcer of both decides; a GPU can be shared."""
    node = {"CPU": 8.0, "GPU": 2.0}
    assert Shape(actors=None, cpus=2, gpus=1).fits(node) == 2
    assert Shape(actors=None, cpus=2, gpus=0.5).fits(node) == 4
    assert Shape(actors=None, cpus=2, gpus=0.1).fits(node) == 4
    assert Shape(actors=None, cpus=2, gpus=0.5).needs == "2 CPUs and 0.5 GPU"


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
    with pytest.raises(ClusterUnusable, match=refused) as told, joined(address):
        pass
    assert told.value.address == address


@pytest.mark.parametrize("address", ["cluster", "127.0.0.1:no", "ray://", ":6379", "h:99999"])
def test_what_is_no_address_is_refused(address: str) -> None:
    """With what one looks like."""
    pytest.importorskip("ray")
    likely = "write local, auto, HOST:PORT or ray://HOST:PORT"
    with pytest.raises(SettingsError, match=likely), joined(address):
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
    assert 'Ray is not installed. To rebuild with it: pip install "pullquote[ray]"' in done.stderr
    assert not (newsroom.index.path / "CURRENT").exists()


def test_the_settings_name_a_cluster() -> None:
    """And refuse what no cluster has."""
    assert load_settings(ray="auto", ray_actors=3, ray_cpus=2).ray_actors == 3
    with pytest.raises(SettingsError, match="ray_cpus"):
        load_settings(ray_cpus=0)


def test_what_a_desk_cannot_embed_it_tells_in_words(newsroom: Newsroom, tmp_path: Path) -> None:
    """Also errors that would not survive the way."""
    from pullquote.cluster.desk import DeskFailed  # noqa: PLC0415
    from pullquote.upkeep import _encoder_on_node  # noqa: PLC0415

    make = partial(_encoder_on_node, str(tmp_path), batch_size=8, cache=tmp_path / "cache")
    with pytest.raises(DeskFailed, match="sentence-transformers could not load it"):
        desk_of(newsroom, make).embed(["a text"])
