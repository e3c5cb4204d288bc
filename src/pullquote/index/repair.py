"""The articles that an index holds -> a generation that is sound."""

from __future__ import annotations

import time
from contextlib import ExitStack, closing
from pathlib import Path

from pullquote.encoder import Encoder
from pullquote.errors import IndexDamaged, IndexMismatch, IndexMissing
from pullquote.index import store
from pullquote.index.build import (
    ARTICLES_AT_ONCE,
    Progress,
    add,
    open_previous,
    staged,
    tell,
    translated,
)
from pullquote.index.embeddings import open_embeddings
from pullquote.index.folder import IndexFolder
from pullquote.index.manifest import Manifest, Recipe, read_manifest
from pullquote.index.report import Report, Written, report_of
from pullquote.index.store import Store
from pullquote.index.writer import GenerationWriter


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
    with translated(index.path), index.lock(), ExitStack() as opened:
        index.sweep()
        kept, manifest = _sound_articles(index)
        opened.callback(kept.close)
        articles, file_of = kept.articles(), kept.files()
        embeddings = opened.enter_context(open_embeddings(index.embeddings, encoder))
        previous, _ = open_previous(index)
        if previous is not None:
            opened.callback(previous.close)
        with (
            staged(index, previous) as folder,
            closing(GenerationWriter(folder, None, dimension=embeddings.dimension)) as writer,
        ):
            for first in range(0, len(articles), ARTICLES_AT_ONCE):
                tell(progress, first, len(articles))
                ids = articles[first : first + ARTICLES_AT_ONCE]
                stored = [(file_of[id], kept.article(id)) for id in ids]
                add(writer, [(f, a) for f, a in stored if a is not None], embeddings, recipe)
            tell(progress, len(articles), len(articles))
            current = writer.finish(recipe, corpus=Path(manifest.corpus), failed=manifest.failed)
        opened.callback(current.close)
        seconds = round(time.perf_counter() - started, 3)
        done = Written(current, embeddings.embedded, embeddings.reused)
        note = f"from the articles of generation {manifest.generation}"
        return report_of(kept.article_versions(), done, skipped=0, seconds=seconds, note=note)


def _sound_articles(index: IndexFolder) -> tuple[Store, Manifest]:
    """The articles of the newest generation in which their file is as it was written."""
    damage: IndexDamaged | IndexMismatch | None = None
    for published in index.published():
        folder = index.generation(published.name)
        try:
            manifest = read_manifest(folder, digest=published.digest, only={store.NAME})
            return Store(folder), manifest
        except (IndexDamaged, IndexMismatch) as error:
            damage = error if damage is None else damage
    raise IndexMissing(index.path) if damage is None else damage
