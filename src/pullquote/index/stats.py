"""Figures about an index."""

from __future__ import annotations

import warnings
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from pullquote.index.interfaces import Index, OpenGeneration
from pullquote.index.manifest import FailedFile, IndexConfig
from pullquote.schema import IndexProgress, SearchMode


class Stats(BaseModel):
    """Figures about the current generation.

    `sources`, `sections`, `languages` and `kinds` count articles.

    An article without a source is counted under "", and so on. `copies` is the number of articles
    that are near duplicates of others, and `copy_groups` the number of their groups. `sizes` has
    the bytes of each kind of content, on disk or as sent to a server. `generations` is the number
    of stored generations. `searched` says which kinds of search the index supports. `progress` is
    None unless the first build is not complete.
    """

    model_config = ConfigDict(frozen=True, validate_by_name=True, serialize_by_alias=True)

    index: str
    corpus: Path
    generation: str
    created: datetime
    index_config: IndexConfig = Field(alias="recipe")
    dimension: int
    articles: int
    passages: int
    searched: SearchMode
    roles: dict[str, int]
    sources: dict[str, int]
    sections: dict[str, int]
    languages: dict[str, int]
    kinds: dict[str, int]
    first_day: date | None
    last_day: date | None
    undated: int
    copies: int
    copy_groups: int
    generations: int
    sizes: dict[str, int]
    failed: tuple[FailedFile, ...]
    damage: str | None = None
    progress: IndexProgress | None = None

    @property
    def recipe(self) -> IndexConfig:
        """Deprecated: the former name of `index_config`; it will be removed in the next release."""
        warnings.warn(
            "Stats.recipe is now Stats.index_config; the old name will be removed in the next "
            "release.",
            DeprecationWarning,
            stacklevel=2,
        )
        return self.index_config


def generation_figures(generation: OpenGeneration) -> dict[str, Any]:
    """The figures that `Stats` and `IndexInfo` have in common, by field."""
    manifest = generation.manifest
    first, last, undated = generation.days()
    return {
        "generation": generation.name,
        "created": manifest.created,
        "articles": manifest.articles,
        "passages": manifest.passages,
        "searched": generation.searched,
        "roles": generation.passages_by_role(),
        "sources": generation.articles_by("source"),
        "sections": generation.articles_by("section"),
        "languages": generation.articles_by("language"),
        "kinds": generation.articles_by("kind"),
        "first_day": first,
        "last_day": last,
        "undated": undated,
        "copies": generation.near_duplicate_articles(),
        "copy_groups": generation.near_duplicate_groups(),
    }


def read_stats(index: Index) -> Stats:
    """The figures of the current generation; no model is loaded.

    Raises:
        IndexMissing, IndexDamaged, IndexMismatch, IndexUnreachable: as their messages say.
    """
    generation = index.open(to_search=False)
    manifest = generation.manifest
    try:
        storage = index.storage(generation)
        return Stats(
            **generation_figures(generation),
            index=index.location,
            corpus=Path(manifest.corpus),
            index_config=manifest.index_config,
            dimension=manifest.dimension,
            generations=storage.generations,
            sizes=storage.sizes,
            failed=manifest.failed,
            progress=manifest.progress,
            damage=None if generation.damage is None else str(generation.damage),
        )
    finally:
        generation.close()
