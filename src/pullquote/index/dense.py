"""Vectors in FAISS: exact search by cosine among the passages that filters leave."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from pullquote.durable import write_synced
from pullquote.encoder import Vectors
from pullquote.errors import IndexDamaged

NAME = "vectors.faiss"

Numbers = npt.NDArray[np.int64]
"""Passage numbers, shape (n,)."""


class DenseIndex:
    """Vectors by passage number; `numbers` gives the order of the rows, sorted once written."""

    def __init__(self, index: Any) -> None:  # noqa: ANN401 - faiss has no types
        self._index = index
        self.numbers: Numbers = faiss.vector_to_array(index.id_map)

    @classmethod
    def empty(cls, dimension: int) -> DenseIndex:
        """An index without vectors."""
        return cls(faiss.IndexIDMap(faiss.IndexFlatIP(dimension)))

    @classmethod
    def read(cls, folder: Path) -> DenseIndex:
        """The index that `write` left, whose digest the caller has checked.

        Raises:
            IndexDamaged: FAISS cannot read it.
        """
        path = folder / NAME
        try:
            faiss.set_deserialization_vector_byte_limit(max(path.stat().st_size, 1))
            return cls(faiss.read_index(str(path)))
        except (OSError, RuntimeError) as error:
            raise IndexDamaged(path, expected="a FAISS index", found=str(error)) from error

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def write(self, folder: Path) -> None:
        """Write the file anew, in order of the numbers, and wait until the device has it.

        Which of several equal cosines FAISS finds last depends on the order of the rows, and that
        must not depend on the order in which vectors came and went.
        """
        order = np.argsort(self.numbers)
        vectors = faiss.downcast_index(self._index.index).reconstruct_n(0, len(self))
        ordered = DenseIndex.empty(self._index.d)
        ordered.add(self.numbers[order], vectors[order])
        write_synced(folder / NAME, faiss.serialize_index(ordered._index).tobytes())

    def add(self, numbers: Sequence[int] | Numbers, vectors: Vectors) -> None:
        """Put vectors in under their passages' numbers."""
        if len(numbers):
            self._index.add_with_ids(vectors, np.asarray(numbers, dtype=np.int64))
            self.numbers = faiss.vector_to_array(self._index.id_map)

    def remove(self, numbers: Sequence[int]) -> None:
        """Take the vectors of those passages out."""
        if len(numbers):
            self._index.remove_ids(np.asarray(numbers, dtype=np.int64))
            self.numbers = faiss.vector_to_array(self._index.id_map)

    def search(
        self, vector: Vectors, *, k: int, allowed: npt.NDArray[np.bool_] | None
    ) -> dict[int, float]:
        """The cosine of the `k` nearest passages, by number, nearest first.

        `vector` has shape (dimension,). `allowed`, in the order of `numbers`, says which passages
        may be found; None allows all. Equal cosines stand in order of their numbers, but which of
        those equal to the last are left out is FAISS's choice.
        """
        parameters = None
        if allowed is not None:
            selector = faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))
            parameters = faiss.SearchParameters(sel=selector)
        cosines, rows = self._index.index.search(vector[None], k, params=parameters)
        found = [
            (int(self.numbers[row]), float(cosine))
            for row, cosine in zip(rows[0], cosines[0], strict=True)
            if row >= 0
        ]
        return dict(sorted(found, key=lambda pair: (-pair[1], pair[0])))

    def cosines(self, vector: Vectors, numbers: Sequence[int]) -> list[float]:
        """The cosine of each of those passages with a vector of shape (dimension,)."""
        rows = np.flatnonzero(np.isin(self.numbers, numbers))
        row_of = dict(zip(self.numbers[rows].tolist(), rows.tolist(), strict=True))
        flat = faiss.downcast_index(self._index.index)
        return [float(flat.reconstruct(row_of[number]) @ vector) for number in numbers]
