"""Dense search compared with a few lines of NumPy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import scratch
from pullquote.index.folder.dense import DenseIndex
from pullquote.index.folder.segments.arrays import StoredArray
from pullquote.index.folder.segments.codes import Codes, Flat, write_codes

DIMENSION = 8


def exact_vectors(rng: np.random.Generator, rows: int) -> npt.NDArray[np.float32]:
    """Unit vectors with four entries of a half: cosines are exact, and many are equal."""
    vectors = np.zeros((rows, DIMENSION), dtype=np.float32)
    for vector in vectors:
        places = rng.choice(DIMENSION, 4, replace=False)
        vector[places] = rng.choice([-0.5, 0.5], 4)
    return vectors


@dataclass
class DenseSegment:
    """The parts of a segment that dense search uses."""

    passage_ids: npt.NDArray[np.int64]
    vectors: StoredArray
    search: Flat | Codes

    def vectors_of(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        return self.vectors.take(rows)

    def holds(self, passage_id: int) -> bool:
        return passage_id in self.passage_ids

    def rows(self, passage_ids: Sequence[int]) -> npt.NDArray[np.int64]:
        return np.array(
            [self.passage_ids.tolist().index(passage_id) for passage_id in passage_ids], np.int64
        )


def build(
    passage_ids: npt.NDArray[np.int64],
    vectors: npt.NDArray[np.float32],
    *,
    parts: int = 1,
    coded: bool = False,
) -> tuple[DenseIndex, list[DenseSegment]]:
    """The vectors distributed over that many segments."""
    dealt = []
    width = vectors.shape[1]
    for part in range(parts):
        with scratch() as folder:
            path = Path(folder)
            (path / "vectors.f32").write_bytes(vectors[part::parts].tobytes())
            stored = StoredArray(path / "vectors.f32", "<f4", width=width)
            if coded:
                write_codes(path / "codes", stored, dimension=width)
            search = Codes(path / "codes") if coded else Flat(stored, width)
        dealt.append(DenseSegment(passage_ids[part::parts], stored, search))
    return DenseIndex(dealt), dealt


@given(
    seed=st.integers(0, 2**32 - 1),
    rows=st.integers(0, 300),
    k=st.integers(1, 320),
    parts=st.integers(1, 4),
    share=st.sampled_from([0.0, 0.1, 0.9, 1.0, None]),
)
def test_search_is_brute_force(
    seed: int, rows: int, k: int, parts: int, share: float | None
) -> None:
    """Passages, cosines and order equal brute force, for any distribution and any filter."""
    rng = np.random.default_rng(seed)
    passage_ids = rng.choice(2**62, rows, replace=False).astype(np.int64)
    vectors = exact_vectors(rng, rows)
    question = exact_vectors(rng, 1)[0]
    index, dealt = build(passage_ids, vectors, parts=parts)
    cosine_of = dict(zip(passage_ids.tolist(), (vectors @ question).tolist(), strict=True))
    wanted = set(passage_ids[rng.random(rows) < (1.0 if share is None else share)].tolist())
    allowed = [
        None if share is None else np.array([n in wanted for n in part.passage_ids.tolist()], bool)
        for part in dealt
    ]
    expected = sorted(wanted, key=lambda passage_id: (-cosine_of[passage_id], passage_id))
    found = index.search(question, k=k, allowed=allowed)
    assert list(found.values()) == [cosine_of[passage_id] for passage_id in expected[:k]]
    assert list(found.items()) == sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    assert all(found[passage_id] == cosine_of[passage_id] for passage_id in found)
    assert set(found) <= set(expected)
    cut = min(found.values(), default=0.0)
    better = [passage_id for passage_id in expected if cosine_of[passage_id] > cut]
    assert list(found)[: len(better)] == better
    assert index.cosines(question, list(found)) == list(found.values())


def test_search_by_hand() -> None:
    """Three vectors have the cosines 1, 0 and -1 with the question."""
    along = np.eye(DIMENSION, dtype=np.float32)[0]
    across = np.eye(DIMENSION, dtype=np.float32)[1]
    index, _ = build(np.array([30, 20, 10]), np.stack([along, across, -along]))
    assert index.search(along, k=2, allowed=[None]) == {30: 1.0, 20: 0.0}
    some = [np.array([False, True, True])]
    assert index.search(along, k=3, allowed=some) == {20: 0.0, 10: -1.0}
    assert index.cosines(along, [10, 30]) == [-1.0, 1.0]


@pytest.mark.parametrize("parts", [1, 3])
def test_of_equal_cosines_the_first_ids_are_found(parts: int) -> None:
    """Of many equal cosines, the first passage ids are found, for any distribution."""
    equal = np.tile(np.eye(DIMENSION, dtype=np.float32)[0], (200, 1))
    passage_ids = np.random.default_rng(0).permutation(200).astype(np.int64)
    index, _ = build(passage_ids, equal, parts=parts)
    found = index.search(equal[0], k=7, allowed=[None] * parts)
    assert list(found) == list(range(7))


@given(seed=st.integers(0, 2**32 - 1), parts=st.integers(2, 5))
def test_a_cosine_does_not_depend_on_other_vectors(seed: int, parts: int) -> None:
    """Cosines are equal to the last bit in an old index and in a fresh one."""
    rng = np.random.default_rng(seed)
    vectors = rng.standard_normal((60, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    passage_ids = rng.permutation(60).astype(np.int64)
    whole, _ = build(passage_ids, vectors)
    split, _ = build(passage_ids, vectors, parts=parts)
    question = vectors[0]
    assert whole.search(question, k=9, allowed=[None]) == split.search(
        question, k=9, allowed=[None] * parts
    )
