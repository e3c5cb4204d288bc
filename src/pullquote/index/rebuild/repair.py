"""Makes a sound generation from the articles of an index."""

from __future__ import annotations

import time
from contextlib import ExitStack
from functools import partial
from itertools import islice
from pathlib import Path

from pullquote.index.embedding_cache import open_embedding_cache
from pullquote.index.encoder import Encoder
from pullquote.index.folder.index_files import sound_articles
from pullquote.index.folder.index_folder import IndexFolder
from pullquote.index.manifest import IndexConfig
from pullquote.index.passages import split_passages
from pullquote.index.rebuild.batches import ARTICLES_AT_ONCE, SplitBatch
from pullquote.index.rebuild.build import open_previous
from pullquote.index.rebuild.plan import ParsedArticle
from pullquote.index.rebuild.report import (
    Progress,
    Report,
    WrittenGeneration,
    report_of,
    report_progress,
)
from pullquote.index.rebuild.writing import write


def repair(
    index: IndexFolder,
    encoder: Encoder,
    *,
    index_config: IndexConfig,
    progress: Progress | None = None,
) -> Report:
    """Write a new generation from the newest one whose articles are sound.

    No file of the corpus is read, and cached vectors are not computed again.

    Raises:
        IndexMissing: nothing has been built yet.
        IndexDamaged, IndexMismatch: no stored generation has sound articles.
        IndexLocked: a rebuild is running.
        IndexUnwritable: the device failed.
    """
    started = time.perf_counter()
    with index.rebuilding(), ExitStack() as opened:
        store, manifest = sound_articles(index)
        opened.callback(store.close)
        embeddings = opened.enter_context(open_embedding_cache(index.embeddings, encoder))
        previous, _ = open_previous(index)
        if previous is not None:
            opened.callback(previous.close)
        with index.writing(previous, base=None, dimension=embeddings.encoder.dimension) as writer:
            report_progress(progress, 0, manifest.articles)
            done = 0
            split = partial(
                split_passages,
                count_tokens=embeddings.encoder.count_tokens,
                budget=index_config.passage_tokens,
                overlap=index_config.overlap_sentences,
            )
            left = (
                ParsedArticle(one.file, one.article, split(one.article))
                for one in store.all_articles()
            )
            while articles := list(islice(left, ARTICLES_AT_ONCE)):
                done += len(articles)
                batch = SplitBatch(articles, done)
                write(writer, batch.with_vectors(embeddings.vectors(batch.texts)))
                report_progress(progress, done, manifest.articles)
            current = writer.finish(
                index_config,
                corpus=Path(manifest.corpus),
                failed=manifest.failed,
                limits=manifest.limits,
                progress=manifest.progress,
                cut_file=manifest.cut_file,
            )
        opened.callback(current.close)
        seconds = round(time.perf_counter() - started, 3)
        written = WrittenGeneration(current, embeddings.embedded, embeddings.reused, skipped=0)
        origin = f"from the articles of generation {manifest.generation}"
        note = "; ".join((origin, *current.history.notes))
        return report_of(store, written, seconds=seconds, note=note)
