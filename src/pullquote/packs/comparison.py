"""Compares the facts of a pack with the articles of an index."""

from __future__ import annotations

from collections.abc import Iterator

from pullquote.answers.citing import cite_at
from pullquote.errors import ArticleUnknown, ArticleWithheld
from pullquote.index import OpenGeneration
from pullquote.packs.build import OF_THE_ARTICLE, packed_article
from pullquote.packs.manifest import MANIFEST, PackManifest
from pullquote.schema import Article


def unlike_the_index(pack: PackManifest, generation: OpenGeneration) -> Iterator[str]:
    """One sentence for each fact of an article or a quote that the index has otherwise.

    Only articles of the same version are compared: the facts of others may have changed since. A
    pack of version 1 may have facts of an article from when it was quoted, so only its articles
    are compared. The state of the index is compared if it is still the same.
    """
    articles: dict[str, Article] = {}
    for number, packed in enumerate(pack.articles):
        article = _article(packed.id, packed.version, generation)
        if article is None:
            continue
        articles[article.id] = article
        known = {"section"} if pack.version > 1 else set[str]()
        for name in sorted({*type(packed).model_fields} - {"file", "section"} | known):
            if getattr(packed, name) != getattr(packed_article(article, packed.file), name):
                yield _fault(f"articles[{number}].{name}")
    for number, cited in enumerate(pack.citations if pack.version > 1 else ()):
        if cited.article in articles:
            now = cite_at(articles[cited.article], range(cited.start, cited.end))
            for name in OF_THE_ARTICLE:
                if getattr(cited, name) != getattr(now, name):
                    yield _fault(f"citations[{number}].{name}")
    if pack.generation == generation.name:
        if pack.index_sha256 != generation.published.digest:
            yield _fault("index_sha256")
        config = generation.manifest.index_config.model_dump(mode="json", by_alias=True)
        if pack.index_config != config:
            yield _fault("index_config")


def _article(id: str, version: str, generation: OpenGeneration) -> Article | None:
    """The article if the index has this version of it and it may be shown."""
    try:
        article = generation.article(id)
    except (ArticleUnknown, ArticleWithheld):
        return None
    return article if article.version == version else None


def _fault(place: str) -> str:
    return f"{MANIFEST}: {place} is not what the index has."
