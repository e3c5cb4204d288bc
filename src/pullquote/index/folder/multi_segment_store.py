"""The articles of all segments of a generation."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache, partial
from heapq import merge
from itertools import chain
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pullquote.index.duplicates.near_duplicates import ArticlePosition
from pullquote.index.duplicates.revisions import address_digest
from pullquote.index.folder.folder_manifest import FolderManifest
from pullquote.index.folder.segments.arrays import read_array
from pullquote.index.folder.segments.store import Store, StoredArticle
from pullquote.index.metadata import Facet, PublicationDays, counted_names
from pullquote.schema import Article, Passage
from pullquote.schema.errors import IndexDamaged

SEGMENTS, DELETED = "segments", "gone"


class MultiSegmentStore:
    """Reads articles and passages from whichever segment has them. Threads may share it."""

    def __init__(self, folder: Path, stores: Sequence[Store]) -> None:
        self.folder = folder
        self.stores = stores
        # A cache on a method would keep the store's files open until garbage collection.
        self._articles_by = cache(partial(_articles_by, stores))

    @classmethod
    def open(cls, folder: Path, manifest: FolderManifest) -> MultiSegmentStore:
        """The articles of a generation whose digests the caller has checked."""
        stores = [
            Store(folder / SEGMENTS / name, deleted=deleted_rows(folder, name).tolist())
            for name in manifest.segments
        ]
        return cls(folder, stores)

    def stored_article(self, article: str) -> Article | None:
        """The article with this id, even if it may not be shown; None if there is none."""
        found = (store.article(article) for store in self.stores)
        return next((article for article in found if article is not None), None)

    def since(self, article: str) -> int | None:
        """When the text of the article with this id came into the index; see `StoredText`."""
        for position in self.positions([article]):
            return self.stores[position.segment].since(position.row)
        return None

    def articles(self) -> list[str]:
        """The ids of all articles, sorted."""
        return list(merge(*(store.articles() for store in self.stores)))

    def positions(self, articles: Iterable[str]) -> Iterator[ArticlePosition]:
        """The positions of the articles with these ids."""
        for article in articles:
            for segment, store in enumerate(self.stores):
                if (row := store.row(article)) is not None:
                    yield ArticlePosition(segment, row)

    def all_articles(self) -> Iterator[StoredArticle]:
        """Every article with its file and passages, one in memory at a time."""
        return chain.from_iterable(store.all_articles() for store in self.stores)

    def versions(self) -> dict[str, str]:
        """The SHA-256 of every file with articles, by its path relative to the corpus."""
        return {k: v for store in self.stores for k, v in store.versions().items()}

    def article_versions(self, files: Collection[str] | None = None) -> dict[str, str]:
        """The SHA-256 of the file of each article, by its id; of all files, or of those given."""
        return {k: v for store in self.stores for k, v in store.article_versions(files).items()}

    def articles_of(self, files: Collection[str]) -> dict[str, str]:
        """The ids of the articles in those files, each with its file."""
        return {k: v for store in self.stores for k, v in store.articles_of(files).items()}

    def articles_at(self, address: str) -> list[str]:
        """The ids of the articles with a web address, sorted."""
        digest = address_digest(address)
        found = (store.articles_at(digest) for store in self.stores) if digest else ()
        return sorted(chain.from_iterable(found))

    def passage(self, passage_id: int) -> Passage:
        """The passage with this id, with its text taken from its article.

        Raises:
            IndexDamaged: there is none, although the vectors or postings refer to it.
        """
        for store in self.stores:
            if (found := store.passage(passage_id)) is not None:
                return found
        raise IndexDamaged(self.folder, expected=f"passage {passage_id}", found="none")

    def passages_by_role(self) -> dict[str, int]:
        """The number of passages of each role, largest first."""
        counts = (store.passages_by_role().items() for store in self.stores)
        return counted_names(chain.from_iterable(counts))

    def articles_by(self, facet: Facet) -> dict[str, int]:
        """The number of articles of each source, section and so on, largest first; counted once."""
        return dict(self._articles_by(facet))

    def days(self) -> PublicationDays:
        """The first and last day of publication, and the number of undated articles."""
        found = [store.days() for store in self.stores]
        first = [days.first for days in found if days.first is not None]
        last = [days.last for days in found if days.last is not None]
        undated = sum(days.undated for days in found)
        return PublicationDays(min(first, default=None), max(last, default=None), undated)

    def close(self) -> None:
        """Close the files."""
        for store in self.stores:
            store.close()


def deleted_rows_file(folder: Path, segment: str) -> Path:
    """The file with the rows of a segment's articles that a generation has deleted."""
    return folder / DELETED / f"{segment}.i32"


def deleted_rows(folder: Path, segment: str) -> npt.NDArray[np.int32]:
    """The rows of a segment's deleted articles, sorted."""
    path = deleted_rows_file(folder, segment)
    if not path.exists():
        return np.empty(0, dtype=np.int32)
    return read_array(path, "<i4")


def _articles_by(stores: Sequence[Store], facet: Facet) -> dict[str, int]:
    counts = (store.articles_by(facet).items() for store in stores)
    return counted_names(chain.from_iterable(counts))
