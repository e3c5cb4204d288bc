"""The articles of one generation: what citations are taken from and checked against."""

from __future__ import annotations

import difflib
import json
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from pullquote.backends.milvus.client.conditions import Condition, alive_at, among, equal
from pullquote.backends.milvus.client.consistency import Settling
from pullquote.backends.milvus.client.server import Row, Server
from pullquote.backends.milvus.client.tables import ARTICLES, TEXTS
from pullquote.backends.milvus.lru_cache import Kept
from pullquote.backends.milvus.manifest import MilvusManifest
from pullquote.backends.milvus.rows import ENTRY_COLUMNS, read_article, told_of
from pullquote.errors import ArticleUnknown, ArticleWithheld
from pullquote.index.catalog.catalog_rows import entry_row
from pullquote.index.duplicates.revisions import Revision, superseded_revisions
from pullquote.schema import Article, well_formed

KEPT_ARTICLES = 256

ARTICLES_AT_ONCE = 64
"""Asked for together: with 64 KB each far below what one message may hold."""

_COMPARED_IDS = 3000
"""Ids among which those like an unknown one are looked for."""

_COLUMNS = ["id", "content", "content_key", "pieces", "crc", "origin", "copies", "file"]


@dataclass(frozen=True, slots=True)
class Held:
    """An article, the file it came from, and numbers that it shares with those it belongs with."""

    article: Article
    file: str
    origin: int
    copies: int


class Known(NamedTuple):
    """An article, the file it came from, and the SHA-256 of that."""

    id: str
    file: str
    version: str


class Articles:
    """Reads the articles of one generation."""

    def __init__(
        self, server: Server, index: str, manifest: MilvusManifest, settling: Settling
    ) -> None:
        self._server = server
        self._name = manifest.holds(ARTICLES, index=index)
        self._texts = manifest.holds(TEXTS, index=index)
        self._manifest = manifest
        self._settling = settling
        self._alive = alive_at(manifest.step)
        self._kept: Kept[str, Held] = Kept(KEPT_ARTICLES)

    def read(self, ids: Collection[str]) -> dict[str, Held]:
        """Those of the articles that there are.

        Raises:
            IndexDamaged: one is not as it was written.
        """
        asked = {id for id in ids if well_formed(id)}
        found = {id: held for id in asked if (held := self._kept.get(id)) is not None}
        for some in _some(sorted(asked - found.keys()), ARTICLES_AT_ONCE):
            rows = self._rows(self._name, among("id", some), _COLUMNS)
            for held in self._read(rows):
                found[held.article.id] = held
                self._kept.keep(held.article.id, held)
        return found

    def article(self, article: str) -> Article:
        """The article of that id, which may be shown.

        Raises:
            ArticleUnknown, ArticleWithheld: as their messages say.
        """
        held = self.read([article]).get(article)
        if held is None:
            known = self._names_like(article)
            similar = difflib.get_close_matches(article, known, n=2)
            raise ArticleUnknown(article, similar=tuple(similar))
        found = held.article
        if found.released > time.time():
            raise ArticleWithheld(article, status=found.status, until=found.embargoed)
        return found

    def all(self) -> Iterator[Held]:
        """Every article, few in memory at a time."""
        for some in _some(self.ids, ARTICLES_AT_ONCE):
            rows = self._rows(self._name, among("id", some), _COLUMNS)
            yield from sorted(self._read(rows), key=lambda held: held.article.id)

    @cached_property
    def known(self) -> list[Known]:
        """All articles with the files they came from, in order of their ids; read once."""
        rows = self.scan(["id", "file", "version"])
        return sorted(Known(row["id"], row["file"], row["version"]) for row in rows)

    @property
    def ids(self) -> list[str]:
        """The ids of all, sorted."""
        return [one.id for one in self.known]

    def scan(self, columns: Sequence[str]) -> Iterator[Row]:
        """Some columns of all rows."""
        return self._server.scan(self._name, self._alive, columns)

    def copies_of(self, article: str) -> list[str]:
        """The ids of the other articles printed from one source with it, sorted."""
        self.article(article)
        group = self.read([article])[article].copies
        if not group:
            return []
        rows = self._rows(self._name, equal("copies", group), ["id", "released"])
        now = time.time()
        return sorted(r["id"] for r in rows if r["id"] != article and r["released"] <= now)

    def sources(self, articles: Collection[str]) -> int:
        """How many independent sources some articles are."""
        if len(articles) < 2:
            return len(articles)
        found = self.read(articles)
        return len({held.origin if held.origin else id for id, held in found.items()})

    def superseded(self, *, at: int) -> dict[str, str]:
        """The articles that newer editions have taken the place of at a moment, each with that."""
        groups: dict[int, list[Revision]] = {}
        several = Condition("edition != {none}", {"none": 0}) & self._alive
        columns = ["key", "file", "version", "id", "item", "address"]
        columns += ["moment", "revision", "released", "edition"]
        for row in self._server.scan(self._name, several, columns):
            groups.setdefault(row["edition"], []).append(told_of(row).edition)
        return {
            old.id: new.id
            for group in groups.values()
            for old, new in superseded_revisions(group, at=at)
        }

    def entries(self, key: str, *, now: int) -> Iterator[tuple[object, ...]]:
        """The rows of the catalog."""
        for row, told in enumerate(self.scan(ENTRY_COLUMNS)):
            facts = [told[name] for name in ENTRY_COLUMNS]
            known = [fact if fact != "" else None for fact in facts]
            known[1] = told["day"] if told["day"] else None
            known[4] = json.dumps(names) if (names := json.loads(told["authors"])) else "[]"
            yield entry_row(key, [row, *known], now)

    def _rows(self, name: str, condition: Condition, columns: Sequence[str]) -> list[Row]:
        consistency = self._settling.consistency
        return self._server.rows(name, condition & self._alive, columns, consistency=consistency)

    def _names_like(self, article: str) -> list[str]:
        if self._manifest.articles <= _COMPARED_IDS:
            return self.ids
        if not well_formed(article):
            return []
        condition = equal("name", article.rpartition("/")[2]) & self._alive
        return [row["id"] for row in self._server.rows(self._name, condition, ["id"], limit=100)]

    def _read(self, rows: Sequence[Row]) -> Iterator[Held]:
        longer = [row["content_key"] for row in rows if row["pieces"]]
        pieces: dict[str, list[tuple[int, str]]] = {}
        for key in longer:
            found = self._rows(self._texts, equal("content_key", key), ["piece", "content"])
            pieces[key] = sorted((row["piece"], row["content"]) for row in found)
        for row in rows:
            others = [content for _, content in pieces.get(row["content_key"], ())]
            article = read_article(row, others, place=self._server.place)
            yield Held(article, str(row["file"]), int(row["origin"]), int(row["copies"]))


def _some(values: Sequence[str], count: int) -> Iterator[list[str]]:
    left = iter(values)
    while some := list(islice(left, count)):
        yield some
