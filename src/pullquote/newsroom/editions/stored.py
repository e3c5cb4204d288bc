"""The editions of an article that may be shown."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pullquote.index import OpenGeneration
from pullquote.index.editions.edition import EarlierEdition
from pullquote.schema import Article, well_formed
from pullquote.schema.edition import Edition
from pullquote.schema.errors import ArticleWithheld

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
