"""One generation in Milvus, opened for reading. Any number of threads may share it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from pullquote.index.editions.history import EditionHistory
from pullquote.index.interfaces import GenerationRef
from pullquote.index.metadata import Facet, PublicationDays
from pullquote.schema import Passage, SearchMode
from pullquote.schema.errors import IndexDamaged
from pullquote_milvus.articles import ArticleReader
from pullquote_milvus.batches import chunks_of
from pullquote_milvus.client.tables import ARTICLES, DATA, PASSAGES, TERMS, clipped
from pullquote_milvus.rows import read_passage
from pullquote_milvus.search import PassageSearch

PASSAGES_AT_ONCE = 16
"""How many passages one query reads, with their articles. Most questions need no more."""

MOST_LISTED_PASSAGES = 100_000
"""In a larger index, reading all terms from the server would take long, so that spelling is not
corrected."""


@dataclass(frozen=True, slots=True)
class AllArticles:
    """All articles of a generation as one part, since the server stores them together."""

    articles: ArticleReader
    key: str

    @property
    def deleted(self) -> frozenset[int]:
        """Always empty, since retired rows are never read."""
        return frozenset()

    def entries(self, *, now: int) -> Iterator[tuple[object, ...]]:
        """The rows of `index.catalog.catalog`."""
        return self.articles.entries(now=now)


class MilvusGeneration(ArticleReader, PassageSearch):
    """Searches and reads one generation. A generation never changes."""

    damage: IndexDamaged | None = None

    @cached_property
    def published(self) -> GenerationRef:
        """The name of the generation, and the digest of its manifest."""
        return self.manifest.published

    @property
    def answers_for(self) -> str:
        """The name of the generation that was asked for, which is this one."""
        return self.name

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
        for name in map(self._name, DATA):
            if not self._server.exists(name):
                expected = f"the collection {name}"
                raise IndexDamaged(self._server.place, expected=expected, found="none")
        for table, rows in (
            (ARTICLES, self.manifest.articles),
            (PASSAGES, self.manifest.passages),
        ):
            if (found := self._server.count(self._name(table), self._alive)) != rows:
                expected = f"{rows} {table.part} in {self._name(table)}"
                raise IndexDamaged(self._server.place, expected=expected, found=str(found))
        return self

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
        rows = self._server.scan(self._name(TERMS), self._alive, ["term"])
        found = {str(row["term"])[1:] for row in rows}  # without the prefix of the field
        return [term for term in found if term.isalpha()]

    def passages(self, passage_ids: Sequence[int]) -> Iterator[Passage]:
        """The passages with these ids, in their order. Each is read when the caller needs it.

        Raises:
            IndexDamaged: a passage is missing, or differs from the text of its article.
        """
        for some in chunks_of(passage_ids, PASSAGES_AT_ONCE):
            passages = [read_passage(row) for row in self.passage_rows(some)]
            articles = self.read_articles({passage.article for passage in passages})
            for passage in passages:
                stored = articles.get(passage.article)
                text = None
                if stored is not None:
                    text = stored.article.text[passage.start : passage.end]
                if text is None or clipped(text) != passage.text:
                    expected = f"the words of {passage.article!r} in passage {passage.id}"
                    raise IndexDamaged(self._server.place, expected=expected, found="others")
                yield passage

    def near_duplicate_groups(self) -> int:
        """The number of groups of near duplicates."""
        return self.manifest.copy_groups

    def near_duplicate_articles(self) -> int:
        """The number of articles that are near duplicates of others."""
        return self.manifest.copied

    def articles_by(self, facet: Facet) -> dict[str, int]:
        """The number of articles of each source, section and so on, as written, largest first."""
        return dict(getattr(self.manifest, f"{facet}s"))

    def passages_by_role(self) -> dict[str, int]:
        """The number of passages of each role, largest first."""
        return dict(self.manifest.roles)

    def days(self) -> PublicationDays:
        """The first and the last day of publication, and how many articles have none."""
        manifest = self.manifest
        return PublicationDays(manifest.first_day, manifest.last_day, manifest.undated)

    def catalog_segments(self) -> list[AllArticles]:
        """All articles, together."""
        return [AllArticles(self, self.name)]

    def close(self) -> None:
        """Does nothing: the connection belongs to the index."""
