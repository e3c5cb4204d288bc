"""Lists the editions of an article, and compares two of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pullquote.index import OpenGeneration
from pullquote.newsroom.editions.stored import StoredEdition, stored_editions
from pullquote.newsroom.relocation.word_diff import word_changes
from pullquote.schema import Article, check_kind
from pullquote.schema.edition import Edition
from pullquote.schema.edition_changes import EditionChanges
from pullquote.schema.errors import EditionUnknown

MOST_WORDS = 20_000
"""Words of an article that are aligned; aligning twice as many takes four times as long."""


class ArticleEditions:
    """The editions of the articles in the current generation. Threads may share it.

    The index keeps as many earlier editions as the setting `editions` allows. A version may be
    given by its first characters.

    Every method raises ArticleUnknown if there is no edition of an article, ArticleWithheld if it
    may not be shown, and the errors of an index that cannot be opened.
    """

    def __init__(self, generation: Callable[[], OpenGeneration]) -> None:
        self._generation = generation

    def of(self, article: str) -> list[Edition]:
        """The editions of the article with this id: the current one first, then the newest.

        An article that was removed has no current edition.
        """
        return [one.facts for one in self._stored(article)]

    def article(self, article: str, version: str) -> Article:
        """The article as it was in one edition, with its text.

        Raises:
            EditionUnknown: no stored edition has that version.
        """
        return _of_version(self._stored(article), article, version).article

    def changes(
        self, article: str, *, old: str | None = None, new: str | None = None
    ) -> EditionChanges:
        """What changed between two editions, word by word.

        By default, `new` is the current edition, or the last one of an article that was removed,
        and `old` is the one before `new`.

        Raises:
            EditionUnknown: no stored edition has that version, or there is none before.
        """
        stored = self._stored(article)
        later = stored[0] if new is None else _of_version(stored, article, new)
        before = stored[stored.index(later) + 1 :]
        if old is None and not before:
            raise EditionUnknown(article, None, known=_versions(stored))
        earlier = before[0] if old is None else _of_version(stored, article, old)
        texts = (earlier.article.text, later.article.text)
        differences = word_changes(*texts, most=MOST_WORDS)
        return EditionChanges(old=earlier.facts, new=later.facts, differences=differences)

    def _stored(self, article: str) -> list[StoredEdition]:
        check_kind("The article", article, str, give="its id, as in a citation")
        return stored_editions(self._generation(), article)


def _of_version(stored: Sequence[StoredEdition], article: str, version: str) -> StoredEdition:
    """The newest edition whose version begins with these characters."""
    check_kind("The version", version, str, give="its first characters")
    found = (one for one in stored if version and one.article.version.startswith(version))
    edition = next(found, None)
    if edition is None:
        raise EditionUnknown(article, version, known=_versions(stored))
    return edition


def _versions(stored: Sequence[StoredEdition]) -> tuple[str, ...]:
    return tuple(one.article.version for one in stored)
