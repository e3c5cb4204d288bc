"""Corpus folder -> the next generation, doing only the work that changed."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from pullquote.encoder import Encoder
from pullquote.errors import (
    ArticleError,
    CorpusMissing,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    IndexUnwritable,
)
from pullquote.index.embeddings import Embeddings, open_embeddings
from pullquote.index.folder import IndexFolder
from pullquote.index.generation import Generation
from pullquote.index.manifest import FailedFile, Recipe
from pullquote.index.plan import Plan, make_plan
from pullquote.index.writer import GenerationWriter
from pullquote.ingest import read_articles
from pullquote.passages import embedding_text, split_passages
from pullquote.schema import Article

ARTICLES_AT_ONCE = 32
"""Articles parsed, embedded and written together: enough to fill batches of like length, few enough
that progress shows and an interrupted rebuild has lost little."""


class Progress(Protocol):
    """Told how far a rebuild is: `done` of `total` articles are read, embedded and written."""

    def __call__(self, done: int, total: int) -> None:
        """Take note; called from the thread that rebuilds."""


class Report(BaseModel):
    """What a rebuild did. Counts are articles, but `embedded` and `reused` are passages."""

    model_config = ConfigDict(frozen=True)

    generation: str
    added: int
    changed: int
    removed: int
    unchanged: int
    failed: tuple[FailedFile, ...]
    skipped: int
    articles: int
    passages: int
    embedded: int
    reused: int
    seconds: float
    note: str | None


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
        CorpusMissing: `corpus` is not a folder.
        IndexLocked: another rebuild is at work.
        IndexUnwritable: the device failed; the generation before still answers.
    """
    started = time.perf_counter()
    if not corpus.is_dir():
        raise CorpusMissing(corpus)
    with _translated(index.path), index.lock(), ExitStack() as opened:
        index.sweep()
        previous, note = _open_previous(index)
        base = previous
        if previous is not None:
            opened.callback(previous.close)
            if previous.manifest.recipe != recipe:
                base, note = None, "model, settings or version changed: every article was read anew"
        plan = make_plan(corpus, None if force else base)
        if plan.base is not None and not plan.differs:
            done = _Written(plan.base, embedded=0, reused=0)
        else:
            with open_embeddings(index.embeddings, encoder) as embeddings:
                current = _write(plan, index, embeddings, recipe, progress=progress)
            opened.callback(current.close)
            done = _Written(current, embeddings.embedded, embeddings.reused)
        seconds = round(time.perf_counter() - started, 3)
        return _report(previous, done, skipped=plan.skipped, seconds=seconds, note=note)


@dataclass(frozen=True, slots=True)
class _Written:
    generation: Generation
    embedded: int
    reused: int


def _write(
    plan: Plan,
    index: IndexFolder,
    embeddings: Embeddings,
    recipe: Recipe,
    *,
    progress: Progress | None,
) -> Generation:
    """The next generation, published."""
    dimension = embeddings.dimension if plan.base is None else plan.base.manifest.dimension
    staged = index.stage()
    try:
        with closing(GenerationWriter(staged, plan.base, dimension=dimension)) as writer:
            writer.remove(plan.gone)
            failed = list(plan.failed)
            unread = sorted(plan.unread.items())
            for first in range(0, len(unread), ARTICLES_AT_ONCE):
                _tell(progress, first, len(unread))
                files = dict(unread[first : first + ARTICLES_AT_ONCE])
                _add(writer, list(_read(plan.corpus, files, failed)), embeddings, recipe)
            _tell(progress, len(unread), len(unread))
            failed.sort(key=lambda failure: failure.path)
            generation = writer.finish(recipe, corpus=plan.corpus, failed=tuple(failed))
        index.publish(staged)
    except BaseException:
        index.discard(staged)
        raise
    return generation


def _add(
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
    corpus: Path, files: Mapping[str, str], failed: list[FailedFile]
) -> Iterator[tuple[str, Article]]:
    """The articles of some files, each with its file; what cannot be read goes to `failed`."""
    for path, version in files.items():
        try:
            yield from ((path, article) for article in read_articles(corpus / path, id=path))
        except ArticleError as error:
            failed.append(FailedFile(path=path, reason=error.reason, version=version))


def _tell(progress: Progress | None, done: int, total: int) -> None:
    if progress is not None:
        progress(done, total)


def _open_previous(index: IndexFolder) -> tuple[Generation | None, str | None]:
    """The generation to go on from, or None and why there is none."""
    try:
        return Generation.open_current(index), None
    except IndexMissing:
        return None, None
    except (IndexDamaged, IndexMismatch) as error:
        return None, f"started from nothing, because: {error}"


def _report(
    previous: Generation | None, done: _Written, *, skipped: int, seconds: float, note: str | None
) -> Report:
    manifest = done.generation.manifest
    return Report(
        generation=manifest.generation,
        **_compare(previous, done.generation),
        failed=manifest.failed,
        skipped=skipped,
        articles=manifest.articles,
        passages=manifest.passages,
        embedded=done.embedded,
        reused=done.reused,
        seconds=seconds,
        note=note,
    )


def _compare(before: Generation | None, after: Generation) -> dict[str, int]:
    """How many articles were added, changed, removed and left as they were."""
    old = before.store.article_versions() if before is not None else {}
    new = after.store.article_versions()
    return {
        "added": len(new.keys() - old.keys()),
        "changed": sum(old[a] != new[a] for a in new.keys() & old.keys()),
        "removed": len(old.keys() - new.keys()),
        "unchanged": sum(old[a] == new[a] for a in new.keys() & old.keys()),
    }


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise IndexUnwritable(path, str(error)) from error
