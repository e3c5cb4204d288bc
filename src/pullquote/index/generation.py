"""One whole state of the index, opened for reading. Any number of threads may share it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pullquote.encoder import Vectors
from pullquote.errors import ArticleUnknown, IndexDamaged, IndexMismatch, IndexMissing
from pullquote.index.dense import DenseIndex
from pullquote.index.folder import IndexFolder, Published
from pullquote.index.lexical import LexicalIndex
from pullquote.index.manifest import read_manifest
from pullquote.index.postings import Postings
from pullquote.index.store import Store, fold
from pullquote.schema import Article, Filters, Passage, Role, well_formed

_UNDATED = -1
_CACHED_FILTERS = 64
_TRIES = 3


class Generation:
    """Searches and reads one generation, which never changes.

    `damage` is what is wrong with the generation `answers_for`, where this one stands in for it.
    """

    def __init__(self, folder: Path, published: Published) -> None:
        self.folder = folder
        self.published = published
        self.manifest = read_manifest(folder, digest=published.digest)
        self.damage: IndexDamaged | None = None
        self.answers_for = published.name
        self.store = Store(folder)
        self.dense = DenseIndex.read(folder)
        self.lexical = LexicalIndex(Postings(folder), self.dense.numbers)
        self._check_counts()
        self._columns = _Columns(self.store, self.dense)
        self._allowed = lru_cache(_CACHED_FILTERS)(self._columns.allowed)

    @classmethod
    def open_current(cls, index: IndexFolder) -> Generation:
        """The generation that answers now, its files checked against their digests.

        Where it is damaged it is the one before, which then says so in `damage`.

        Raises:
            IndexMissing, IndexDamaged, IndexMismatch: as their messages say.
        """
        for _ in range(_TRIES):
            current, *before = index.published()
            try:
                return cls(index.generation(current.name), current)
            except IndexDamaged as damage:
                if index.current() == current:
                    return cls._stand_in(index, current, before, damage)
        raise IndexMissing(index.path)

    @classmethod
    def _stand_in(
        cls,
        index: IndexFolder,
        current: Published,
        before: Sequence[Published],
        damage: IndexDamaged,
    ) -> Generation:
        """The generation before a damaged one, if it is sound."""
        for published in before:
            try:
                found = cls(index.generation(published.name), published)
            except (IndexDamaged, IndexMismatch):
                continue
            found.damage, found.answers_for = damage, current.name
            return found
        raise damage

    @property
    def name(self) -> str:
        """The generation's name: the time it was begun, to the microsecond."""
        return self.manifest.generation

    def article(self, article: str) -> Article:
        """The article of that id.

        Raises:
            ArticleUnknown: with the ids that look most like it.
        """
        found = self.store.article(article) if well_formed(article) else None
        if found is None:
            similar = difflib.get_close_matches(article, self.store.articles(), n=2)
            raise ArticleUnknown(article, similar=tuple(similar))
        return found

    def nearest(self, vector: Vectors, *, k: int, filters: Filters) -> dict[int, float]:
        """The cosine of the `k` passages nearest to a vector, by number, nearest first."""
        return self.dense.search(vector, k=k, allowed=self._allowed(_folded(filters)))

    def matching(self, terms: Sequence[str], *, k: int, filters: Filters) -> dict[int, float]:
        """The BM25 score of the `k` passages that match terms best, by number, best first."""
        return self.lexical.search(terms, k=k, allowed=self._allowed(_folded(filters)))

    def passage(self, number: int) -> Passage:
        """The passage of that number."""
        return self.store.passage(number)

    def close(self) -> None:
        """Let go of the files."""
        self.store.close()

    def _check_counts(self) -> None:
        expected = self.manifest.passages
        for part, found in (("vectors", len(self.dense)), ("postings", len(self.lexical))):
            if found != expected:
                raise IndexDamaged(
                    self.folder, expected=f"{expected} passages", found=f"{found} {part}"
                )


def _folded(filters: Filters) -> Filters:
    """Equal filters written alike: sources and sections as the index keeps them."""
    return Filters(
        since=filters.since,
        until=filters.until,
        sources=tuple(sorted({fold(s) or "" for s in filters.sources})),
        sections=tuple(sorted({fold(s) or "" for s in filters.sections})),
        roles=tuple(sorted(set(filters.roles))),
        comments=filters.comments,
    )


class _Columns:
    """What filters ask of each passage, as arrays in the order of the vectors."""

    def __init__(self, store: Store, dense: DenseIndex) -> None:
        rows = store.rows()
        order = np.searchsorted([row.id for row in rows], dense.numbers) if rows else slice(0)
        self._source_codes = _codes(row.source for row in rows)
        self._section_codes = _codes(row.section for row in rows)
        self._roles = np.array([list(Role).index(r.role) for r in rows], np.int8)[order]
        self._days = np.array([_UNDATED if r.day is None else r.day for r in rows], np.int32)[order]
        self._sources = np.array([self._source_codes[r.source] for r in rows], np.int32)[order]
        self._sections = np.array([self._section_codes[r.section] for r in rows], np.int32)[order]

    def allowed(self, filters: Filters) -> npt.NDArray[np.bool_]:
        """Which passages the filters leave, in the order of the vectors."""
        mask = np.ones(len(self._roles), dtype=np.bool_)
        if not filters.comments:
            mask &= self._roles != list(Role).index(Role.COMMENT)
        if filters.roles:
            mask &= np.isin(self._roles, [list(Role).index(role) for role in filters.roles])
        if filters.since is not None or filters.until is not None:
            mask &= self._days != _UNDATED
        if filters.since is not None:
            mask &= self._days >= filters.since.toordinal()
        if filters.until is not None:
            mask &= self._days <= filters.until.toordinal()
        for wanted, codes, column in (
            (filters.sources, self._source_codes, self._sources),
            (filters.sections, self._section_codes, self._sections),
        ):
            if wanted:
                mask &= np.isin(column, [codes[name] for name in wanted if name in codes])
        return mask


def _codes(names: Iterable[str | None]) -> dict[str | None, int]:
    return {name: code for code, name in enumerate(dict.fromkeys(names))}
