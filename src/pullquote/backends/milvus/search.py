"""Search in one generation: Milvus finds passages, and they are scored exactly here."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np
import numpy.typing as npt

from pullquote.backends.milvus.client.conditions import Condition, alive_at, among, answering
from pullquote.backends.milvus.client.consistency import Settling
from pullquote.backends.milvus.client.server import Row, Server
from pullquote.backends.milvus.client.tables import PASSAGES, TERMS
from pullquote.backends.milvus.lru_cache import Kept
from pullquote.backends.milvus.manifest import MilvusManifest
from pullquote.backends.milvus.rows import PASSAGE_COLUMNS, read_passage, vector_of
from pullquote.backends.milvus.term_stats import Counted, Field, read_counts, scores
from pullquote.encoder import Vectors
from pullquote.errors import IndexDamaged
from pullquote.schema import Filters, Passage

BESIDE = 8
"""Further passages that are looked at: Milvus's sums may differ in their last bits."""

LEXICAL_BESIDE = 6
"""Passages asked for by words, for each that is wanted: the best by Milvus's formula hold the best
by ours. On news-dev, of the 50 best by ours 3 lost one in six questions, and 6 none."""

MOST_LISTED = 2000
"""Vectors that are read one and all, where a filter leaves so few that a graph may miss them."""

MOST_FOUND = 16_384
"""Rows that Milvus gives at once."""

_KEPT_ROWS = 1024
_KEPT_COUNTS = 10_000


class Search:
    """Finds and reads the passages of one generation."""

    def __init__(
        self, server: Server, index: str, manifest: MilvusManifest, settling: Settling
    ) -> None:
        self._server = server
        self._manifest = manifest
        self._passages = manifest.holds(PASSAGES, index=index)
        self._terms = manifest.holds(TERMS, index=index)
        self._rows: Kept[int, Row] = Kept(_KEPT_ROWS)
        self._counts: Kept[str, int] = Kept(_KEPT_COUNTS)
        self._settling = settling

    def nearest(self, vector: Vectors, *, k: int, filters: Filters) -> dict[int, float]:
        """The cosine of the `k` passages nearest to a vector, by number, nearest first."""
        condition = self._answering(filters)
        if condition is None:
            return {}
        wanted = k + BESIDE
        while True:
            rows = self._found("vector", vector.tolist(), condition, wanted, columns=["vector"])
            if len(rows) < wanted:
                rows = self._all(condition, rows)
            if not rows:
                return {}
            cosines = _cosines(np.stack([vector_of(row) for row in rows]), vector)
            passage_ids = [int(row["number"]) for row in rows]
            if len(rows) < wanted or wanted == MOST_FOUND or _decided(cosines, k):
                best = sorted(zip((-cosines).tolist(), passage_ids, strict=True))[:k]
                return {passage_id: -cosine for cosine, passage_id in best}
            wanted = min(2 * wanted, MOST_FOUND)

    def matching(self, terms: Sequence[str], *, k: int, filters: Filters) -> dict[int, float]:
        """The BM25 score of the `k` passages that match terms best, by number, best first."""
        condition = self._answering(filters)
        if condition is None or not terms or not self._manifest.lexical:
            return {}
        counts = self.counts([f"{field}{term}" for term in terms for field in Field])
        wanted = min(LEXICAL_BESIDE * k, MOST_FOUND)
        while True:
            rows = self._found("bm25", " ".join(terms), condition, wanted, columns=["terms"])
            counted = {int(row["number"]): Counted.of(row["terms"]) for row in rows}
            found = scores(counted, terms, counts, self._manifest)
            if len(rows) < wanted or wanted == MOST_FOUND or _decided(list(found.values()), k):
                return dict(islice(found.items(), k))
            wanted = min(2 * wanted, MOST_FOUND)

    def cosines(self, vector: Vectors, passage_ids: Sequence[int]) -> list[float]:
        """The cosine of each of those passages with a vector of shape (dimension,)."""
        if not passage_ids:
            return []
        rows = self.rows(passage_ids)
        found: list[float] = _cosines(np.stack([vector_of(row) for row in rows]), vector).tolist()
        return found

    def counts(self, marked: Sequence[str]) -> dict[str, int]:
        """In how many passages terms stand; each with the mark of its field."""
        missing = [term for term in marked if self._counts.get(term) is None]
        if missing:
            found = read_counts(
                self._server,
                self._terms,
                missing,
                step=self._manifest.step,
                consistency=self._settling.consistency,
            )
            for term, count in found.items():
                self._counts.keep(term, count)
        else:
            found = {}
        kept = {term: self._counts.get(term) for term in marked}
        return {term: found.get(term, 0) if n is None else n for term, n in kept.items()}

    def passages(self, passage_ids: Sequence[int]) -> Iterator[Passage]:
        """The passages of those numbers, in their order."""
        return map(read_passage, self.rows(passage_ids))

    def rows(self, passage_ids: Sequence[int]) -> list[Row]:
        """The rows of those passages, in their order.

        Raises:
            IndexDamaged: one is missing.
        """
        known = {passage_id: self._rows.get(passage_id) for passage_id in passage_ids}
        if missing := [passage_id for passage_id, row in known.items() if row is None]:
            condition = among("number", missing) & alive_at(self._manifest.step)
            known |= {int(row["number"]): row for row in self._read(condition)}
        for passage_id, row in known.items():
            if row is None:
                expected = f"passage {passage_id}"
                raise IndexDamaged(self._server.place, expected=expected, found="none")
        return [row for passage_id in passage_ids if (row := known[passage_id]) is not None]

    def _all(self, condition: Condition, found: list[Row]) -> list[Row]:
        """All rows that fulfil a condition, if the graph has not led to all of a few."""
        count = self._server.count(
            self._passages, condition, consistency=self._settling.consistency
        )
        if not len(found) < count <= MOST_LISTED:
            return found
        return list(self._server.scan(self._passages, condition, ["number", "vector"]))

    def _read(self, condition: Condition) -> list[Row]:
        rows = self._server.rows(
            self._passages, condition, PASSAGE_COLUMNS, consistency=self._settling.consistency
        )
        for row in rows:
            self._rows.keep(int(row["number"]), row)
        return rows

    def _found(
        self,
        column: str,
        sought: object,
        condition: Condition,
        limit: int,
        *,
        columns: Sequence[str],
    ) -> list[Row]:
        return self._server.search(
            self._passages,
            column=column,
            sought=sought,
            condition=condition,
            columns=["number", *columns],
            limit=limit,
            consistency=self._settling.consistency,
        )

    def _answering(self, filters: Filters) -> Condition | None:
        manifest = self._manifest
        return answering(
            filters,
            step=manifest.step,
            now=int(time.time()),
            languages=[tag.casefold() for tag in manifest.languages],
        )


def _decided(found: Sequence[float] | npt.NDArray[np.float32], k: int) -> bool:
    """Whether some scores are less than the `k`th highest, so that no equal ones were cut off."""
    if len(found) <= k:
        return False
    scores = np.asarray(found)
    return bool(scores.min() < np.partition(scores, -k)[-k])


def _cosines(vectors: Vectors, vector: Vectors) -> npt.NDArray[np.float32]:
    """Dot products, summed as an index in a folder sums them."""
    found: npt.NDArray[np.float32] = (vectors * vector).sum(axis=1, dtype="f8").astype("f4")
    return found
