"""The interfaces of an index for search and rebuilds, wherever it is stored.

`index.folder.index_folder` implements them in a folder. A backend, which may be in another package,
implements them elsewhere; see `index.backend_interfaces`. `pullquote.integrations.testing` tests
what these docstrings promise.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from pullquote.index.editions.history import EditionHistory
from pullquote.index.encoder import EncoderIdentity, Vectors
from pullquote.index.manifest import FailedFile, IndexConfig, Manifest
from pullquote.index.metadata import Facet, PublicationDays
from pullquote.schema import Article, Filters, Passage, SearchMode
from pullquote.schema.errors import IndexDamaged
from pullquote.schema.file_limits import Limits
from pullquote.schema.settings import Settings


@dataclass(frozen=True, slots=True)
class GenerationRef:
    """The name of a generation and the SHA-256 of its manifest, in hex."""

    name: str
    digest: str


@dataclass(frozen=True, slots=True)
class StorageUse:
    """The number of stored generations, and the bytes of each kind of content."""

    generations: int
    sizes: dict[str, int]


class CatalogSegment(Protocol):
    """Some articles of a generation, which later generations may share.

    `key` is the same in all generations that share the articles. `deleted` are the rows of the
    articles that are no longer in this generation.
    """

    @property
    def key(self) -> str:
        """The identity of these articles."""

    @property
    def deleted(self) -> frozenset[int]:
        """The rows of the deleted articles."""

    def entries(self, *, now: int) -> Iterator[tuple[object, ...]]:
        """The rows of `index.catalog.catalog` for the live articles."""


class OpenGeneration(Protocol):
    """One whole state of the index, open for reading. Any number of threads may share it.

    If the generation that `answers_for` names is damaged, this is an older one, and `damage` says
    what is wrong with the newer one.
    """

    @property
    def name(self) -> str:
        """The time at which the generation was started, to the microsecond."""

    @property
    def answers_for(self) -> str:
        """The name of the generation that was asked for."""

    @property
    def manifest(self) -> Manifest:
        """The manifest of the generation."""

    @property
    def published(self) -> GenerationRef:
        """The name of the generation, and the digest of its manifest."""

    @property
    def damage(self) -> IndexDamaged | None:
        """What is wrong with the generation that was asked for; None if it is sound."""

    @property
    def searched(self) -> SearchMode:
        """The kinds of search that the index supports."""

    def nearest(self, vector: Vectors, *, k: int, filters: Filters) -> Mapping[int, float]:
        """The `k` passages nearest to a vector, nearest first: each passage id with its cosine."""

    def matching(self, terms: Sequence[str], *, k: int, filters: Filters) -> Mapping[int, float]:
        """The `k` passages that match terms best, best first: each id with its BM25 score."""

    def cosines(self, vector: Vectors, passage_ids: Sequence[int]) -> list[float]:
        """The cosine of each passage with a vector of shape (dimension,)."""

    def rarity(self, terms: Sequence[str]) -> dict[str, float]:
        """BM25's inverse document frequency of each term: near 0 for a word in every passage."""

    def unknown_terms(self, terms: Sequence[str]) -> list[str]:
        """The terms that occur neither in a passage nor in its headline."""

    def terms(self) -> Sequence[str]:
        """The distinct terms that consist of letters, in no particular order, to correct spelling.

        Terms of deleted articles may be among them. Empty if listing them would take long; then
        spelling is not corrected.
        """

    def passages(self, passage_ids: Sequence[int]) -> Iterator[Passage]:
        """The passages with these ids, in the order given; each is read only when needed."""

    def article(self, article: str) -> Article:
        """The article with this id.

        Raises:
            ArticleUnknown: no article has that id; the error names the most similar ids.
            ArticleWithheld: its source has withheld it, or not released it yet.
        """

    def stored_article(self, article: str) -> Article | None:
        """The article with this id, even if it may not be shown; None if there is none."""

    @property
    def history(self) -> EditionHistory:
        """The earlier editions of the articles; empty if the index keeps none."""

    def since(self, article: str) -> int | None:
        """When the text of an article came into the index; None if that is not known.

        In microseconds since 1970.
        """

    def articles(self) -> list[str]:
        """The ids of all articles, sorted."""

    def article_versions(self, files: Collection[str] | None = None) -> dict[str, str]:
        """The SHA-256 of the file of each article, by its id; of all files, or of those given."""

    def versions(self) -> dict[str, str]:
        """The SHA-256 of every file with articles, by its path relative to the corpus."""

    def articles_of(self, files: Collection[str]) -> dict[str, str]:
        """The ids of the articles in those files, each with its file."""

    def articles_at(self, address: str) -> list[str]:
        """The ids of the articles with a web address, such as the revisions of one, sorted.

        Parts of an address that do not identify a page, such as "utm_source", do not count.
        """

    def near_duplicates_of(self, article: str) -> list[str]:
        """The ids of the other articles that were printed from the same source, sorted.

        Articles that may not be shown now are left out.

        Raises:
            ArticleUnknown, ArticleWithheld: as for `article`.
        """

    def near_duplicate_groups(self) -> int:
        """The number of groups of near duplicates."""

    def near_duplicate_articles(self) -> int:
        """The number of articles that are near duplicates of others."""

    def sources(self, articles: Collection[str]) -> int:
        """The number of independent sources of some articles."""

    def superseded(self, *, at: int) -> dict[str, str]:
        """The articles superseded as of a given time, each with its newest revision, as ids."""

    def articles_by(self, facet: Facet) -> dict[str, int]:
        """The number of articles of each source, section and so on, largest first.

        Names that differ only in case or space are counted together.
        """

    def passages_by_role(self) -> dict[str, int]:
        """The number of passages of each role, largest first."""

    def days(self) -> PublicationDays:
        """The first and last day of publication, and the number of undated articles."""

    def catalog_segments(self) -> Sequence[CatalogSegment]:
        """All articles, in segments."""

    def close(self) -> None:
        """Close the generation's files or connections."""


@runtime_checkable
class KnowsReleases(Protocol):
    """A generation that knows when embargoes end; a backend need not tell."""

    @property
    def releases(self) -> Sequence[int]:
        """The moments at which embargoes end, sorted, in seconds since 1970.

        Between two of them, the same articles may be shown.
        """


class Writer(Protocol):
    """Writes a generation; `finish` completes, checks and opens it."""

    def remove(self, files: Sequence[str]) -> None:
        """Remove the articles of those files.

        Raises:
            IndexDamaged: a file has no articles in the index.
        """

    def add(
        self, article: Article, passages: Sequence[Passage], vectors: Vectors, *, file: str
    ) -> None:
        """Add an article with its passages and their vectors, shape (len(passages), dimension)."""

    def finish(
        self,
        index_config: IndexConfig,
        *,
        corpus: Path,
        failed: tuple[FailedFile, ...],
        limits: Limits | None = None,
    ) -> OpenGeneration:
        """The complete generation, read back and checked; not yet current.

        Raises:
            IndexDamaged: the device does not return what was written.
        """


class Index(Protocol):
    """The stored generations of one corpus.

    An `Index` is cheap to make: it reads nothing before a method is called.
    """

    @property
    def location(self) -> str:
        """Where the index is stored, for messages. Contains no secrets."""

    @property
    def local_folder(self) -> Path:
        """A folder on this machine for caches and notes about this index."""

    def current(self) -> GenerationRef:
        """The current generation.

        Raises:
            IndexMissing, IndexDamaged: as their messages say.
        """

    def open(
        self, *, to_search: bool = True, before: OpenGeneration | None = None
    ) -> OpenGeneration:
        """Open the current generation, or the one before if the current one is damaged.

        If `to_search` is false, little is read at first. Shared files that `before` has read are
        not read again.

        Raises:
            IndexMissing, IndexDamaged, IndexMismatch: as their messages say.
        """

    def lock_holder(self) -> str | None:
        """The holder of the lock, or None."""

    def recorded_corpus(self) -> Path | None:
        """The corpus that the index was built from; None if nothing records it."""

    def recorded_encoder(self) -> EncoderIdentity | None:
        """The encoder of the index, even of a damaged one; None if nothing records it."""

    def recorded_articles(self) -> int | None:
        """The number of articles, even of a damaged index; None if nothing records it."""

    def storage(self, generation: OpenGeneration) -> StorageUse:
        """The storage in use; `generation` is the current one."""

    def rebuilding(self) -> AbstractContextManager[None]:
        """Hold the lock for one rebuild, and first clean up after interrupted rebuilds.

        Raises:
            IndexLocked: another rebuild has the lock; the message says which.
            IndexUnwritable: raised when the context ends, if the device or server failed.
        """

    def writing(
        self, previous: OpenGeneration | None, *, base: OpenGeneration | None, dimension: int
    ) -> AbstractContextManager[Writer]:
        """A writer of the next generation, which starts from `base`.

        When the context ends, the finished generation becomes current in one step. The sound
        generation `previous` is not removed. After an error the new generation is removed.
        """

    def has_stale_editions(self, generation: OpenGeneration) -> bool:
        """Whether a rebuild should write a generation only because of earlier editions.

        It should if the bounds allow fewer than the current generation has, or some are damaged.
        """

    def remember_verified(self, generation: OpenGeneration) -> None:
        """Record for the next rebuild that a generation's files match their digests."""

    def forget_verified(self) -> None:
        """Discard these records."""

    def close(self) -> None:
        """Close the connection, if there is one; the next call makes another."""


CALIBRATION = "calibration.json"
"""The calibration of confidence that was fitted for this index."""

ATTRIBUTIONS = "attributions.db"
"""Who says what in the articles. It can be made again."""

STANDING_QUESTIONS = "watchlist.txt"
"""The standing questions, which people may edit."""

STANDING_REPLIES = "watchlist.json"
"""What was reported last for each standing question."""


def standing_questions_folder(settings: Settings, index: Index) -> Path:
    """The folder of the standing questions: the one in the settings, or else that of the index."""
    return index.local_folder if settings.watchlist is None else settings.watchlist
