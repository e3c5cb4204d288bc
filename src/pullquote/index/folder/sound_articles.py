"""The newest articles of an index that are sound, whatever else is damaged."""

from __future__ import annotations

from pullquote.index.folder.folder_manifest import FolderManifest, read_manifest
from pullquote.index.folder.index_files import IndexFiles
from pullquote.index.folder.multi_segment_store import DELETED, MultiSegmentStore
from pullquote.index.folder.segments import store as article_store
from pullquote.schema.errors import IndexDamaged, IndexMismatch, IndexMissing


def sound_articles(
    index: IndexFiles, *, name: str | None = None
) -> tuple[MultiSegmentStore, FolderManifest]:
    """The articles of the newest generation whose article files match their digests.

    If `name` is given, only the generation with that name counts.

    Raises:
        IndexMissing: nothing has been built yet.
        IndexDamaged, IndexMismatch: no stored generation has sound articles.
    """
    damage: IndexDamaged | IndexMismatch | None = None
    every = index.published_generations()
    for published in every if name is None else [one for one in every if one.name == name]:
        folder = index.generation(published.name)
        try:
            manifest = read_manifest(folder, digest=published.digest, only=_holds_articles)
            return MultiSegmentStore.open(folder, manifest), manifest
        except (IndexDamaged, IndexMismatch) as error:
            damage = error if damage is None else damage
    raise IndexMissing(index.path) if damage is None else damage


def _holds_articles(file: str) -> bool:
    """Whether a file of a generation decides which articles it has."""
    return file.startswith(f"{DELETED}/") or file.endswith(f"/{article_store.NAME}")
