"""The articles of one generation: the texts that citations are taken from and checked against."""

from __future__ import annotations

import difflib
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
from pullquote.schema import Article, well_formed
from pullquote.schema.errors import ArticleUnknown, ArticleWithheld
from pullquote_milvus.batches import chunks_of
from pullquote_milvus.client.conditions import Condition, alive_at, among, equal
from pullquote_milvus.client.server import ReadConsistency, Row, Server
from pullquote_milvus.client.tables import ARTICLES, TEXTS
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

_COMPARED_IDS = 3000
"""If a generation has no more articles than this, an unknown id is compared with all ids, to
suggest similar ones."""

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


class StoredArticles:
    """Reads the articles of one generation."""

    def __init__(
        self, server: Server, index: str, manifest: MilvusManifest, consistency: ReadConsistency
    ) -> None:
        self._server = server
        self._name = manifest.collection(ARTICLES, index=index)
        self._texts = manifest.collection(TEXTS, index=index)
        self._manifest = manifest
        self._consistency = consistency
        self._alive = alive_at(manifest.step)
        self._cache: LruCache[str, MilvusArticle] = LruCache(CACHED_ARTICLES)

    def read(self, ids: Collection[str]) -> dict[str, MilvusArticle]:
        """The articles with those ids, by id; unknown ids are left out.

        Raises:
            IndexDamaged: an article is not as it was written.
        """
        asked = {id for id in ids if well_formed(id)}
        found = {id: cached for id in asked if (cached := self._cache.get(id)) is not None}
        for some in chunks_of(sorted(asked - found.keys()), ARTICLES_AT_ONCE):
            rows = self._rows(self._name, among("id", some), _COLUMNS)
            for stored in self._read(rows):
                found[stored.article.id] = stored
                self._cache.put(stored.article.id, stored)
        return found

    def article(self, article: str) -> Article:
        """The article with this id, if it may be shown.

        Raises:
            ArticleUnknown, ArticleWithheld: as their messages say.
        """
        stored = self.read([article]).get(article)
        if stored is None:
            similar = difflib.get_close_matches(article, self._similar_ids(article), n=2)
            raise ArticleUnknown(article, similar=tuple(similar))
        found = stored.article
        if found.released > time.time():
            raise ArticleWithheld(article, status=found.status, until=found.embargoed)
        return found

    @cached_property
    def known(self) -> list[ArticleFile]:
        """All articles with their files, sorted by id; read once."""
        rows = self.scan(["id", "file", "version"])
        return sorted(ArticleFile(row["id"], row["file"], row["version"]) for row in rows)

    @property
    def ids(self) -> list[str]:
        """The ids of all articles, sorted."""
        return [one.id for one in self.known]

    def scan(self, columns: Sequence[str]) -> Iterator[Row]:
        """The given columns of all rows."""
        return self._server.scan(self._name, self._alive, columns)

    def copies_of(self, article: str) -> list[str]:
        """The ids of the near duplicates of an article, sorted."""
        self.article(article)
        group = self.read([article])[article].copies
        if not group:
            return []
        rows = self._rows(self._name, equal("copies", group), ["id", "released"])
        now = time.time()
        return sorted(r["id"] for r in rows if r["id"] != article and r["released"] <= now)

    def at(self, address: str) -> list[str]:
        """The ids of the articles with a web address, sorted."""
        if not (digest := address_digest(address)):
            return []
        return sorted(row["id"] for row in self._rows(self._name, equal("address", digest), ["id"]))

    def sources(self, articles: Collection[str]) -> int:
        """How many independent sources some articles have."""
        if len(articles) < 2:
            return len(articles)
        return len({stored.origin or id for id, stored in self.read(articles).items()})

    def superseded(self, *, at: int) -> dict[str, str]:
        """The articles superseded at a moment, each with its newest revision."""
        groups: dict[int, list[Revision]] = {}
        several = Condition("edition != {none}", {"none": 0}) & self._alive
        for row in self._server.scan(self._name, several, [*EDITION_COLUMNS, "edition"]):
            groups.setdefault(row["edition"], []).append(read_revision(row))
        return {
            old.id: new.id
            for group in groups.values()
            for old, new in superseded_revisions(group, at=at)
        }

    def entries(self, key: str, *, now: int) -> Iterator[tuple[object, ...]]:
        """The catalog's rows for all articles."""
        for position, row in enumerate(self.scan(ENTRY_COLUMNS)):
            entry = {name: row[name] if row[name] != "" else None for name in ENTRY_COLUMNS}
            entry["day"] = row["day"] or None
            entry["authors"] = json.dumps(json.loads(row["authors"]))
            yield entry_row(key, [position, *entry.values(), *_UNCOUNTED], now)

    def _rows(self, name: str, condition: Condition, columns: Sequence[str]) -> list[Row]:
        level = self._consistency.level
        return self._server.rows(name, condition & self._alive, columns, consistency=level)

    def _similar_ids(self, article: str) -> list[str]:
        """Known ids that are similar to an unknown one."""
        if self._manifest.articles <= _COMPARED_IDS:
            return self.ids
        if not well_formed(article):
            return []
        condition = equal("name", article.rpartition("/")[2]) & self._alive
        return [row["id"] for row in self._server.rows(self._name, condition, ["id"], limit=100)]

    def _read(self, rows: Sequence[Row]) -> Iterator[MilvusArticle]:
        for row in rows:
            others: list[str] = []
            if row["pieces"]:
                same_key = equal("content_key", row["content_key"])
                pieces = self._rows(self._texts, same_key, ["piece", "content"])
                others = [one["content"] for one in sorted(pieces, key=lambda one: one["piece"])]
            article = read_article(row, others, place=self._server.place)
            yield MilvusArticle(article, row["file"], row["origin"], row["copies"])
