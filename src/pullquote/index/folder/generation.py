"""One whole state of the index, opened for reading. Any number of threads may share it."""

from __future__ import annotations

import difflib
import os
import time
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from pullquote.encoder import Vectors
from pullquote.errors import ArticleUnknown, ArticleWithheld, IndexDamaged
from pullquote.index.duplicates.near_duplicates import Copies
from pullquote.index.duplicates.revisions import Editions
from pullquote.index.folder.folder_manifest import FileFacts, read_manifest
from pullquote.index.folder.lexical import LexicalIndex
from pullquote.index.folder.multi_segment_store import SEGMENTS, Library, gone_rows
from pullquote.index.folder.segments.arrays import Mask
from pullquote.index.folder.segments.catalog_part import SegmentPart
from pullquote.index.folder.segments.segment import Segment
from pullquote.index.folder.segments.store import NAME as ARTICLES
from pullquote.index.folding import folded
from pullquote.index.metadata import Days, Fact
from pullquote.index.published import Published
from pullquote.schema import Article, Filters, Passage, SearchMode, well_formed

if TYPE_CHECKING:
    from pullquote.index.folder.dense import DenseIndex

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
        from pullquote.index.folder.dense import DenseIndex  # noqa: PLC0415 - a rebuild needs no FAISS

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

    @property
    def searched(self) -> SearchMode:
        """By words too, always."""
        return "dense and lexical"

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

    def cosines(self, vector: Vectors, numbers: Sequence[int]) -> list[float]:
        """The cosine of each of those passages with a vector of shape (dimension,)."""
        return self.dense.cosines(vector, numbers)

    def rarity(self, terms: Sequence[str]) -> dict[str, float]:
        """BM25's inverse document frequency of each term: near 0 for a word of every passage."""
        return self.lexical.rarity(terms)

    def unknown(self, terms: Sequence[str]) -> list[str]:
        """Those terms that stand in no passage and no headline of one."""
        return self.lexical.unknown(terms)

    def passage(self, number: int) -> Passage:
        """The passage of that number."""
        return self.store.passage(number)

    def passages(self, numbers: Sequence[int]) -> Iterator[Passage]:
        """The passages of those numbers, in their order; read as they are asked for."""
        return map(self.store.passage, numbers)

    def held(self, article: str) -> Article | None:
        """The article of that id, also one that may not be shown; None where there is none."""
        return self.store.article(article)

    def articles(self) -> list[str]:
        """The ids of all articles, sorted."""
        return self.store.articles()

    def article_versions(self) -> dict[str, str]:
        """The SHA-256 of the file that each article came from, by the article's id."""
        return self.store.article_versions()

    def versions(self) -> dict[str, str]:
        """The SHA-256 of every file that gave articles, by its path relative to the corpus."""
        return self.store.versions()

    def articles_of(self, files: Collection[str]) -> dict[str, str]:
        """The articles that those files gave, by their ids, each with its file."""
        return self.store.articles_of(files)

    def copy_groups(self) -> int:
        """How many groups of near-copies there are."""
        return len(self.copies.groups)

    def copied(self) -> int:
        """How many articles are near-copies of others."""
        return sum(map(len, self.copies.groups))

    def superseded(self, *, at: int) -> dict[str, str]:
        """The articles that newer editions have taken the place of at a moment, each with that."""
        found = self.editions.superseded(at=at)
        return {old.edition.id: new.edition.id for old, new in found.items()}

    def articles_by(self, fact: Fact) -> dict[str, int]:
        """How many articles there are of each source, section and so on, as written, most first."""
        return self.store.articles_by(fact)

    def passages_by_role(self) -> dict[str, int]:
        """How many passages there are of each role, most first."""
        return self.store.passages_by_role()

    def days(self) -> Days:
        """The first and the last day of publication, and how many articles have none."""
        return self.store.days()

    def parts(self) -> list[SegmentPart]:
        """All articles, by segments."""
        return [SegmentPart(segment, self._digest(segment)) for segment in self.segments]

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

    def _digest(self, segment: Segment) -> str:
        """The SHA-256 of a segment's articles, by which it is known whatever generation has it."""
        return self.manifest.files[f"{SEGMENTS}/{segment.folder.name}/{ARTICLES}"].sha256

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
