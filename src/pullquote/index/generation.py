"""One whole state of the index, opened for reading. Any number of threads may share it."""

from __future__ import annotations

import difflib
import os
import time
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pullquote.encoder import Vectors
from pullquote.errors import ArticleUnknown, ArticleWithheld, IndexDamaged, IndexMismatch
from pullquote.index.columns import Columns, folded
from pullquote.index.editions import Editions
from pullquote.index.folder import IndexFolder, Published
from pullquote.index.lexical import LexicalIndex
from pullquote.index.library import SEGMENTS, Library, gone_rows
from pullquote.index.manifest import read_manifest
from pullquote.index.segment import Mask, Segment
from pullquote.schema import Article, Filters, Passage, well_formed

if TYPE_CHECKING:
    from pullquote.index.dense import DenseIndex

_CACHED_FILTERS = 64


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
        self.segments = [
            Segment(
                folder / SEGMENTS / name,
                gone_rows(folder, name),
                dimension=self.manifest.dimension,
            )
            for name in self.manifest.segments
        ]
        self._check_counts()
        self.store = Library(folder, [segment.store for segment in self.segments])
        self._allowed = lru_cache(_CACHED_FILTERS)(self._masks_at)

    @cached_property
    def dense(self) -> DenseIndex:
        """The vectors."""
        from pullquote.index.dense import DenseIndex  # noqa: PLC0415 - a rebuild needs no FAISS

        return DenseIndex(self.segments)

    @cached_property
    def lexical(self) -> LexicalIndex:
        """The postings."""
        return LexicalIndex(self.segments)

    @cached_property
    def _columns(self) -> list[Columns]:
        return [Columns(segment) for segment in self.segments]

    def load(self) -> Generation:
        """The generation itself, with everything in memory that searching needs.

        A rebuild does without; a reader may not wait, since its files are swept when others follow.

        Raises:
            IndexDamaged: the parts do not belong together.
        """
        for segment in self.segments:
            segment.load()
        self._loaded = self.dense, self.lexical, self._releases, self.editions
        return self

    @classmethod
    def open_current(cls, index: IndexFolder, *, to_search: bool = True) -> Generation:
        """The generation that answers now, its files checked against their digests.

        Where it is damaged it is the one before, which then says so in `damage`. Not `to_search`,
        it has read little yet.

        Raises:
            IndexMissing, IndexDamaged, IndexMismatch: as their messages say.
        """
        while True:
            current, *before = index.published()
            try:
                found = cls(index.generation(current.name), current)
                return found.load() if to_search else found
            except IndexDamaged as damage:
                if index.current() == current:
                    return cls._stand_in(index, current, before, damage)
                # Else two rebuilds have come and gone, and swept it: the newest is tried.

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
                found = cls(index.generation(published.name), published).load()
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
            ArticleWithheld: its source has withheld it, or not released it yet.
        """
        found = self.store.article(article) if well_formed(article) else None
        if found is None:
            known = self.store.articles()
            if article in known:
                raise IndexDamaged(self.folder, expected=f"article {article!r}", found="none")
            similar = difflib.get_close_matches(article, known, n=2)
            raise ArticleUnknown(article, similar=tuple(similar))
        if found.released > time.time():
            raise ArticleWithheld(article, status=found.status, until=found.embargoed)
        return found

    def nearest(self, vector: Vectors, *, k: int, filters: Filters) -> dict[int, float]:
        """The cosine of the `k` passages nearest to a vector, by number, nearest first."""
        return self.dense.search(vector, k=k, allowed=self._masks(filters))

    def matching(self, terms: Sequence[str], *, k: int, filters: Filters) -> dict[int, float]:
        """The BM25 score of the `k` passages that match terms best, by number, best first."""
        return self.lexical.search(terms, k=k, allowed=self._masks(filters))

    def passage(self, number: int) -> Passage:
        """The passage of that number."""
        return self.store.passage(number)

    def article_versions(self) -> dict[str, str]:
        """The SHA-256 of the file that each article came from, by the article's id."""
        return self.store.article_versions()

    def files(self) -> list[os.stat_result]:
        """What the system says of each file."""
        return [(self.folder / name).stat() for name in self.manifest.files]

    def numbers(self) -> list[int]:
        """The numbers of all passages, sorted."""
        return sorted(number for segment in self.segments for number in segment.alive_numbers())

    def close(self) -> None:
        """Let go of the files."""
        for segment in self.segments:
            segment.close()

    def _masks(self, filters: Filters) -> list[Mask | None]:
        """Which passages of each segment the filters leave now."""
        past = bisect_right(self._releases, time.time())
        return self._allowed(folded(filters), self._releases[past - 1])

    def _masks_at(self, filters: Filters, moment: int) -> list[Mask | None]:
        superseded = self.editions.rows(len(self.segments), at=moment)
        return [
            columns.allowed(filters, at=moment, superseded=rows)
            for columns, rows in zip(self._columns, superseded, strict=True)
        ]

    @cached_property
    def editions(self) -> Editions:
        """The articles that are there several times."""
        return Editions([segment.store for segment in self.segments])

    @cached_property
    def _releases(self) -> list[int]:
        """The moments at which more articles may be shown: from one to the next nothing changes."""
        return sorted({0}.union(*(columns.releases for columns in self._columns)))

    def _check_counts(self) -> None:
        articles = sum(len(segment.store) for segment in self.segments)
        passages = sum(map(len, self.segments))
        expected = f"{self.manifest.articles} articles with {self.manifest.passages} passages"
        if (found := f"{articles} articles with {passages} passages") != expected:
            raise IndexDamaged(self.folder, expected=expected, found=found)
