"""The articles of one generation: the texts that citations are taken from and checked against."""

from __future__ import annotations

import json
import threading
import time
from collections import OrderedDict
from collections.abc import Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, NamedTuple, TypeVar

from pullquote.index.catalog.catalog_rows import entry_row
from pullquote.index.duplicates.revisions import (
    Revision,
    address_digest,
    superseded_revisions,
)
from pullquote.index.metadata import COMPARED_IDS, shown, similar_ids
from pullquote.schema import Article, well_formed
from pullquote.schema.errors import ArticleUnknown
from pullquote_milvus.batches import chunks_of
from pullquote_milvus.client.conditions import Condition, alive_at, among, equal
from pullquote_milvus.client.server import Consistency, Row, Server
from pullquote_milvus.client.tables import ARTICLES, TEXTS, MilvusTable
from pullquote_milvus.manifest import MilvusManifest
from pullquote_milvus.rows import (
    EDITION_COLUMNS,
    ENTRY_COLUMNS,
    read_article,
    read_revision,
)

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class LruCache(Generic[Key, Value]):
    """At most `size` values; a new value replaces the least recently used one."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: OrderedDict[Key, Value] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key) -> Value | None:
        """The value of a key; None if it is not cached."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def put(self, key: Key, value: Value) -> None:
        """Cache a value."""
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            if len(self._values) > self._size:
                self._values.popitem(last=False)


CACHED_ARTICLES = 256

ARTICLES_AT_ONCE = 64
"""How many articles one query reads. At 64 KB each, they stay far below the limit of a message."""

CONSISTENT_AFTER_SECONDS = 10.0
"""Seconds until every replica has what was written before a generation was opened. Milvus promises
that no replica is more than 5 seconds behind. Strong consistency costs 0.2 seconds per call."""

_UNCOUNTED = (None, None)
"""The length and the number of passages of an article, which no column has."""

_COLUMNS = ["id", "content", "content_key", "pieces", "crc", "origin", "copies", "file"]


@dataclass(frozen=True, slots=True)
class MilvusArticle:
    """An article, its file, and the ids of the groups it belongs to."""

    article: Article
    file: str
    origin: int
    copies: int


class ArticleFile(NamedTuple):
    """The id of an article, its file, and the SHA-256 of that file."""

    id: str
    file: str
    version: str


class GenerationReader:
    """Reads the rows of one generation."""

    def __init__(self, server: Server, index: str, manifest: MilvusManifest) -> None:
        self.manifest = manifest
        self._server = server
        self._index = index
        self._alive = alive_at(manifest.step)
        self._opened = time.monotonic()

    def _name(self, table: MilvusTable) -> str:
        return self.manifest.collection(table, index=self._index)

    @property
    def _consistency(self) -> Consistency:
        """The level to ask for now; strong only for a short time after the start."""
        everywhere = time.monotonic() - self._opened > CONSISTENT_AFTER_SECONDS
        return "Bounded" if everywhere else "Strong"

    def _rows(self, table: MilvusTable, condition: Condition, columns: Sequence[str]) -> list[Row]:
        """The rows of this generation that fulfil a condition."""
        return self._server.rows(
            self._name(table), condition & self._alive, columns, consistency=self._consistency
        )


class ArticleReader(GenerationReader):
    """Reads the articles of one generation."""

    def __init__(self, server: Server, index: str, manifest: MilvusManifest) -> None:
        super().__init__(server, index, manifest)
        self._cached_articles: LruCache[str, MilvusArticle] = LruCache(CACHED_ARTICLES)

    def read_articles(self, ids: Collection[str]) -> dict[str, MilvusArticle]:
        """The articles with those ids, by id; unknown ids are left out.

        Raises:
            IndexDamaged: an article is not as it was written.
        """
        asked = {id for id in ids if well_formed(id)}
        found = {
            id: cached for id in asked if (cached := self._cached_articles.get(id)) is not None
        }
        for some in chunks_of(sorted(asked - found.keys()), ARTICLES_AT_ONCE):
            for row in self._rows(ARTICLES, among("id", some), _COLUMNS):
                stored = self._read_article(row)
                found[stored.article.id] = stored
                self._cached_articles.put(stored.article.id, stored)
        return found

    def article(self, article: str) -> Article:
        """The article with this id, if it may be shown; see `OpenGeneration.article`."""
        found = self.stored_article(article)
        if found is None:
            raise ArticleUnknown(article, similar=similar_ids(article, self._similar_ids(article)))
        return shown(found)

    def stored_article(self, article: str) -> Article | None:
        """The article with this id, even if it may not be shown; None if there is none."""
        found = self.read_articles([article]).get(article)
        return None if found is None else found.article

    @cached_property
    def known(self) -> list[ArticleFile]:
        """All articles with their files, sorted by id; read once."""
        rows = self._scan_articles(["id", "file", "version"])
        return sorted(ArticleFile(row["id"], row["file"], row["version"]) for row in rows)

    def articles(self) -> list[str]:
        """The ids of all articles, sorted."""
        return [one.id for one in self.known]

    def article_versions(self, files: Collection[str] | None = None) -> dict[str, str]:
        """The SHA-256 of the file of each article, by its id; of all files, or of those given."""
        wanted = None if files is None else frozenset(files)
        return {one.id: one.version for one in self.known if wanted is None or one.file in wanted}

    def versions(self) -> dict[str, str]:
        """The SHA-256 of every file with articles, by its path relative to the corpus."""
        return {one.file: one.version for one in self.known}

    def articles_of(self, files: Collection[str]) -> dict[str, str]:
        """The ids of the articles in those files, each with its file."""
        wanted = frozenset(files)
        return {one.id: one.file for one in self.known if one.file in wanted}

    def articles_at(self, address: str) -> list[str]:
        """The ids of the articles with a web address, sorted."""
        if not (digest := address_digest(address)):
            return []
        return sorted(row["id"] for row in self._rows(ARTICLES, equal("address", digest), ["id"]))

    def near_duplicates_of(self, article: str) -> list[str]:
        """The ids of an article's near duplicates; see `OpenGeneration.near_duplicates_of`."""
        self.article(article)
        group = self.read_articles([article])[article].copies
        if not group:
            return []
        rows = self._rows(ARTICLES, equal("copies", group), ["id", "released"])
        now = time.time()
        return sorted(r["id"] for r in rows if r["id"] != article and r["released"] <= now)

    def sources(self, articles: Collection[str]) -> int:
        """The number of independent sources of some articles."""
        if len(articles) < 2:
            return len(articles)
        return len({stored.origin or id for id, stored in self.read_articles(articles).items()})

    def superseded(self, *, at: int) -> dict[str, str]:
        """The articles superseded at a moment, each with its newest revision."""
        groups: dict[int, list[Revision]] = {}
        several = Condition("edition != {none}", {"none": 0}) & self._alive
        columns = [*EDITION_COLUMNS, "edition"]
        for row in self._server.scan(self._name(ARTICLES), several, columns):
            groups.setdefault(row["edition"], []).append(read_revision(row))
        return {
            old.id: new.id
            for group in groups.values()
            for old, new in superseded_revisions(group, at=at)
        }

    def entries(self, *, now: int) -> Iterator[tuple[object, ...]]:
        """The rows of `index.catalog.catalog` for all articles."""
        for position, row in enumerate(self._scan_articles(ENTRY_COLUMNS)):
            entry = {name: row[name] if row[name] != "" else None for name in ENTRY_COLUMNS}
            entry["day"] = row["day"] or None
            entry["authors"] = json.dumps(json.loads(row["authors"]))
            key = self.manifest.generation
            yield entry_row(key, [position, *entry.values(), *_UNCOUNTED], now)

    def _scan_articles(self, columns: Sequence[str]) -> Iterator[Row]:
        return self._server.scan(self._name(ARTICLES), self._alive, columns)

    def _similar_ids(self, article: str) -> list[str]:
        """All ids if they are few; otherwise those of the same file name."""
        if self.manifest.articles <= COMPARED_IDS:
            return self.articles()
        if not well_formed(article):
            return []
        condition = equal("name", article.rpartition("/")[2]) & self._alive
        rows = self._server.rows(self._name(ARTICLES), condition, ["id"], limit=100)
        return [row["id"] for row in rows]

    def _read_article(self, row: Row) -> MilvusArticle:
        others: list[str] = []
        if row["pieces"]:
            same_key = equal("content_key", row["content_key"])
            pieces = self._rows(TEXTS, same_key, ["piece", "content"])
            others = [one["content"] for one in sorted(pieces, key=lambda one: one["piece"])]
        article = read_article(row, others, place=self._server.place)
        return MilvusArticle(article, row["file"], row["origin"], row["copies"])
