"""Dense search beside the same search written in a few lines of NumPy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import scratch
from pullquote.errors import IndexDamaged
from pullquote.index.dense import DenseIndex

DIMENSION = 8


def exact_vectors(rng: np.random.Generator, rows: int) -> npt.NDArray[np.float32]:
    """Unit vectors with four entries of a half: cosines are exact, and many are equal."""
    vectors = np.zeros((rows, DIMENSION), dtype=np.float32)
    for vector in vectors:
        places = rng.choice(DIMENSION, 4, replace=False)
        vector[places] = rng.choice([-0.5, 0.5], 4)
    return vectors


def build(
    numbers: npt.NDArray[np.int64], vectors: npt.NDArray[np.float32], folder: Path
) -> DenseIndex:
    """The index as the retriever reads it from disk."""
    index = DenseIndex.empty(DIMENSION)
    index.add(numbers.tolist(), vectors)
    index.write(folder)
    return DenseIndex.read(folder)


@given(
    seed=st.integers(0, 2**32 - 1),
    rows=st.integers(0, 300),
    k=st.integers(1, 320),
    share=st.sampled_from([0.0, 0.1, 0.9, 1.0, None]),
)
def test_search_is_brute_force(seed: int, rows: int, k: int, share: float | None) -> None:
    """The same passages, cosines and order, with and without a filter; ties by number."""
    rng = np.random.default_rng(seed)
    numbers = rng.choice(2**62, rows, replace=False).astype(np.int64)
    vectors = exact_vectors(rng, rows)
    question = exact_vectors(rng, 1)[0]
    with scratch() as folder:
        index = build(numbers, vectors, Path(folder))
    assert index.numbers.tolist() == sorted(numbers.tolist())
    cosine_of = dict(zip(numbers.tolist(), (vectors @ question).tolist(), strict=True))
    allowed = None if share is None else rng.random(rows) < share
    kept = index.numbers if allowed is None else index.numbers[allowed]
    expected = sorted(kept.tolist(), key=lambda number: (-cosine_of[number], number))
    found = index.search(question, k=k, allowed=allowed)
    assert list(found.values()) == [cosine_of[number] for number in expected[:k]]
    assert list(found.items()) == sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    assert all(found[number] == cosine_of[number] for number in found)
    assert set(found) <= set(expected)
    cut = min(found.values(), default=0.0)
    better = [number for number in expected if cosine_of[number] > cut]
    assert list(found)[: len(better)] == better
    assert index.cosines(question, list(found)) == list(found.values())


def test_search_by_hand(tmp_path: Path) -> None:
    """Three vectors: one along the question, one across it, one against it."""
    along = np.eye(DIMENSION, dtype=np.float32)[0]
    across = np.eye(DIMENSION, dtype=np.float32)[1]
    index = build(np.array([30, 20, 10]), np.stack([along, across, -along]), tmp_path)
    assert index.numbers.tolist() == [10, 20, 30]
    assert index.search(along, k=2, allowed=None) == {30: 1.0, 20: 0.0}
    assert index.search(along, k=3, allowed=np.array([True, True, False])) == {20: 0.0, 10: -1.0}
    assert index.cosines(along, [10, 30]) == [-1.0, 1.0]


@given(seed=st.integers(0, 2**32 - 1), data=st.data())
def test_what_comes_and_goes_leaves_no_trace(seed: int, data: st.DataObject) -> None:
    """After any adding and removing the file is, byte for byte, that of a fresh index."""
    rng = np.random.default_rng(seed)
    vectors = exact_vectors(rng, 40)
    changed = DenseIndex.empty(DIMENSION)
    present: set[int] = set()
    for group in data.draw(st.lists(st.sets(st.integers(0, 39), max_size=10), max_size=6)):
        gone, come = sorted(group & present), sorted(group - present)
        changed.remove(gone)
        changed.add(come, vectors[come])
        present ^= group
        assert len(changed) == len(present)
    fresh = DenseIndex.empty(DIMENSION)
    fresh.add(sorted(present), vectors[sorted(present)])
    written = []
    for index in (changed, fresh):
        with scratch() as folder:
            index.write(Path(folder))
            written.append((Path(folder) / "vectors.faiss").read_bytes())
    assert written[0] == written[1]


def test_a_written_index_is_not_written_over(tmp_path: Path) -> None:
    """A generation is written once."""
    DenseIndex.empty(DIMENSION).write(tmp_path)
    with pytest.raises(FileExistsError):
        DenseIndex.empty(DIMENSION).write(tmp_path)


@pytest.mark.parametrize("content", [b"", b"not an index", b"IxMp" + b"\xff" * 60])
def test_a_file_that_is_no_index_is_damage(tmp_path: Path, content: bytes) -> None:
    """What FAISS says is told as an error of ours, and nothing huge is allocated."""
    (tmp_path / "vectors.faiss").write_bytes(content)
    with pytest.raises(IndexDamaged, match="expected a FAISS index"):
        DenseIndex.read(tmp_path)
