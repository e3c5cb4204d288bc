"""Writes one generation: a copy of the one before, less what went, plus what came."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from pullquote.durable import file_digest, write_synced
from pullquote.encoder import Vectors
from pullquote.index import manifest, store
from pullquote.index.dense import DenseIndex
from pullquote.index.folder import Published
from pullquote.index.generation import Generation
from pullquote.index.manifest import FailedFile, Manifest, Recipe, survey
from pullquote.index.postings import PostingsWriter
from pullquote.index.store import Store, StoreWriter
from pullquote.schema import Article, Passage


class GenerationWriter:
    """A generation on its way; `finish` completes, checks and opens it, `close` lets go of it."""

    def __init__(self, folder: Path, base: Generation | None, *, dimension: int) -> None:
        self._folder = folder
        self._base = base
        if base is not None:
            shutil.copyfile(base.folder / store.NAME, folder / store.NAME)
            self._dense = DenseIndex.read(base.folder)
        else:
            self._dense = DenseIndex.empty(dimension)
        self._store = StoreWriter(folder)
        self._dimension = dimension

    def remove(self, files: Sequence[str]) -> None:
        """Take out the articles that came from those files."""
        if self._base is None or not files:
            return
        articles = self._base.store.articles_of(files)
        self._dense.remove(self._base.store.passage_ids(articles))
        self._store.remove(articles)

    def add(
        self, article: Article, passages: Sequence[Passage], vectors: Vectors, *, file: str
    ) -> None:
        """Put an article in with its passages and their vectors, shape (len(passages), dim)."""
        self._store.add(article, passages, file=file)
        self._dense.add([passage.id for passage in passages], vectors)

    def close(self) -> None:
        """Let go of the files, so that they can be removed; what is not finished is lost."""
        self._store.abandon()

    def finish(self, recipe: Recipe, *, corpus: Path, failed: tuple[FailedFile, ...]) -> Generation:
        """The generation as a reader will see it: its files re-read and compared.

        Raises:
            IndexDamaged: the device does not give back what was written.
        """
        articles, passages = self._store.counts()
        self._store.close()
        self._dense.write(self._folder)
        self._write_postings()
        content = Manifest(
            format=manifest.FORMAT,
            generation=self._folder.name,
            created=datetime.now(UTC),
            corpus=str(corpus.resolve()),
            recipe=recipe,
            dimension=self._dimension,
            articles=articles,
            passages=passages,
            failed=failed,
            files=survey(self._folder),
        ).model_dump_json(indent=1)
        path = self._folder / manifest.NAME
        write_synced(path, content.encode())
        return Generation(self._folder, Published(self._folder.name, file_digest(path)))

    def _write_postings(self) -> None:
        """All postings anew, from the articles as they now are."""
        postings = PostingsWriter()
        with closing(Store(self._folder)) as written:
            for article in written.all_articles():
                for number in written.passage_ids([article.id]):
                    passage = written.passage(number)
                    postings.add(number, text=passage.text, context=passage.context)
        postings.write(self._folder)
