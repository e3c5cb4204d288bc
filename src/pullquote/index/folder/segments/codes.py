"""Vectors quantised to one bit per dimension, for corpora in which exact search is slow.

RaBitQ estimates cosines from 57 bytes per vector instead of 1,536. The best candidates are then
scored exactly from the stored vectors. Unlike FAISS's lists and graphs, RaBitQ is equally accurate
with every filter, because it looks at every code. docs/explanation/benchmarks compares FAISS's
types.

Source: Gao and Long, RaBitQ, SIGMOD 2024; FAISS's IndexRaBitQ.
"""

from __future__ import annotations

import threading
from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from pullquote.base.atomic_io import write_synced
from pullquote.index.encoder import Vectors
from pullquote.index.folder.segments.arrays import StoredArray
from pullquote.schema.errors import IndexDamaged

SHORTLIST = 10
LEAST_LISTED = 500
"""`SHORTLIST` passages are scored exactly for each one wanted, and at least `LEAST_LISTED` in all.
docs/explanation/benchmarks shows the recall."""

QUERY_BITS = 4
"""Bits per dimension of the question's vector. With 8 bits, a search finds no more and takes a
third longer."""

_one_limit = threading.Lock()
"""Guards FAISS's limit on allocations while it reads an index. The limit is global to the
process."""

_AT_ONCE = 50_000
_CENTRED_ON = 100_000


def write_codes(path: Path, vectors: StoredArray, *, dimension: int) -> None:
    """Write the codes of stored vectors, which are read in batches to save memory."""
    rotation = faiss.RandomRotationMatrix(dimension, dimension)
    rotation.init(1)
    coder = faiss.IndexRaBitQ(dimension, faiss.METRIC_INNER_PRODUCT)
    index = faiss.IndexPreTransform(rotation, coder)
    step = max(1, len(vectors) // _CENTRED_ON)
    index.train(vectors.take(np.arange(0, len(vectors), step)))
    for start in range(0, len(vectors), _AT_ONCE):
        index.add(vectors.read(start, min(start + _AT_ONCE, len(vectors))))
    write_synced(path, faiss.serialize_index(index).tobytes())


class Codes:
    """Finds candidates with the codes of a segment. The caller has checked the file's digest."""

    def __init__(self, path: Path) -> None:
        try:
            content = np.fromfile(path, dtype=np.uint8)
            self._index = _deserialised(content)
        except (OSError, RuntimeError) as error:
            raise IndexDamaged(path, expected="codes", found=str(error)) from error

    def nearest(
        self, vector: Vectors, k: int, selector: faiss.IDSelector | None
    ) -> npt.NDArray[np.int64]:
        """The rows that seem nearest, several for each of the `k` wanted; all of them if few."""
        coded = faiss.RaBitQSearchParameters(qb=QUERY_BITS, sel=selector)
        parameters = faiss.SearchParametersPreTransform(index_params=coded)
        wanted = min(max(SHORTLIST * k, LEAST_LISTED), self._index.ntotal)
        return _searched(self._index, vector, wanted, parameters)


def _deserialised(content: npt.NDArray[np.uint8]) -> faiss.Index:
    """The index in `content`. No array in it may be larger than `content`."""
    with _one_limit:
        before = faiss.get_deserialization_vector_byte_limit()
        faiss.set_deserialization_vector_byte_limit(content.nbytes)
        try:
            return faiss.deserialize_index(content)
        finally:
            faiss.set_deserialization_vector_byte_limit(before)


class Flat:
    """Finds the nearest vectors by comparing all of them, in memory."""

    def __init__(self, vectors: StoredArray, dimension: int) -> None:
        self._index = faiss.IndexFlatIP(dimension)
        self._index.add(vectors.read())

    def nearest(
        self, vector: Vectors, k: int, selector: faiss.IDSelector | None
    ) -> npt.NDArray[np.int64]:
        """The rows of the `k` nearest vectors, or all rows if there are fewer."""
        parameters = None if selector is None else faiss.SearchParameters(sel=selector)
        return _searched(self._index, vector, k, parameters)


def _searched(
    index: faiss.Index, vector: Vectors, k: int, parameters: faiss.SearchParameters | None
) -> npt.NDArray[np.int64]:
    """The rows that FAISS finds for a vector, with one thread.

    FAISS distributes questions, not vectors, over threads. More threads would only wait, and take a
    core from the lexical search that runs at the same time.
    """
    threads = faiss.omp_get_max_threads()  # the setting is per thread
    faiss.omp_set_num_threads(1)
    try:
        _, rows = index.search(vector[None], k, params=parameters)
    finally:
        faiss.omp_set_num_threads(threads)
    nearest: npt.NDArray[np.int64] = rows[0]
    return nearest
