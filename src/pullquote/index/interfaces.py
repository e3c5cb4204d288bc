"""What an index is to those who ask it and rebuild it, wherever it stands.

A folder conforms (`index.folder.index_folder`), and so does what a backend of another package opens
(`index.backend_interfaces`). `pullquote.testing` tests that one keeps the promises here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pullquote.encoder import Vectors
from pullquote.errors import IndexDamaged
from pullquote.index.manifest import FailedFile, Manifest, Recipe
from pullquote.index.metadata import Days, Fact
from pullquote.index.published import Kept, Published
from pullquote.limits import Limits
from pullquote.schema import Article, Filters, Passage, SearchMode

if TYPE_CHECKING:
    from pullquote.index.duplicates.signatures import Signatures


class Part(Protocol):
    """Some articles of a generation, which the generations after it may have too.

    `key` is the same in each that has them; `gone` are the rows of those that are out of this one.
    """

    @property
    def key(self) -> str:
        """What these articles are known by."""
        ...

    @property
    def gone(self) -> frozenset[int]:
        """The rows of those that are out."""
        ...

    def entries(self, *, now: int) -> Iterator[tuple[object, ...]]:
        """The rows of `index.catalog.catalog` for those that are not gone."""
        ...


class OpenGeneration(Protocol):
    """One whole state of the index, opened for reading. Any number of threads may share it.

    `damage` is what is wrong with the generation `answers_for`, where this one stands in for it.
    """

    @property
    def name(self) -> str:
        """The time it was begun, to the microsecond."""
        ...

    @property
    def answers_for(self) -> str:
        """The name of the generation that it is read for."""
        ...

    @property
    def manifest(self) -> Manifest:
        """What it says of itself."""
        ...

    @property
    def published(self) -> Published:
        """Its name and digest."""
        ...

    @property
    def damage(self) -> IndexDamaged | None:
        """What is wrong with the generation that it is read for."""
        ...

    @property
    def searched(self) -> SearchMode:
        """By what passages are found."""
        ...

    def nearest(self, vector: Vectors, *, k: int, filters: Filters) -> Mapping[int, float]:
        """The cosine of the `k` passages nearest to a vector, by number, nearest first."""
        ...

    def matching(self, terms: Sequence[str], *, k: int, filters: Filters) -> Mapping[int, float]:
        """The BM25 score of the `k` passages that match terms best, by number, best first."""
        ...

    def cosines(self, vector: Vectors, numbers: Sequence[int]) -> list[float]:
        """The cosine of each of those passages with a vector of shape (dimension,)."""
        ...

    def rarity(self, terms: Sequence[str]) -> dict[str, float]:
        """BM25's inverse document frequency of each term: near 0 for a word of every passage."""
        ...

    def unknown(self, terms: Sequence[str]) -> list[str]:
        """Those terms that stand in no passage and no headline of one."""
        ...

    def passages(self, numbers: Sequence[int]) -> Iterator[Passage]:
        """The passages of those numbers, in their order; read as they are asked for."""
        ...

    def article(self, article: str) -> Article:
        """The article of that id.

        Raises:
            ArticleUnknown: with the ids that look most like it.
            ArticleWithheld: its source has withheld it, or not released it yet.
        """
        ...

    def held(self, article: str) -> Article | None:
        """The article of that id, also one that may not be shown; None where there is none."""
        ...

    def articles(self) -> list[str]:
        """The ids of all articles, sorted."""
        ...

    def article_versions(self) -> dict[str, str]:
        """The SHA-256 of the file that each article came from, by the article's id."""
        ...

    def versions(self) -> dict[str, str]:
        """The SHA-256 of every file that gave articles, by its path relative to the corpus."""
        ...

    def articles_of(self, files: Collection[str]) -> dict[str, str]:
        """The articles that those files gave, by their ids, each with its file."""
        ...

    def copies_of(self, article: str) -> list[str]:
        """The ids of the other articles printed from one source with it, sorted.

        Raises:
            ArticleUnknown, ArticleWithheld: as `article`.
        """
        ...

    def copy_groups(self) -> int:
        """How many groups of near-copies there are."""
        ...

    def copied(self) -> int:
        """How many articles are near-copies of others."""
        ...

    def sources(self, articles: Collection[str]) -> int:
        """How many independent sources some articles are."""
        ...

    def superseded(self, *, at: int) -> dict[str, str]:
        """The articles that newer editions have taken the place of at a moment, each with that."""
        ...

    def articles_by(self, fact: Fact) -> dict[str, int]:
        """How many articles there are of each source, section and so on, as written, most first."""
        ...

    def passages_by_role(self) -> dict[str, int]:
        """How many passages there are of each role, most first."""
        ...

    def days(self) -> Days:
        """The first and the last day of publication, and how many articles have none."""
        ...

    def parts(self) -> Sequence[Part]:
        """All articles, in parts."""
        ...

    def close(self) -> None:
        """Let go of what it holds open."""
        ...


class Writer(Protocol):
    """A generation on its way; `finish` completes, checks and opens it."""

    def remove(self, files: Sequence[str]) -> None:
        """Take out the articles that came from those files."""
        ...

    def add(
        self,
        article: Article,
        passages: Sequence[Passage],
        vectors: Vectors,
        *,
        file: str,
        signature: Signatures | None = None,
    ) -> None:
        """Put an article in with its passages and their vectors, shape (len(passages), dim)."""
        ...

    def finish(
        self,
        recipe: Recipe,
        *,
        corpus: Path,
        failed: tuple[FailedFile, ...],
        limits: Limits | None = None,
    ) -> OpenGeneration:
        """The generation as a reader will see it, read back and compared; not yet current."""
        ...


class Index(Protocol):
    """Where generations stand. Cheap to make: nothing is looked at before it is asked for.

    `place` names it in messages and holds no secret; `beside` is a folder of this machine for what
    is kept of it here.
    """

    @property
    def place(self) -> str:
        """Where it stands, as messages say it; without secrets."""
        ...

    @property
    def beside(self) -> Path:
        """The folder for what this machine keeps of it."""
        ...

    def current(self) -> Published:
        """The generation that answers now.

        Raises:
            IndexMissing, IndexDamaged: as their messages say.
        """
        ...

    def open(
        self, *, to_search: bool = True, before: OpenGeneration | None = None
    ) -> OpenGeneration:
        """The generation that answers now, or the one before where that is damaged.

        Not `to_search`, it has read little yet. What `before` has read too is not read again.

        Raises:
            IndexMissing, IndexDamaged, IndexMismatch: as their messages say.
        """
        ...

    def holder(self) -> str | None:
        """Who holds the lock; None where nobody does."""
        ...

    def recorded_corpus(self) -> Path | None:
        """The corpus that the index was built from; None where nothing tells."""
        ...

    def recorded_articles(self) -> int | None:
        """How many articles it holds, also where it is damaged; None where nothing tells."""
        ...

    def kept(self, generation: OpenGeneration) -> Kept:
        """What is kept, beside that generation, which is the current one."""
        ...

    def rebuilding(self) -> AbstractContextManager[None]:
        """Held by one rebuild at a time, which first clears up after those that did not end.

        Raises:
            IndexLocked: another rebuild holds it; the message says which.
            IndexUnwritable: on the way out, for what its device or server raised.
        """
        ...

    def writing(
        self, previous: OpenGeneration | None, *, base: OpenGeneration | None, dimension: int
    ) -> AbstractContextManager[Writer]:
        """A writer of the next generation, which goes on from `base`.

        What it has finished is made current on the way out, in one step, beside the sound
        `previous`; what failed is removed.
        """
        ...

    def note_sound(self, generation: OpenGeneration) -> None:
        """Remember that a generation was compared with what was written, for the next rebuild."""
        ...

    def note_damage(self) -> None:
        """Forget what was compared."""
        ...

    def close(self) -> None:
        """Let go of the connection, where there is one; the next call makes another."""
        ...
