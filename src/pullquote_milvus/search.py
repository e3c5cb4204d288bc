"""Searches one generation: Milvus finds passages, and this module scores them exactly."""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import islice

import numpy as np
import numpy.typing as npt

from pullquote.index.bm25 import idf
from pullquote.index.encoder import Vectors
from pullquote.schema import Filters
from pullquote.schema.errors import IndexDamaged
from pullquote_milvus.articles import GenerationReader, LruCache
from pullquote_milvus.batches import chunks_of
from pullquote_milvus.client.conditions import Condition, among, answering
from pullquote_milvus.client.server import Row, Server
from pullquote_milvus.client.tables import PASSAGES, TERMS
from pullquote_milvus.manifest import MilvusManifest
from pullquote_milvus.term_stats import TERMS_AT_ONCE, MilvusTermField, count_terms, scores

EXTRA_PASSAGES = 8
"""How many extra passages are scored, since Milvus's sums may differ in the last bits."""

LEXICAL_FACTOR = 6
"""How many passages a search by words requests from Milvus for each passage wanted. Milvus scores
with a different formula, and its best passages must include ours. On news-dev, a factor of 3 lost
one of our 50 best for one question in six, and a factor of 6 lost none."""

MOST_LISTED = 2000
"""A filter may leave so few vectors that the graph misses some. If at most this many are left, all
of them are read."""

MOST_FOUND = 16_384
"""Milvus's limit for the rows of one search."""

_CACHED_ROWS = 1024
_CACHED_COUNTS = 10_000


class PassageSearch(GenerationReader):
    """Finds and reads the passages of one generation."""

    def __init__(self, server: Server, index: str, manifest: MilvusManifest) -> None:
        super().__init__(server, index, manifest)
        self._cached_rows: LruCache[int, Row] = LruCache(_CACHED_ROWS)
        self._cached_counts: LruCache[str, int] = LruCache(_CACHED_COUNTS)

    def nearest(self, vector: Vectors, *, k: int, filters: Filters) -> dict[int, float]:
        """The cosine of the `k` passages nearest to a vector, by passage id, nearest first."""
        condition = self._answering(filters)
        if condition is None:
            return {}
        wanted = k + EXTRA_PASSAGES
        while True:
            rows = self._find("vector", vector.tolist(), condition, wanted, read="vector")
            if len(rows) < wanted:
                rows = self._all(condition, rows)
            if not rows:
                return {}
            cosines = _cosines(rows, vector)
            passage_ids = [int(row["number"]) for row in rows]
            if len(rows) < wanted or wanted == MOST_FOUND or _decided(cosines, k):
                best = sorted(zip((-cosines).tolist(), passage_ids, strict=True))[:k]
                return {passage_id: -cosine for cosine, passage_id in best}
            wanted = min(2 * wanted, MOST_FOUND)

    def matching(self, terms: Sequence[str], *, k: int, filters: Filters) -> dict[int, float]:
        """The BM25 score of the `k` passages that match terms best, by passage id, best first."""
        condition = self._answering(filters)
        if condition is None or not terms or not self.manifest.lexical:
            return {}
        counts = self.term_counts([f"{field}{term}" for term in terms for field in MilvusTermField])
        wanted = min(LEXICAL_FACTOR * k, MOST_FOUND)
        while True:
            rows = self._find("bm25", " ".join(terms), condition, wanted, read="terms")
            counted = {int(row["number"]): count_terms(row["terms"]) for row in rows}
            found = scores(counted, terms, counts, self.manifest)
            if len(rows) < wanted or wanted == MOST_FOUND or _decided(list(found.values()), k):
                return dict(islice(found.items(), k))
            wanted = min(2 * wanted, MOST_FOUND)

    def cosines(self, vector: Vectors, passage_ids: Sequence[int]) -> list[float]:
        """The cosine of each of those passages with a vector of shape (dimension,)."""
        if not passage_ids:
            return []
        found: list[float] = _cosines(self.passage_rows(passage_ids), vector).tolist()
        return found

    def rarity(self, terms: Sequence[str]) -> dict[str, float]:
        """BM25's inverse document frequency of each term: near 0 for a word in every passage."""
        counts = self.term_counts([f"{MilvusTermField.TEXT}{term}" for term in terms])
        passages = self.manifest.passages
        return {term: idf(counts[f"{MilvusTermField.TEXT}{term}"], passages) for term in terms}

    def unknown_terms(self, terms: Sequence[str]) -> list[str]:
        """The terms that no passage and no headline contains."""
        counts = self.term_counts([f"{field}{term}" for term in terms for field in MilvusTermField])
        return [
            term for term in terms if not any(counts[f"{field}{term}"] for field in MilvusTermField)
        ]

    def term_counts(self, term_keys: Sequence[str]) -> dict[str, int]:
        """How many passages contain each term; a key is a field's prefix and a term."""
        known = {key: n for key in term_keys if (n := self._cached_counts.get(key)) is not None}
        found = dict.fromkeys((key for key in term_keys if key not in known), 0)
        for some in chunks_of(list(found), TERMS_AT_ONCE):
            for row in self._rows(TERMS, among("term", some), ["term", "count"]):
                found[row["term"]] = int(row["count"])
        for key, count in found.items():
            self._cached_counts.put(key, count)
        return known | found

    def passage_rows(self, passage_ids: Sequence[int]) -> list[Row]:
        """The rows of those passages, in their order.

        Raises:
            IndexDamaged: a passage is missing.
        """
        known = {n: row for n in passage_ids if (row := self._cached_rows.get(n)) is not None}
        if missing := [number for number in passage_ids if number not in known]:
            for row in self._rows(PASSAGES, among("number", missing), PASSAGES.column_names()):
                known[int(row["number"])] = row
                self._cached_rows.put(int(row["number"]), row)
        for number in missing:
            if number not in known:
                expected = f"passage {number}"
                raise IndexDamaged(self._server.place, expected=expected, found="none")
        return [known[number] for number in passage_ids]

    def _all(self, condition: Condition, found: list[Row]) -> list[Row]:
        """All rows that fulfil a condition, if they are few and the graph missed some."""
        name = self._name(PASSAGES)
        count = self._server.count(name, condition, consistency=self._consistency)
        if not len(found) < count <= MOST_LISTED:
            return found
        return list(self._server.scan(name, condition, ["number", "vector"]))

    def _find(
        self, column: str, sought: object, condition: Condition, limit: int, *, read: str
    ) -> list[Row]:
        return self._server.search(
            self._name(PASSAGES),
            column=column,
            sought=sought,
            condition=condition,
            columns=["number", read],
            limit=limit,
            consistency=self._consistency,
        )

    def _answering(self, filters: Filters) -> Condition | None:
        return answering(
            filters,
            step=self.manifest.step,
            now=int(time.time()),
            languages=[tag.casefold() for tag in self.manifest.languages],
        )


def _decided(found: Sequence[float] | npt.NDArray[np.float32], k: int) -> bool:
    """Whether the lowest score is below the `k`th highest, so that no equal scores are missing."""
    if len(found) <= k:
        return False
    scores = np.asarray(found)
    return bool(scores.min() < np.partition(scores, -k)[-k])


def _cosines(rows: Sequence[Row], vector: Vectors) -> npt.NDArray[np.float32]:
    """The cosines of rows with a vector, added up in the same way as in an index folder."""
    vectors = np.array([row["vector"] for row in rows], dtype=np.float32)
    found: npt.NDArray[np.float32] = (vectors * vector).sum(axis=1, dtype="f8").astype("f4")
    return found
