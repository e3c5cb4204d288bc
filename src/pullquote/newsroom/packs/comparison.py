"""Compares the facts of a pack with the articles of an index."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pullquote.answering.answers.citing import cite_at
from pullquote.index import OpenGeneration
from pullquote.newsroom.packs.build import OF_THE_ARTICLE, packed_article
from pullquote.newsroom.packs.manifest import MANIFEST, PackedArticle, PackManifest
from pullquote.schema import Article
from pullquote.schema.errors import ArticleUnknown, ArticleWithheld


def same_articles(pack: PackManifest, generation: OpenGeneration) -> dict[str, Article]:
    """The articles of a pack by their ids, if the index has the same version and may show it."""
    found = (_article(one.id, one.version, generation) for one in pack.articles)
    return {one.id: one for one in found if one is not None}


def unlike_the_index(
    pack: PackManifest, articles: Mapping[str, Article], generation: OpenGeneration
) -> Iterator[str]:
    """One sentence for each fact of an article or a quote that the index has otherwise.

    Only the `same_articles` are compared: the facts of others may have changed since. The state
    of the index is compared if it is still the same.
    """
    for number, packed in enumerate(pack.articles):
        if packed.id not in articles:
            continue
        now = packed_article(articles[packed.id], packed.file)
        for name in _of_articles(pack):
            if getattr(packed, name) != getattr(now, name):
                yield _fault(f"articles[{number}].{name}")
    for number, cited in enumerate(pack.citations):
        if cited.article not in articles:
            continue
        article, speaker = articles[cited.article], cited.speaker
        placed = cite_at(article, range(cited.start, cited.end))
        for name in OF_THE_ARTICLE:
            if getattr(cited, name) != getattr(placed, name):
                yield _fault(f"citations[{number}].{name}")
        if speaker is not None and not article.text.startswith(speaker.name, speaker.start):
            yield _fault(f"citations[{number}].speaker.name")
    if pack.generation == generation.name:
        if pack.index_sha256 != generation.published.digest:
            yield _fault("index_sha256")
        config = generation.manifest.index_config.model_dump(mode="json", by_alias=True)
        if pack.index_config != config:
            yield _fault("index_config")


def _of_articles(pack: PackManifest) -> list[str]:
    """The facts of an article in a pack of this version; its file is a part of the pack."""
    others = {"file"} if pack.version > 1 else {"file", "section"}
    return sorted(PackedArticle.model_fields.keys() - others)


def _article(id: str, version: str, generation: OpenGeneration) -> Article | None:
    """The article if the index has this version of it and it may be shown."""
    try:
        article = generation.article(id)
    except (ArticleUnknown, ArticleWithheld):
        return None
    return article if article.version == version else None


def _fault(place: str) -> str:
    return f"{MANIFEST}: {place} is not what the index has."
