"""Writes one generation: a copy of the one before, less what went, plus what came."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from pullquote.encoder import Vectors
from pullquote.index import lexical, manifest, store
from pullquote.index.dense import DenseIndex
from pullquote.index.folder import file_digest, write_synced
from pullquote.index.generation import Generation
from pullquote.index.lexical import LexicalWriter
from pullquote.index.manifest import FailedFile, Manifest, Recipe, read_manifest, survey
from pullquote.index.store import Row, StoreWriter, day_number, fold
from pullquote.schema import Article, Passage


class GenerationWriter:
    """A generation on its way; `finish` completes, checks and opens it, `close` lets go of it."""

    def __init__(self, folder: Path, base: Generation | None, *, dimension: int) -> None:
        self._folder = folder
        self._base = base
        if base is not None:
            shutil.copyfile(base.folder / store.NAME, folder / store.NAME)
            shutil.copytree(
                base.folder / lexical.NAME,
                folder / lexical.NAME,
                ignore=shutil.ignore_patterns("*.lock"),
            )
            self._dense = DenseIndex.read(base.folder)
        else:
            self._dense = DenseIndex.empty(dimension)
        self._store = StoreWriter(folder)
        self._lexical = LexicalWriter(folder)
        self._dimension = dimension

    def remove(self, files: Sequence[str]) -> None:
        """Take out the articles that came from those files."""
        if self._base is None or not files:
            return
        articles = self._base.store.articles_of(files)
        numbers = self._base.store.passage_ids(articles)
        self._store.remove(articles)
        self._dense.remove(numbers)
        self._lexical.remove(numbers)

    def add(self, article: Article, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Put an article in with its passages and their vectors, shape (len(passages), dim)."""
        self._store.add(article, passages)
        self._dense.add([passage.id for passage in passages], vectors)
        day, source, section = day_number(article), fold(article.source), fold(article.section)
        for passage in passages:
            self._lexical.add(passage, Row(passage.id, passage.role, day, source, section))

    def close(self) -> None:
        """Let go of the files, so that they can be removed; what is not finished is lost."""
        self._store.abandon()
        self._lexical.abandon()

    def finish(self, recipe: Recipe, *, failed: tuple[FailedFile, ...]) -> Generation:
        """The generation as a reader will see it: its files re-read and compared.

        Raises:
            IndexDamaged: the device does not give back what was written.
        """
        articles, passages = self._store.counts()
        self._store.close()
        self._lexical.close()
        self._dense.write(self._folder)
        for lock in self._folder.rglob("*.lock"):
            lock.unlink()
        content = Manifest(
            format=manifest.FORMAT,
            generation=self._folder.name,
            created=datetime.now(UTC),
            recipe=recipe,
            dimension=self._dimension,
            articles=articles,
            passages=passages,
            failed=failed,
            files=survey(self._folder),
        ).model_dump_json(indent=1)
        path = self._folder / manifest.NAME
        write_synced(path, content.encode())
        return Generation(self._folder, read_manifest(self._folder, digest=file_digest(path)))
