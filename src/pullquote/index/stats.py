"""What an index holds, in figures."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from pullquote.index.interfaces import Index
from pullquote.index.manifest import FailedFile, Recipe
from pullquote.schema import SearchMode


class Stats(BaseModel):
    """Figures of the current generation; `sources` to `kinds` count articles.

    An article without a source is counted under "", and so on. `copies` are articles of which
    others are near-copies, in `copy_groups`. `sizes` are bytes, by what they hold: on disk,
    or as a server was sent them. `generations` are all that are kept, the current one too.
    `searched` says by what passages are found.
    """

    model_config = ConfigDict(frozen=True)

    index: str
    corpus: Path
    generation: str
    created: datetime
    recipe: Recipe
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


def read_stats(index: Index) -> Stats:
    """The figures of the generation that answers now; no model is loaded.

    Raises:
        IndexMissing, IndexDamaged, IndexMismatch, IndexUnreachable: as their messages say.
    """
    generation = index.open(to_search=False)
    manifest = generation.manifest
    try:
        first, last, undated = generation.days()
        kept = index.kept(generation)
        return Stats(
            index=index.place,
            corpus=Path(manifest.corpus),
            generation=manifest.generation,
            created=manifest.created,
            recipe=manifest.recipe,
            dimension=manifest.dimension,
            articles=manifest.articles,
            passages=manifest.passages,
            searched=generation.searched,
            roles=generation.passages_by_role(),
            sources=generation.articles_by("source"),
            sections=generation.articles_by("section"),
            languages=generation.articles_by("language"),
            kinds=generation.articles_by("kind"),
            first_day=first,
            last_day=last,
            undated=undated,
            copies=generation.copied(),
            copy_groups=generation.copy_groups(),
            generations=kept.generations,
            sizes=kept.sizes,
            failed=manifest.failed,
            damage=None if generation.damage is None else str(generation.damage),
        )
    finally:
        generation.close()
