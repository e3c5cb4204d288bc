"""One whole state of the index, opened for reading. Any number of threads may share it."""

from __future__ import annotations

import difflib
import os
import time
from bisect import bisect_right
from collections.abc import Callable, Collection, Sequence
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from pullquote.encoder import Vectors
from pullquote.errors import ArticleUnknown, ArticleWithheld, IndexDamaged, IndexMismatch
from pullquote.index.arrays import Mask
from pullquote.index.columns import folded
from pullquote.index.compared import compared
from pullquote.index.copies import Copies
from pullquote.index.editions import Editions
from pullquote.index.folder import IndexFolder, Published
from pullquote.index.lexical import LexicalIndex
from pullquote.index.library import SEGMENTS, Library, gone_rows
from pullquote.index.manifest import FileFacts, read_manifest
from pullquote.index.segment import Segment
from pullquote.schema import Article, Filters, Passage, well_formed

if TYPE_CHECKING:
    from pullquote.index.dense import DenseIndex

_CACHED_FILTERS = 64

_COMPARED_IDS = 3000
"""Ids among which those like an unknown one are looked for."""


class Generation:
    """Searches and reads one generation, which never changes.

    `damage` is what is wrong with the generation `answers_for`, where this one stands in for it.
    """

    def __init__(
        self, folder: Path, published: Published, *, before: Generation | None = None
    ) -> None:
        self.folder = folder
        self.published = published
        self.manifest = read_manifest(folder, digest=published.digest)
        self.damage: IndexDamaged | None = None
        self.answers_for = published.name
        self.segments = [self._segment(name, before) for name in self.manifest.segments]
        self._check_counts()
        self.store = Library(folder, [segment.store for segment in self.segments])

    @cached_property
    def dense(self) -> DenseIndex:
        """The vectors."""
        from pullquote.index.dense import DenseIndex  # noqa: PLC0415 - a rebuild needs no FAISS

        return DenseIndex(self.segments)

    @cached_property
    def lexical(self) -> LexicalIndex:
        """The postings."""
        return LexicalIndex(self.segments)

    def load(self) -> Generation:
        """The generation itself, with everything read or opened that searching needs.

        A rebuild does without; a reader may not wait, since its files are swept when others follow.

        Raises:
            IndexDamaged: the parts do not belong together.
        """
        for segment in self.segments:
            segment.load()
            _ = segment.columns
        self._loaded = self.dense, self.lexical, self._allowed, self._releases
        return self

    @classmethod
    def open_current(
        cls, index: IndexFolder, *, to_search: bool = True, before: Generation | None = None
    ) -> Generation:
        """The generation that answers now, its files checked against their digests.

        Where it is damaged it is the one before, which then says so in `damage`. Not `to_search`,
        it has read little yet. It shares with `before`, if that is given, what both have.

        Raises:
            IndexMissing, IndexDamaged, IndexMismatch: as their messages say.
        """
        while True:
            current, *older = index.published()
            try:
                found = cls(index.generation(current.name), current, before=before)
                return found.load() if to_search else found
            except IndexDamaged as damage:
                if index.current() == current:
                    compared.forget(index.compared)
                    return cls._stand_in(index, current, older, damage)
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
            if len(known) > _COMPARED_IDS:  # comparing takes seconds: those of that file name
                name = article.rpartition("/")[2]
                known = [id for id in known if id.rpartition("/")[2] == name][:_COMPARED_IDS]
            similar = difflib.get_close_matches(article, known, n=2)
            raise ArticleUnknown(article, similar=tuple(similar))
        if found.released > time.time():
            raise ArticleWithheld(article, status=found.status, until=found.embargoed)
        return found

    def copies_of(self, article: str) -> list[str]:
        """The ids of the other articles printed from one source with it, sorted.

        Those that may not be shown now are left out.

        Raises:
            ArticleUnknown, ArticleWithheld: as `article`.
        """
        self.article(article)
        spots = [other for spot in self.store.spots([article]) for other in self.copies.of(spot)]
        found = [self.segments[spot.segment].store.edition(spot.row) for spot in spots]
        return sorted(copy.id for copy in found if copy.released <= time.time())

    def sources(self, articles: Collection[str]) -> int:
        """How many independent sources some articles are.

        Near-copies count once, as do editions of one article.
        """
        few = len(articles) < 2
        return len(articles) if few else self.copies.sources(self.store.spots(articles))

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

    def _segment(self, name: str, before: Generation | None) -> Segment:
        """A segment, with what the generation before has read of the same files."""
        known = None
        if before is not None and self._facts(name) == before._facts(name):
            known = next(one for one in before.segments if one.folder.name == name)
        return Segment(
            self.folder / SEGMENTS / name,
            gone_rows(self.folder, name),
            dimension=self.manifest.dimension,
            known=known,
        )

    def _facts(self, name: str) -> dict[str, FileFacts]:
        """The size and digest of a segment's files."""
        inside = f"{SEGMENTS}/{name}/"
        files = self.manifest.files
        return {file: facts for file, facts in files.items() if file.startswith(inside)}

    def _masks(self, filters: Filters) -> list[Mask | None]:
        """Which passages of each segment the filters leave now."""
        past = bisect_right(self._releases, time.time())
        return self._allowed(folded(filters), self._releases[past - 1])

    @cached_property
    def _allowed(self) -> Callable[[Filters, int], list[Mask | None]]:
        # Not of a method of its own, or it and its files would be kept until the collector comes.
        return lru_cache(_CACHED_FILTERS)(partial(_masks_at, self.segments, self.editions))

    @cached_property
    def editions(self) -> Editions:
        """The articles that are there several times."""
        return Editions([segment.store for segment in self.segments])

    @cached_property
    def copies(self) -> Copies:
        """The articles that were printed from one source."""
        return Copies(self.segments, self.editions)

    @cached_property
    def _releases(self) -> list[int]:
        """The moments at which more articles may be shown: from one to the next nothing changes."""
        return sorted({0}.union(*(segment.columns.releases for segment in self.segments)))

    def _check_counts(self) -> None:
        articles = sum(len(segment.store) for segment in self.segments)
        passages = sum(map(len, self.segments))
        expected = f"{self.manifest.articles} articles with {self.manifest.passages} passages"
        if (found := f"{articles} articles with {passages} passages") != expected:
            raise IndexDamaged(self.folder, expected=expected, found=found)


def _masks_at(
    segments: Sequence[Segment], editions: Editions, filters: Filters, moment: int
) -> list[Mask | None]:
    """Which rows of each segment filters leave at a moment, in seconds since 1970; None: all."""
    superseded = editions.rows(len(segments), at=moment)
    return [
        segment.columns.allowed(filters, segment.alive, at=moment, superseded=rows)
        for segment, rows in zip(segments, superseded, strict=True)
    ]
