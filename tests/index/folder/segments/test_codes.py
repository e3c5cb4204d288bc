"""Vectors found by their one-bit codes."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from conftest import Newsroom
from index.folder.test_dense import build
from pullquote.index.folder.dense import DenseIndex
from pullquote.index.folder.segments.arrays import StoredArray
from pullquote.index.folder.segments.codes import Codes, write_codes
from pullquote.index.folder.segments.segment import CODES, MANY, quantised
from pullquote.schema import Filters
from pullquote.schema.errors import IndexDamaged

TOPICS, PER_TOPIC, DIMENSION = 200, 40, 96


@pytest.fixture(scope="module")
def vectors() -> npt.NDArray[np.float32]:
    """Unit vectors about some topics, as the sentences of a corpus are."""
    rng = np.random.default_rng(0)
    topics = rng.standard_normal((TOPICS, DIMENSION))
    around = np.repeat(topics, PER_TOPIC, axis=0)
    found = around + 0.5 * rng.standard_normal(around.shape)
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def coded(vectors: npt.NDArray[np.float32]) -> DenseIndex:
    """The vectors, searched by their codes."""
    return build(np.arange(len(vectors)), vectors, coded=True)[0]


@pytest.mark.parametrize("share", [1.0, 0.3, 0.01, 0.001])
def test_the_nearest_are_found_under_any_filter(
    vectors: npt.NDArray[np.float32], coded: DenseIndex, share: float
) -> None:
    """At least 98 % of the ten nearest are found, even if a filter allows one in a thousand."""
    rng = np.random.default_rng(1)
    found, wanted = 0, 0
    for question in vectors[:: len(vectors) // 50]:
        mask = rng.random(len(vectors)) < share
        cosines = np.where(mask, vectors @ question, -np.inf)
        nearest = np.argsort(-cosines)[: min(10, mask.sum())]
        wanted += len(nearest)
        found += len(set(nearest) & set(coded.search(question, k=10, allowed=[mask])))
    assert found >= 0.98 * wanted > 0


def test_scores_are_exact(vectors: npt.NDArray[np.float32], coded: DenseIndex) -> None:
    """Codes only select candidates; cosines equal those of flat search to the last bit."""
    flat, _ = build(np.arange(len(vectors)), vectors)
    for question in vectors[::1000]:
        here, there = (index.search(question, k=10, allowed=[None]) for index in (coded, flat))
        assert all(
            here[passage_id] == there[passage_id] for passage_id in here.keys() & there.keys()
        )


def test_equal_vectors_give_equal_codes(tmp_path: Path, vectors: npt.NDArray[np.float32]) -> None:
    """Codes are equal to the byte, whenever they are written."""
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / "vectors").write_bytes(vectors.tobytes())
        stored = StoredArray(tmp_path / name / "vectors", "<f4", width=DIMENSION)
        write_codes(tmp_path / name / CODES, stored, dimension=DIMENSION)
    one, other = ((tmp_path / name / CODES).read_bytes() for name in "ab")
    assert one == other


@pytest.mark.parametrize("content", [b"", b"IxPT garbage", None])
def test_a_file_without_codes_is_damage(tmp_path: Path, content: bytes | None) -> None:
    """An error of FAISS becomes an error of ours."""
    if content is not None:
        (tmp_path / CODES).write_bytes(content)
    with pytest.raises(IndexDamaged, match="codes"):
        Codes(tmp_path / CODES)


def test_the_number_of_vectors_decides_the_type() -> None:
    """Many vectors are quantised and few are not, unless the settings decide otherwise."""
    assert [quantised("auto", n) for n in (0, MANY - 1, MANY)] == [False, False, True]
    assert [quantised("rabitq", n) for n in (0, 1)] == [False, True]
    assert not quantised("flat", 10**9)


def test_another_type_is_built_without_embedding(newsroom: Newsroom) -> None:
    """Answers stay the same too: so few passages are all scored exactly."""
    for n in range(15):
        newsroom.write(f"{n}.md", f"Number {n} stood at the pier. It rained on day {n}.")
    newsroom.rebuild(index_config=newsroom.index_config(dense="flat"))
    with closing(newsroom.open()) as generation:
        question = newsroom.encoder.encode_question("day 7 at the pier")
        flat = generation.nearest(question, k=30, filters=Filters())
        assert not list(generation.folder.rglob(CODES))
    report = newsroom.rebuild(index_config=newsroom.index_config(dense="rabitq"))
    assert report.embedded == 0
    with closing(newsroom.open()) as generation:
        assert list(generation.folder.rglob(CODES))
        assert generation.nearest(question, k=30, filters=Filters()) == flat
