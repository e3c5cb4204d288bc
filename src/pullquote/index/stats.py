"""What an index holds, in figures."""

from __future__ import annotations

import stat
from collections import Counter
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from pullquote.index.local import IndexFolder
from pullquote.index.manifest import FailedFile, Recipe

OLDER = "older generations"

_PARTS = {
    "articles.db": "articles",
    "passages.bin": "passages",
    "vectors.f32": "vectors",
    "codes.faiss": "codes",
    "signatures.bin": "signatures",
    "manifest.json": "manifest",
}
"""What the files of a generation hold; the others are postings."""


class Stats(BaseModel):
    """Figures of the current generation; `sources` to `kinds` count articles.

    An article without a source is counted under "", and so on. `copies` are articles of which
    others are near-copies, in `copy_groups`. `sizes` are bytes on disk, by what they hold;
    `generations` are all that are kept, the current one too.
    """

    model_config = ConfigDict(frozen=True)

    index: Path
    corpus: Path
    generation: str
    created: datetime
    recipe: Recipe
    dimension: int
    articles: int
    passages: int
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


def read_stats(index: IndexFolder) -> Stats:
    """The figures of the generation that answers now; no model is loaded.

    Raises:
        IndexMissing, IndexDamaged, IndexMismatch: as their messages say.
    """
    generation = index.open(to_search=False)
    manifest, store = generation.manifest, generation.store
    try:
        first, last, undated = store.days()
        groups = generation.copies.groups
        return Stats(
            index=index.path,
            corpus=Path(manifest.corpus),
            generation=manifest.generation,
            created=manifest.created,
            recipe=manifest.recipe,
            dimension=manifest.dimension,
            articles=manifest.articles,
            passages=manifest.passages,
            roles=store.passages_by_role(),
            sources=store.articles_by("source"),
            sections=store.articles_by("section"),
            languages=store.articles_by("language"),
            kinds=store.articles_by("kind"),
            first_day=first,
            last_day=last,
            undated=undated,
            copies=sum(map(len, groups)),
            copy_groups=len(groups),
            generations=len(index.generations()),
            sizes=_sizes(index, generation.folder),
            failed=manifest.failed,
            damage=None if generation.damage is None else str(generation.damage),
        )
    finally:
        generation.close()


def _sizes(index: IndexFolder, folder: Path) -> dict[str, int]:
    """What segments share is counted once, for the current generation."""
    counted: set[int] = set()
    parts: Counter[str] = Counter()
    for name in [folder.name, *index.generations()]:
        whole = index.generation(name)
        for path in sorted(whole.rglob("*")):
            try:
                facts = path.stat()
            except FileNotFoundError:  # a rebuild has swept it
                continue
            if stat.S_ISREG(facts.st_mode) and facts.st_ino not in counted:
                counted.add(facts.st_ino)
                part = _PARTS.get(path.name, "postings") if whole == folder else OLDER
                parts[part] += facts.st_size
    with suppress(FileNotFoundError):
        parts["kept vectors"] = index.embeddings.stat().st_size
    return dict(parts)
