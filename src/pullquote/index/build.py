"""Corpus folder -> the next generation, doing only the work that changed."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

from pullquote.encoder import Encoder
from pullquote.errors import (
    ArticleError,
    CorpusUnreadable,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    IndexUnwritable,
)
from pullquote.index.changes import compare
from pullquote.index.compared import compared
from pullquote.index.embeddings import Embeddings, open_embeddings
from pullquote.index.folder import IndexFolder
from pullquote.index.generation import Generation
from pullquote.index.manifest import FailedFile, Recipe
from pullquote.index.plan import Plan, make_plan
from pullquote.index.report import Preview, Report, Written, report_of
from pullquote.index.seen import SeenFiles
from pullquote.index.writer import GenerationWriter
from pullquote.ingest import check_corpus, stream_articles
from pullquote.passages import embedding_text, split_passages
from pullquote.schema import Article

ARTICLES_AT_ONCE = 32
"""Articles parsed, embedded and written together: enough to fill batches of like length, few enough
that progress shows and an interrupted rebuild has lost little."""


ANEW = "model, settings or version changed: every article is read anew"


class Progress(Protocol):
    """Told how far a rebuild is: `done` of `total` articles are read, embedded and written."""

    def __call__(self, done: int, total: int) -> None:
        """Take note; called from the thread that rebuilds."""


def rebuild(
    index: IndexFolder,
    corpus: Path,
    encoder: Encoder,
    *,
    recipe: Recipe,
    force: bool = False,
    progress: Progress | None = None,
) -> Report:
    """What was done to make the index say what the corpus says.

    Files whose bytes have not changed are not read again; text embedded before is not embedded
    again. With `force` every file is read anew. When nothing differs, the current generation
    stays. A file that cannot be read is named in the report and is not in the index.

    Raises:
        CorpusMissing, CorpusUnreadable: `corpus` is not a folder that can be listed.
        IndexLocked: another rebuild is at work.
        IndexUnwritable: the device failed; the generation before still answers.
    """
    started = time.perf_counter()
    check_corpus(corpus)
    with translated(index.path), index.lock(), ExitStack() as opened:
        index.sweep()
        compared.recall(index.compared)
        previous, note = open_previous(index)
        base = previous
        if previous is not None:
            opened.callback(previous.close)
            if previous.manifest.recipe != recipe:
                base, note = None, ANEW
        seen = SeenFiles(index.seen, corpus)
        run = _Rebuild(index, corpus, encoder, recipe, seen, previous, progress)
        try:
            done = run.go_on_from(None if force else base)
        except IndexDamaged as damage:  # of a file that was not read so far
            if force or base is None:
                raise
            compared.forget(index.compared)
            note = _from_nothing(damage)
            done = run.go_on_from(None)
        if done.generation is not previous:
            opened.callback(done.generation.close)
        compared.keep(index.compared, done.generation.files())
        seconds = round(time.perf_counter() - started, 3)
        return report_of(previous, done, seconds=seconds, note=note)


def preview(index: IndexFolder, corpus: Path, *, recipe: Recipe, force: bool = False) -> Preview:
    """What `rebuild` would do now. Nothing is written, no lock is taken and no model loaded.

    Raises:
        CorpusMissing, CorpusUnreadable: `corpus` is not a folder that can be listed.
    """
    check_corpus(corpus)
    previous, note = open_previous(index)
    with ExitStack() as opened:
        if previous is not None:
            opened.callback(previous.close)
            if previous.manifest.recipe != recipe:
                note = ANEW
        base = None if force or note == ANEW else previous
        plan = make_plan(corpus, base, SeenFiles(index.seen, corpus))
        before = {} if previous is None else previous.store.versions()
        failing = {failure.path for failure in plan.failed}
        return Preview(
            changes=compare(
                before,
                {p: v for p, v in plan.files.items() if p not in failing or before.get(p) == v},
            ),
            unread=len(plan.unread),
            failed=tuple(plan.failed),
            skipped=plan.skipped,
            note=note,
        )


@dataclass(frozen=True, slots=True)
class _Rebuild:
    """What a rebuild works on."""

    index: IndexFolder
    corpus: Path
    encoder: Encoder
    recipe: Recipe
    seen: SeenFiles
    previous: Generation | None
    progress: Progress | None

    def go_on_from(self, base: Generation | None) -> Written:
        """The generation that says what the corpus says: `base`, where that does."""
        plan = make_plan(self.corpus, base, self.seen)
        self.seen.save()
        if plan.base is not None and plan.base.damage is None and not plan.differs:
            return Written(plan.base, embedded=0, reused=0, skipped=plan.skipped)
        with open_embeddings(self.index.embeddings, self.encoder) as embeddings:
            current = self._write(plan, embeddings)
        return Written(current, embeddings.embedded, embeddings.reused, plan.skipped)

    def _write(self, plan: Plan, embeddings: Embeddings) -> Generation:
        """The next generation, published."""
        dimension = embeddings.dimension if plan.base is None else plan.base.manifest.dimension
        failed = list(plan.failed)
        unread = sorted(plan.unread)
        with (
            staged(self.index, self.previous) as folder,
            closing(GenerationWriter(folder, plan.base, dimension=dimension)) as writer,
        ):
            writer.remove(plan.gone)
            for first in range(0, len(unread), ARTICLES_AT_ONCE):
                tell(self.progress, first, len(unread))
                files = unread[first : first + ARTICLES_AT_ONCE]
                found = _read(self.corpus, files, failed, fields=self.recipe.fields)
                while articles := list(
                    islice(found, ARTICLES_AT_ONCE)
                ):  # a file may hold a million
                    add(writer, articles, embeddings, self.recipe)
            tell(self.progress, len(unread), len(unread))
            if check_corpus(self.corpus) != plan.folder:
                reason = "another folder took its place while it was read"
                raise CorpusUnreadable(self.corpus, reason)
            failed.sort(key=lambda failure: failure.path)
            return writer.finish(self.recipe, corpus=self.corpus, failed=tuple(failed))


@contextmanager
def staged(index: IndexFolder, previous: Generation | None) -> Iterator[Path]:
    """A folder for the next generation: published on the way out, or removed where it failed."""
    folder = index.stage()
    try:
        yield folder
        index.publish(folder, before=None if previous is None else previous.published)
    except BaseException:
        index.discard(folder)
        raise


def add(
    writer: GenerationWriter,
    articles: Sequence[tuple[str, Article]],
    embeddings: Embeddings,
    recipe: Recipe,
) -> None:
    """Split, embed and write a few articles, each with the file that it came from."""
    split = [
        split_passages(
            article,
            count_tokens=embeddings.count_tokens,
            budget=recipe.passage_tokens,
            overlap=recipe.overlap_sentences,
        )
        for _, article in articles
    ]
    vectors = embeddings.vectors([embedding_text(p) for passages in split for p in passages])
    at = 0
    for (file, article), passages in zip(articles, split, strict=True):
        writer.add(article, passages, vectors[at : at + len(passages)], file=file)
        at += len(passages)


def _read(
    corpus: Path, files: Sequence[str], failed: list[FailedFile], *, fields: Mapping[str, str]
) -> Iterator[tuple[str, Article]]:
    """The articles of some files, each with its file; what cannot be read goes to `failed`."""
    for path in files:
        versions = set[str]()
        records = list[ArticleError]()
        try:
            for found in stream_articles(corpus / path, id=path, fields=fields):
                if isinstance(found, ArticleError):
                    records.append(found)
                else:
                    versions.add(found.version)
                    yield path, found
        except ArticleError as error:
            failed.append(_failure(error, error.version))
        version = next(iter(versions), None)
        failed += [_failure(error, version, file=path) for error in records]


def _failure(error: ArticleError, version: str | None, *, file: str | None = None) -> FailedFile:
    """An error as the manifest keeps it."""
    return FailedFile(
        path=error.path, reason=error.reason, version=version, file=file, left_out=error.left_out
    )


def tell(progress: Progress | None, done: int, total: int) -> None:
    """Report how far a rebuild is, where somebody listens."""
    if progress is not None:
        progress(done, total)


def open_previous(index: IndexFolder) -> tuple[Generation | None, str | None]:
    """The generation to go on from, or None, and what is wrong with the current one."""
    try:
        found = Generation.open_current(index, to_search=False)
        note = None if found.damage is None else f"went on from the one before: {found.damage}"
        return found, note
    except IndexMissing:
        return None, None
    except (IndexDamaged, IndexMismatch) as error:
        return None, _from_nothing(error)


def _from_nothing(error: IndexDamaged | IndexMismatch) -> str:
    return f"started from nothing, because: {error}"


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Raise IndexUnwritable for what the device or SQLite raises."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise IndexUnwritable(path, str(error)) from error
