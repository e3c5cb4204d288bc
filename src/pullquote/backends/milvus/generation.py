"""One generation in Milvus, opened for reading. Any number of threads may share it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from pullquote.backends.milvus.articles import Articles
from pullquote.backends.milvus.client.conditions import alive_at
from pullquote.backends.milvus.client.consistency import Settling
from pullquote.backends.milvus.client.server import Server
from pullquote.backends.milvus.client.tables import ARTICLES, DATA, PASSAGES, clipped
from pullquote.backends.milvus.manifest import Stored
from pullquote.backends.milvus.search import Search
from pullquote.backends.milvus.term_stats import Field
from pullquote.encoder import Vectors
from pullquote.errors import IndexDamaged
from pullquote.index.metadata import Days, Fact
from pullquote.schema import Article, Filters, Passage, SearchMode

PASSAGES_AT_ONCE = 16
"""Read ahead, with their articles: as many as a question mostly needs."""


@dataclass(frozen=True, slots=True)
class AllArticles:
    """All articles of a generation: they are listed together."""

    articles: Articles
    key: str

    @property
    def gone(self) -> frozenset[int]:
        """None: those that are out are not counted."""
        return frozenset()

    def entries(self, *, now: int) -> Iterator[tuple[object, ...]]:
        """The rows of `index.catalog.catalog`."""
        return self.articles.entries(self.key, now=now)


class MilvusGeneration:
    """Searches and reads one generation, which never changes."""

    damage: IndexDamaged | None = None

    def __init__(self, server: Server, index: str, stored: Stored) -> None:
        self.manifest = stored.manifest
        self.published = stored.published
        self.answers_for = stored.published.name
        settling = Settling()
        self.stored_articles = Articles(server, index, stored.manifest, settling)
        self._server = server
        self._index = index
        self._search = Search(server, index, stored.manifest, settling)

    @property
    def name(self) -> str:
        """The time it was begun, to the microsecond."""
        return self.manifest.generation

    @property
    def searched(self) -> SearchMode:
        """By words too, where the server could when it was built."""
        return "dense and lexical" if self.manifest.lexical else "dense only"

    def check(self) -> MilvusGeneration:
        """The generation itself, after looking for its collections and counting their rows.

        Raises:
            IndexDamaged: one is not there, or there are more or fewer than its manifest says.
        """
        manifest, alive = self.manifest, alive_at(self.manifest.step)
        names = {table: manifest.holds(table, index=self._index) for table in DATA}
        for name in names.values():
            if not self._server.exists(name):
                what = f"the collection {name}"
                raise IndexDamaged(self._server.place, expected=what, found="none")
        for table, expected in ((ARTICLES, manifest.articles), (PASSAGES, manifest.passages)):
            if (found := self._server.count(names[table], alive)) != expected:
                told = f"{expected} {table.part} in {names[table]}"
                raise IndexDamaged(self._server.place, expected=told, found=str(found))
        return self

    def nearest(self, vector: Vectors, *, k: int, filters: Filters) -> dict[int, float]:
        """The cosine of the `k` passages nearest to a vector, by number, nearest first."""
        return self._search.nearest(vector, k=k, filters=filters)

    def matching(self, terms: Sequence[str], *, k: int, filters: Filters) -> dict[int, float]:
        """The BM25 score of the `k` passages that match terms best, by number, best first."""
        return self._search.matching(terms, k=k, filters=filters)

    def cosines(self, vector: Vectors, numbers: Sequence[int]) -> list[float]:
        """The cosine of each of those passages with a vector of shape (dimension,)."""
        return self._search.cosines(vector, numbers)

    def rarity(self, terms: Sequence[str]) -> dict[str, float]:
        """BM25's inverse document frequency of each term: near 0 for a word of every passage."""
        counts = self._search.counts([f"{Field.TEXT}{term}" for term in terms])
        return self.manifest.rarity({term: counts[f"{Field.TEXT}{term}"] for term in terms})

    def unknown(self, terms: Sequence[str]) -> list[str]:
        """Those terms that stand in no passage and no headline of one."""
        counts = self._search.counts([f"{field}{term}" for term in terms for field in Field])
        return [term for term in terms if not any(counts[f"{field}{term}"] for field in Field)]

    def passages(self, numbers: Sequence[int]) -> Iterator[Passage]:
        """The passages of those numbers, in their order; read as they are asked for.

        Raises:
            IndexDamaged: one is missing, or is not what its article says there.
        """
        for at in range(0, len(numbers), PASSAGES_AT_ONCE):
            some = list(self._search.passages(numbers[at : at + PASSAGES_AT_ONCE]))
            held = self.stored_articles.read({passage.article for passage in some})
            for passage in some:
                article = held[passage.article].article if passage.article in held else None
                said = None if article is None else article.text[passage.start : passage.end]
                if said is None or clipped(said) != passage.text:
                    expected = f"the words of {passage.article!r} in passage {passage.id}"
                    raise IndexDamaged(self._server.place, expected=expected, found="others")
                yield passage

    def article(self, article: str) -> Article:
        """The article of that id.

        Raises:
            ArticleUnknown: with the ids that look most like it.
            ArticleWithheld: its source has withheld it, or not released it yet.
        """
        return self.stored_articles.article(article)

    def held(self, article: str) -> Article | None:
        """The article of that id, also one that may not be shown; None where there is none."""
        found = self.stored_articles.read([article]).get(article)
        return None if found is None else found.article

    def articles(self) -> list[str]:
        """The ids of all articles, sorted."""
        return self.stored_articles.ids

    def article_versions(self) -> dict[str, str]:
        """The SHA-256 of the file that each article came from, by the article's id."""
        return {one.id: one.version for one in self.stored_articles.known}

    def versions(self) -> dict[str, str]:
        """The SHA-256 of every file that gave articles, by its path relative to the corpus."""
        return {one.file: one.version for one in self.stored_articles.known}

    def articles_of(self, files: Collection[str]) -> dict[str, str]:
        """The articles that those files gave, by their ids, each with its file."""
        wanted = frozenset(files)
        return {one.id: one.file for one in self.stored_articles.known if one.file in wanted}

    def copies_of(self, article: str) -> list[str]:
        """The ids of the other articles printed from one source with it, sorted.

        Raises:
            ArticleUnknown, ArticleWithheld: as `article`.
        """
        return self.stored_articles.copies_of(article)

    def copy_groups(self) -> int:
        """How many groups of near-copies there are."""
        return self.manifest.copy_groups

    def copied(self) -> int:
        """How many articles are near-copies of others."""
        return self.manifest.copied

    def sources(self, articles: Collection[str]) -> int:
        """How many independent sources some articles are."""
        return self.stored_articles.sources(articles)

    def superseded(self, *, at: int) -> dict[str, str]:
        """The articles that newer editions have taken the place of at a moment, each with that."""
        return self.stored_articles.superseded(at=at)

    def articles_by(self, fact: Fact) -> dict[str, int]:
        """How many articles there are of each source, section and so on, as written, most first."""
        manifest = self.manifest
        found = {
            "source": manifest.sources,
            "section": manifest.sections,
            "language": manifest.languages,
            "kind": manifest.kinds,
        }
        return dict(found[fact])

    def passages_by_role(self) -> dict[str, int]:
        """How many passages there are of each role, most first."""
        return dict(self.manifest.roles)

    def days(self) -> Days:
        """The first and the last day of publication, and how many articles have none."""
        manifest = self.manifest
        return Days(manifest.first_day, manifest.last_day, manifest.undated)

    def parts(self) -> list[AllArticles]:
        """All articles, together."""
        return [AllArticles(self.stored_articles, self.name)]

    def close(self) -> None:
        """Nothing is held open: the connection is the index's."""
