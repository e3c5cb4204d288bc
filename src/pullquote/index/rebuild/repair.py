"""The articles that an index holds -> a generation that is sound."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path

from pullquote.encoder import Encoder
from pullquote.errors import IndexDamaged, IndexMismatch, IndexMissing
from pullquote.index.embedding_cache import open_embeddings
from pullquote.index.folder.folder_manifest import FolderManifest, read_manifest
from pullquote.index.folder.index_folder import IndexFolder
from pullquote.index.folder.multi_segment_store import GONE, Library
from pullquote.index.folder.segments import store
from pullquote.index.folder.segments.store import Stored
from pullquote.index.manifest import Recipe
from pullquote.index.rebuild.batches import ARTICLES_AT_ONCE, Batch, prepare
from pullquote.index.rebuild.build import Progress, open_previous, tell, write
from pullquote.index.rebuild.parse_results import FoundArticle
from pullquote.index.rebuild.report import Report, Written, report_of


def repair(
    index: IndexFolder, encoder: Encoder, *, recipe: Recipe, progress: Progress | None = None
) -> Report:
    """A new generation with the articles of the newest one in which they are sound.

    No file of the corpus is read; vectors that are kept are not computed again.

    Raises:
        IndexMissing: nothing has been built yet.
        IndexDamaged, IndexMismatch: in no generation that is kept are the articles sound.
        IndexLocked: a rebuild is at work.
        IndexUnwritable: the device failed.
    """
    started = time.perf_counter()
    with index.rebuilding(), ExitStack() as opened:
        kept, manifest = _sound_articles(index)
        opened.callback(kept.close)
        embeddings = opened.enter_context(open_embeddings(index.embeddings, encoder))
        previous, _ = open_previous(index)
        if previous is not None:
            opened.callback(previous.close)
        with index.writing(previous, base=None, dimension=embeddings.dimension) as writer:
            tell(progress, 0, manifest.articles)
            done = 0
            for some in _batched(kept.all_articles(), ARTICLES_AT_ONCE):
                articles = [FoundArticle(one.file, one.article) for one in some]
                done += len(articles)
                write(writer, Batch(prepare(articles, embeddings, recipe), done))
                tell(progress, done, manifest.articles)
            current = writer.finish(
                recipe,
                corpus=Path(manifest.corpus),
                failed=manifest.failed,
                limits=manifest.limits,
            )
        opened.callback(current.close)
        seconds = round(time.perf_counter() - started, 3)
        written = Written(current, embeddings.embedded, embeddings.reused, skipped=0)
        note = f"from the articles of generation {manifest.generation}"
        return report_of(kept, written, seconds=seconds, note=note)


def _sound_articles(index: IndexFolder) -> tuple[Library, FolderManifest]:
    """The articles of the newest generation in which all their files are as they were written."""
    damage: IndexDamaged | IndexMismatch | None = None
    for published in index.published():
        folder = index.generation(published.name)
        try:
            manifest = read_manifest(folder, digest=published.digest, only=_holds_articles)
            return Library.open(folder, manifest), manifest
        except (IndexDamaged, IndexMismatch) as error:
            damage = error if damage is None else damage
    raise IndexMissing(index.path) if damage is None else damage


def _holds_articles(file: str) -> bool:
    """Whether a file of a generation says which articles there are."""
    return file.startswith(f"{GONE}/") or file.endswith(f"/{store.NAME}")


def _batched(articles: Iterable[Stored], size: int) -> Iterator[list[Stored]]:
    """The articles, some at a time."""
    left = iter(articles)
    while some := list(islice(left, size)):
        yield some
