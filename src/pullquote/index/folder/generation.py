"""One whole state of an index in a folder."""

from __future__ import annotations

import os
import time
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from pullquote.index.duplicates.near_duplicates import NearDuplicates
from pullquote.index.duplicates.revisions import Revisions
from pullquote.index.editions.history import EditionHistory
from pullquote.index.encoder import Vectors
from pullquote.index.folder.folder_manifest import FileChecksum, read_manifest
from pullquote.index.folder.generation_editions import is_of_editions, open_history
from pullquote.index.folder.lexical import LexicalIndex
from pullquote.index.folder.multi_segment_store import SEGMENTS, MultiSegmentStore, deleted_rows
from pullquote.index.folder.near_duplicates_file import near_duplicates_in
from pullquote.index.folder.segments.arrays import Mask
from pullquote.index.folder.segments.segment import FolderCatalogSegment, Segment
from pullquote.index.folder.segments.store import NAME as ARTICLES
from pullquote.index.interfaces import GenerationRef
from pullquote.index.metadata import folded, shown, similar_ids
from pullquote.schema import Article, Filters, Passage, SearchMode, well_formed
from pullquote.schema.errors import ArticleUnknown, IndexDamaged

if TYPE_CHECKING:
    from pullquote.index.folder.dense import DenseIndex


_CACHED_FILTERS = 64


class Generation(MultiSegmentStore):
    """Searches and reads one generation, which never changes. Threads may share it.

    If the generation named `answers_for` is damaged, this is an older one, and `damage` says what
    is wrong with the damaged one.
    """

    def __init__(
        self, folder: Path, published: GenerationRef, *, before: Generation | None = None
    ) -> None:
        self.folder = folder
        self.published = published
        self.manifest = read_manifest(
            folder, digest=published.digest, only=lambda file: not is_of_editions(file)
        )
        self.damage: IndexDamaged | None = None
        self.answers_for = published.name
        self.segments = [self._segment(name, before) for name in self.manifest.segments]
        self._check_counts()
        super().__init__(folder, [segment.store for segment in self.segments])

    @cached_property
    def dense(self) -> DenseIndex:
        """The search by cosine."""
        from pullquote.index.folder.dense import DenseIndex  # noqa: PLC0415 - a rebuild needs no FAISS

        return DenseIndex(self.segments)

    @cached_property
    def lexical(self) -> LexicalIndex:
        """The search by words."""
        return LexicalIndex(self.segments)

    def load(self) -> Generation:
        """Open everything that search needs, and return the generation itself.

        A rebuild does not need this. Searches must not postpone it, since rebuilds remove the files
        of old generations.

        Raises:
            IndexDamaged: the files do not belong together.
        """
        for segment in self.segments:
            segment.load()
            _ = segment.columns
        self._loaded = self.dense, self.lexical, self._allowed, self.releases, self.history
        return self

    @property
    def searched(self) -> SearchMode:
        """An index in a folder can always be searched by words too."""
        return "dense and lexical"

    @property
    def name(self) -> str:
        """The time at which the generation was started, to the microsecond."""
        return self.manifest.generation

    def article(self, article: str) -> Article:
        """The article with this id; see `OpenGeneration.article`."""
        found = self.stored_article(article) if well_formed(article) else None
        if found is None:
            known = self.articles()
            if article in known:
                raise IndexDamaged(self.folder, expected=f"article {article!r}", found="none")
            raise ArticleUnknown(article, similar=similar_ids(article, known))
        return shown(found)

    def near_duplicates_of(self, article: str) -> list[str]:
        """The ids of an article's near duplicates; see `OpenGeneration.near_duplicates_of`."""
        self.article(article)
        found = [
            self.segments[other.segment].store.revision(other.row)
            for position in self.positions([article])
            for other in self.near_duplicates.of(position)
        ]
        return sorted(copy.id for copy in found if copy.released <= time.time())

    def sources(self, articles: Collection[str]) -> int:
        """The number of independent sources; groups of near duplicates or revisions count once."""
        if len(articles) < 2:
            return len(articles)
        return self.near_duplicates.sources(self.positions(articles))

    def nearest(self, vector: Vectors, *, k: int, filters: Filters) -> dict[int, float]:
        """The cosine of the `k` nearest passages, by passage id."""
        return self.dense.search(vector, k=k, allowed=self._masks(filters))

    def matching(self, terms: Sequence[str], *, k: int, filters: Filters) -> dict[int, float]:
        """The BM25 score of the `k` best passages, by passage id."""
        return self.lexical.search(terms, k=k, allowed=self._masks(filters))

    def cosines(self, vector: Vectors, passage_ids: Sequence[int]) -> list[float]:
        """The cosine of each passage with a vector."""
        return self.dense.cosines(vector, passage_ids)

    def rarity(self, terms: Sequence[str]) -> dict[str, float]:
        """BM25's inverse document frequency of each term: near 0 for a word in every passage."""
        return self.lexical.rarity(terms)

    def unknown_terms(self, terms: Sequence[str]) -> list[str]:
        """The terms that occur nowhere."""
        return self.lexical.unknown_terms(terms)

    def terms(self) -> Sequence[str]:
        """The distinct terms that consist of letters."""
        return self.lexical.letter_terms

    def passages(self, passage_ids: Sequence[int]) -> Iterator[Passage]:
        """The passages with these ids, read one by one."""
        return map(self.passage, passage_ids)

    @cached_property
    def history(self) -> EditionHistory:
        """The earlier editions of the articles."""
        return open_history(self.folder, self.manifest.files)

    def near_duplicate_groups(self) -> int:
        """The number of groups of near duplicates."""
        return len(self.near_duplicates.groups)

    def near_duplicate_articles(self) -> int:
        """The number of articles that are near duplicates of others."""
        return sum(map(len, self.near_duplicates.groups))

    def superseded(self, *, at: int) -> dict[str, str]:
        """The ids of superseded articles, each with that of its newest revision."""
        found = self.revisions.superseded(at=at)
        return {old.revision.id: new.revision.id for old, new in found.items()}

    def catalog_segments(self) -> list[FolderCatalogSegment]:
        """All articles, in segments."""
        return [
            FolderCatalogSegment(one, self._checksums(one.folder.name)[ARTICLES].sha256)
            for one in self.segments
        ]

    def files(self) -> list[os.stat_result]:
        """The metadata of each file of the generation; files of editions may be missing."""
        paths = {name: self.folder / name for name in self.manifest.files}
        needed = (p for name, p in paths.items() if not is_of_editions(name) or p.exists())
        return [path.stat() for path in needed]

    def passage_ids(self) -> list[int]:
        """The ids of all passages, sorted."""
        return sorted(
            passage_id for segment in self.segments for passage_id in segment.live_passage_ids()
        )

    def close(self) -> None:
        """Close the files."""
        for segment in self.segments:
            segment.close()
        if "history" in self.__dict__:  # otherwise nothing is open
            self.history.close()

    def _segment(self, name: str, before: Generation | None) -> Segment:
        """The segment with this name. It reuses what `before` has read from the same files."""
        known = None
        if before is not None and self._checksums(name) == before._checksums(name):
            known = next(one for one in before.segments if one.folder.name == name)
        return Segment(
            self.folder / SEGMENTS / name,
            deleted_rows(self.folder, name),
            dimension=self.manifest.dimension,
            known=known,
        )

    def _checksums(self, segment: str) -> dict[str, FileChecksum]:
        """The checksums of a segment's files, by their path in its folder."""
        inside, files = f"{SEGMENTS}/{segment}/", self.manifest.files
        return {n.removeprefix(inside): c for n, c in files.items() if n.startswith(inside)}

    def _masks(self, filters: Filters) -> list[Mask | None]:
        """The passages of each segment that the filters allow now."""
        past = bisect_right(self.releases, time.time())
        return self._allowed(folded(filters), self.releases[past - 1])

    @cached_property
    def _allowed(self) -> Callable[[Filters, int], list[Mask | None]]:
        # A cache on a method would keep the generation's files open until garbage collection.
        return lru_cache(_CACHED_FILTERS)(partial(_masks_at, self.segments, self.revisions))

    @cached_property
    def revisions(self) -> Revisions:
        """The articles that have several revisions."""
        return Revisions([segment.store for segment in self.segments])

    @cached_property
    def near_duplicates(self) -> NearDuplicates:
        """The groups of articles that were printed from one source."""
        return near_duplicates_in(self.folder, self.manifest.files, self.segments, self.revisions)

    @cached_property
    def releases(self) -> list[int]:
        """The moments at which embargoes end; between two of them, the masks stay the same."""
        return sorted({0}.union(*(segment.columns.releases for segment in self.segments)))

    def _check_counts(self) -> None:
        articles = sum(len(segment.store) for segment in self.segments)
        passages = sum(map(len, self.segments))
        expected = f"{self.manifest.articles} articles with {self.manifest.passages} passages"
        if (found := f"{articles} articles with {passages} passages") != expected:
            raise IndexDamaged(self.folder, expected=expected, found=found)


def _masks_at(
    segments: Sequence[Segment], revisions: Revisions, filters: Filters, moment: int
) -> list[Mask | None]:
    """The rows that filters allow in each segment at a moment, in seconds since 1970; None: all."""
    superseded = revisions.rows(len(segments), at=moment)
    return [
        segment.allowed(filters, at=moment, superseded=rows)
        for segment, rows in zip(segments, superseded, strict=True)
    ]
