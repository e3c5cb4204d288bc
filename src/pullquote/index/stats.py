"""What an index holds, in figures."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from pullquote.index.folder import IndexFolder
from pullquote.index.library import Library
from pullquote.index.manifest import FailedFile, Recipe, read_manifest

OLDER = "older generations"

_PARTS = {
    "articles.db": "articles",
    "passages.bin": "passages",
    "vectors.f32": "vectors",
    "codes.faiss": "codes",
    "manifest.json": "manifest",
}
"""What the files of a generation hold; the others are postings."""


class Stats(BaseModel):
    """Figures of the current generation; `sources`, `sections` and `languages` count articles.

    An article without a source is counted under "", and so on. `sizes` are bytes on disk, by what
    they hold; `generations` are all that are kept, the current one too.
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
    first_day: date | None
    last_day: date | None
    undated: int
    generations: int
    sizes: dict[str, int]
    failed: tuple[FailedFile, ...]


def read_stats(index: IndexFolder) -> Stats:
    """The figures of the generation that answers now; no vectors are read and no model is loaded.

    Raises:
        IndexMissing, IndexDamaged, IndexMismatch: as their messages say.
    """
    current = index.current()
    folder = index.generation(current.name)
    manifest = read_manifest(folder, digest=current.digest)
    store = Library.open(folder, manifest)
    try:
        first, last, undated = store.days()
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
            first_day=first,
            last_day=last,
            undated=undated,
            generations=len(index.generations()),
            sizes=_sizes(index, folder),
            failed=manifest.failed,
        )
    finally:
        store.close()


def _sizes(index: IndexFolder, folder: Path) -> dict[str, int]:
    """What segments share is counted once, for the current generation."""
    counted: set[int] = set()
    parts: Counter[str] = Counter()
    for name in [folder.name, *index.generations()]:
        whole = index.generation(name)
        for path in sorted(whole.rglob("*")):
            facts = path.stat()
            if path.is_file() and facts.st_ino not in counted:
                counted.add(facts.st_ino)
                part = _PARTS.get(path.name, "postings") if whole == folder else OLDER
                parts[part] += facts.st_size
    if index.embeddings.exists():
        parts["kept vectors"] = index.embeddings.stat().st_size
    return dict(parts)
