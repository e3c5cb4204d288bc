"""One generation in Milvus, opened for reading. Any number of threads may share it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from pullquote.index.bm25 import idf
from pullquote.index.editions.history import EditionHistory
from pullquote.index.encoder import Vectors
from pullquote.index.metadata import Facet, PublicationDays
from pullquote.schema import Article, Filters, Passage, SearchMode
from pullquote.schema.errors import IndexDamaged
from pullquote_milvus.articles import StoredArticles
from pullquote_milvus.batches import chunks_of
from pullquote_milvus.client.conditions import alive_at
from pullquote_milvus.client.server import ReadConsistency, Server
from pullquote_milvus.client.tables import ARTICLES, DATA, PASSAGES, TERMS, clipped
from pullquote_milvus.manifest import MilvusManifest
from pullquote_milvus.rows import read_passage
from pullquote_milvus.search import PassageSearch
from pullquote_milvus.term_stats import MilvusTermField

PASSAGES_AT_ONCE = 16
"""How many passages one query reads, with their articles. Most questions need no more."""

MOST_LISTED_PASSAGES = 100_000
"""In a larger index, reading all terms from the server would take long, so that spelling is not
corrected."""


@dataclass(frozen=True, slots=True)
class AllArticles:
    """All articles of a generation as one part, since the server stores them together."""

    articles: StoredArticles
    key: str

    @property
    def deleted(self) -> frozenset[int]:
        """Always empty, since retired rows are never read."""
        return frozenset()

    def entries(self, *, now: int) -> Iterator[tuple[object, ...]]:
        """The rows of `index.catalog.catalog`."""
        return self.articles.entries(self.key, now=now)


class MilvusGeneration:
    """Searches and reads one generation. A generation never changes."""

    damage: IndexDamaged | None = None

    def __init__(self, server: Server, index: str, manifest: MilvusManifest) -> None:
        self.manifest = manifest
        self.published = manifest.published
        self.answers_for = manifest.generation
        consistency = ReadConsistency()
        self.stored_articles = StoredArticles(server, index, manifest, consistency)
        self._server = server
        self._index = index
        self._search = PassageSearch(server, index, manifest, consistency)

    @property
    def name(self) -> str:
        """The time at which the generation was started, to the microsecond."""
        return self.manifest.generation

    @property
    def searched(self) -> SearchMode:
        """The kinds of search that the index supports, as the server allowed at the last build."""
        return "dense and lexical" if self.manifest.lexical else "dense only"

    def check(self) -> MilvusGeneration:
        """Check that all collections exist and have as many rows as the manifest says.

        Returns the generation itself.

        Raises:
            IndexDamaged: a collection is missing, or has more or fewer rows.
        """
        manifest, alive = self.manifest, alive_at(self.manifest.step)
        names = {table: manifest.collection(table, index=self._index) for table in DATA}
        for name in names.values():
            if not self._server.exists(name):
                expected = f"the collection {name}"
                raise IndexDamaged(self._server.place, expected=expected, found="none")
        for table, rows in ((ARTICLES, manifest.articles), (PASSAGES, manifest.passages)):
            if (found := self._server.count(names[table], alive)) != rows:
                expected = f"{rows} {table.part} in {names[table]}"
                raise IndexDamaged(self._server.place, expected=expected, found=str(found))
        return self

    def nearest(self, vector: Vectors, *, k: int, filters: Filters) -> dict[int, float]:
        """The cosine of the `k` passages nearest to a vector, by passage id, nearest first."""
        return self._search.nearest(vector, k=k, filters=filters)

    def matching(self, terms: Sequence[str], *, k: int, filters: Filters) -> dict[int, float]:
        """The BM25 score of the `k` passages that match terms best, by passage id, best first."""
        return self._search.matching(terms, k=k, filters=filters)

    def cosines(self, vector: Vectors, passage_ids: Sequence[int]) -> list[float]:
        """The cosine of each of those passages with a vector of shape (dimension,)."""
        return self._search.cosines(vector, passage_ids)

    def rarity(self, terms: Sequence[str]) -> dict[str, float]:
        """BM25's inverse document frequency of each term: near 0 for a word in every passage."""
        counts = self._search.counts([f"{MilvusTermField.TEXT}{term}" for term in terms])
        passages = self.manifest.passages
        return {term: idf(counts[f"{MilvusTermField.TEXT}{term}"], passages) for term in terms}

    def unknown_terms(self, terms: Sequence[str]) -> list[str]:
        """The terms that no passage and no headline contains."""
        counts = self._search.counts(
            [f"{field}{term}" for term in terms for field in MilvusTermField]
        )
        return [
            term for term in terms if not any(counts[f"{field}{term}"] for field in MilvusTermField)
        ]

    @property
    def history(self) -> EditionHistory:
        """No earlier editions: only an index in a folder keeps them."""
        return EditionHistory()

    def since(self, article: str) -> None:
        """None, since the server does not note it."""

    def terms(self) -> Sequence[str]:
        """The distinct terms that consist of letters; none if there are too many passages."""
        return self._terms

    @cached_property
    def _terms(self) -> list[str]:
        if self.manifest.passages > MOST_LISTED_PASSAGES:
            return []
        name = self.manifest.collection(TERMS, index=self._index)
        rows = self._server.scan(name, alive_at(self.manifest.step), ["term"])
        found = {str(row["term"])[1:] for row in rows}  # without the prefix of the field
        return [term for term in found if term.isalpha()]

    def passages(self, passage_ids: Sequence[int]) -> Iterator[Passage]:
        """The passages with these ids, in their order. Each is read when the caller needs it.

        Raises:
            IndexDamaged: a passage is missing, or differs from the text of its article.
        """
        for some in chunks_of(passage_ids, PASSAGES_AT_ONCE):
            passages = [read_passage(row) for row in self._search.rows(some)]
            articles = self.stored_articles.read({passage.article for passage in passages})
            for passage in passages:
                stored = articles.get(passage.article)
                text = None
                if stored is not None:
                    text = stored.article.text[passage.start : passage.end]
                if text is None or clipped(text) != passage.text:
                    expected = f"the words of {passage.article!r} in passage {passage.id}"
                    raise IndexDamaged(self._server.place, expected=expected, found="others")
                yield passage

    def article(self, article: str) -> Article:
        """The article with this id.

        Raises:
            ArticleUnknown: no article has that id; the error names similar ids.
            ArticleWithheld: its source withheld it, or has not released it yet.
        """
        return self.stored_articles.article(article)

    def stored_article(self, article: str) -> Article | None:
        """The article with this id, even if it may not be shown; None if there is none."""
        found = self.stored_articles.read([article]).get(article)
        return None if found is None else found.article

    def articles(self) -> list[str]:
        """The ids of all articles, sorted."""
        return self.stored_articles.ids

    def article_versions(self, files: Collection[str] | None = None) -> dict[str, str]:
        """The SHA-256 of the file of each article, by its id; of all files, or of those given."""
        known = self.stored_articles.known
        wanted = None if files is None else frozenset(files)
        return {one.id: one.version for one in known if wanted is None or one.file in wanted}

    def versions(self) -> dict[str, str]:
        """The SHA-256 of every file that articles came from, by its path in the corpus."""
        return {one.file: one.version for one in self.stored_articles.known}

    def articles_of(self, files: Collection[str]) -> dict[str, str]:
        """The articles that came from those files, each id with its file."""
        wanted = frozenset(files)
        return {one.id: one.file for one in self.stored_articles.known if one.file in wanted}

    def articles_at(self, address: str) -> list[str]:
        """The ids of the articles with a web address, sorted."""
        return self.stored_articles.at(address)

    def near_duplicates_of(self, article: str) -> list[str]:
        """The ids of the near duplicates of an article, sorted.

        Raises:
            ArticleUnknown, ArticleWithheld: as for `article`.
        """
        return self.stored_articles.copies_of(article)

    def near_duplicate_groups(self) -> int:
        """The number of groups of near duplicates."""
        return self.manifest.copy_groups

    def near_duplicate_articles(self) -> int:
        """The number of articles that are near duplicates of others."""
        return self.manifest.copied

    def sources(self, articles: Collection[str]) -> int:
        """How many independent sources some articles have."""
        return self.stored_articles.sources(articles)

    def superseded(self, *, at: int) -> dict[str, str]:
        """The articles superseded at a moment, each with its newest revision."""
        return self.stored_articles.superseded(at=at)

    def articles_by(self, fact: Facet) -> dict[str, int]:
        """The number of articles of each source, section and so on, as written, largest first."""
        manifest = self.manifest
        found = {
            "source": manifest.sources,
            "section": manifest.sections,
            "language": manifest.languages,
            "kind": manifest.kinds,
        }
        return dict(found[fact])

    def passages_by_role(self) -> dict[str, int]:
        """The number of passages of each role, largest first."""
        return dict(self.manifest.roles)

    def days(self) -> PublicationDays:
        """The first and the last day of publication, and how many articles have none."""
        manifest = self.manifest
        return PublicationDays(manifest.first_day, manifest.last_day, manifest.undated)

    def catalog_segments(self) -> list[AllArticles]:
        """All articles, together."""
        return [AllArticles(self.stored_articles, self.name)]

    def close(self) -> None:
        """Does nothing: the connection belongs to the index."""
