"""The editions of an article: which there were, what changed, and which one was cited."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pullquote.index import OpenGeneration
from pullquote.index.editions.edition_file import EarlierEdition
from pullquote.newsroom.relocation.word_diff import word_changes
from pullquote.schema import Article, check_kind, well_formed
from pullquote.schema.errors import ArticleUnknown, ArticleWithheld, EditionUnknown
from pullquote.schema.verification import Edition, EditionChanges

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class StoredEdition:
    """An edition with its text; `until` is None for the current one.

    Both moments are in microseconds since 1970.
    """

    article: Article
    since: int | None
    until: int | None

    @property
    def facts(self) -> Edition:
        """The edition without its text."""
        return Edition(
            article=self.article.id,
            version=self.article.version,
            title=self.article.title,
            since=_moment(self.since),
            until=_moment(self.until),
            characters=len(self.article.text),
        )


def stored_editions(generation: OpenGeneration, article: str) -> list[StoredEdition]:
    """The editions of an article that may be shown, the current one first, then the newest.

    Raises:
        ArticleUnknown: there is neither an article with that id nor an earlier edition of one.
        ArticleWithheld: the article may not be shown, so its earlier editions may not be either.
        IndexDamaged: an edition is not as it was written.
    """
    found = editions_if_known(generation, article)
    if not found:
        generation.article(article)  # names similar ids, which takes long in a large index
    return found


def editions_if_known(generation: OpenGeneration, article: str) -> list[StoredEdition]:
    """As `stored_editions`; none if there is no article with that id.

    Raises:
        ArticleWithheld, IndexDamaged: see `stored_editions`.
    """
    if not well_formed(article):
        return []
    now = int(time.time())
    check_newest_revision(generation, article, now)
    earlier = generation.history.of(article)
    if generation.stored_article(article) is not None:
        current = StoredEdition(generation.article(article), generation.since(article), None)
        return [current, *_released(earlier, now)]
    if earlier:
        check_released(earlier[0].article, now)
    return _released(earlier, now)


def shown_article(
    generation: OpenGeneration, id: str, version: str | None = None
) -> Article | None:
    """An article; None if it may not be shown now, or if it has another version than that given."""
    try:
        article = generation.article(id)
    except (ArticleUnknown, ArticleWithheld):
        return None
    return article if version in (None, article.version) else None


def check_newest_revision(generation: OpenGeneration, article: str, now: int) -> None:
    """Raise if a newer revision of the article, in another file, withdraws it.

    Raises:
        ArticleWithheld: it does.
    """
    newest = generation.superseded(at=now).get(article)
    if newest is not None:
        generation.article(newest)


def check_released(article: Article, now: int) -> None:
    """Raise if an article may not be shown at that moment.

    Raises:
        ArticleWithheld: it may not.
    """
    if article.released > now:
        raise ArticleWithheld(article.id, status=article.status, until=article.embargoed)


def _released(earlier: list[EarlierEdition], now: int) -> list[StoredEdition]:
    return [
        StoredEdition(one.article, one.since, one.until)
        for one in earlier
        if one.article.released <= now
    ]


def _moment(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else _EPOCH + timedelta(microseconds=microseconds)


Holds = Callable[[Article], bool]
"""Whether an article has the quoted words at their place."""


def cited_edition(
    generation: OpenGeneration, article: str, version: str | None, holds: Holds
) -> StoredEdition | None:
    """The newest stored edition with that version that has the words; None if there is none.

    Without a version, it is the newest edition that has the words at their place. The edition may
    be the current one. If its file was renamed, it is one of the article under its other name.

    Raises:
        IndexDamaged: an edition is not as it was written.
    """
    try:
        stored = editions_if_known(generation, article)
    except ArticleWithheld:
        return None
    found = _candidates(generation, article, version, stored)
    return next((one for one in found if holds(one.article)), None)


def _candidates(
    generation: OpenGeneration, article: str, version: str | None, stored: list[StoredEdition]
) -> Iterator[StoredEdition]:
    if not version:
        yield from stored
        return
    yield from (one for one in stored if one.article.version.startswith(version))
    moment = generation.history.replaced(article, version)
    if moment is not None:
        yield from (one for one in stored if _was_there(one, moment))
    for one in generation.history.of_version(version):
        if one.article.id != article and _may_be_shown(generation, one):
            yield StoredEdition(one.article, one.since, one.until)


def _was_there(edition: StoredEdition, moment: int) -> bool:
    """Whether the index had an edition until that moment or longer, and before it."""
    begun = edition.since is None or edition.since < moment
    return begun and (edition.until is None or moment <= edition.until)


def _may_be_shown(generation: OpenGeneration, edition: EarlierEdition) -> bool:
    try:
        check_released(edition.article, int(time.time()))
        return bool(editions_if_known(generation, edition.article.id))
    except ArticleWithheld:
        return False


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
