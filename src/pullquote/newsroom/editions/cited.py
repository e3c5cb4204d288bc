"""The edition of an article that a citation quotes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from pullquote.index import OpenGeneration
from pullquote.index.editions.edition import EarlierEdition
from pullquote.newsroom.editions.stored import StoredEdition, check_released, editions_if_known
from pullquote.schema import Article
from pullquote.schema.errors import ArticleWithheld

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
