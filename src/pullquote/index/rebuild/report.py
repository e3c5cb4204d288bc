"""What a rebuild did or would do."""

from __future__ import annotations

import time
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from pullquote.errors import RebuildRefused
from pullquote.index.folder.multi_segment_store import Library
from pullquote.index.interfaces import OpenGeneration
from pullquote.index.manifest import FailedFile
from pullquote.index.rebuild.changes import Changes, compare


class Superseded(BaseModel):
    """An article that is not found while a newer edition of it is there, and that one."""

    model_config = ConfigDict(frozen=True)

    article: str
    by: str


class Report(BaseModel):
    """What a rebuild did. Counts are articles, but `embedded` and `reused` are passages.

    `copy_groups` are groups of near-copies in the index; None where it stayed as it was.
    """

    model_config = ConfigDict(frozen=True)

    generation: str
    added: int
    changed: int
    renamed: int
    removed: int
    unchanged: int
    failed: tuple[FailedFile, ...]
    superseded: tuple[Superseded, ...]
    copy_groups: int | None = None
    skipped: int
    articles: int
    passages: int
    embedded: int
    reused: int
    seconds: float
    note: str | None


class Refusal(BaseModel):
    """Why a rebuild needs consent: the name of the error, its message, and what would go.

    `removed` of `articles` articles, of which `examples` are the first ids; None where the index
    cannot tell.
    """

    model_config = ConfigDict(frozen=True)

    error: str
    message: str
    removed: int | None
    articles: int | None
    examples: tuple[str, ...]


class Preview(BaseModel):
    """What a rebuild would do, counted in files.

    `failed` are those that cannot be opened; whether the others can be read shows when they are.
    `refused` is why the rebuild would stop without more consent, if it would.
    """

    model_config = ConfigDict(frozen=True)

    changes: Changes
    unread: int
    failed: tuple[FailedFile, ...]
    skipped: int
    note: str | None
    refused: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A generation, how many of its passages were embedded and how many were known.

    `skipped` are the files of the corpus that no reader knows, `note` what else is to be said.
    """

    generation: OpenGeneration
    embedded: int
    reused: int
    skipped: int
    note: str | None = None


def report_of(
    before: OpenGeneration | Library | None,
    done: Written,
    *,
    seconds: float,
    note: str | None,
) -> Report:
    """The report of what was written; `before` holds the articles that there were."""
    manifest = done.generation.manifest
    old = {} if before is None else before.article_versions()
    new = old if before is done.generation else done.generation.article_versions()
    changes = compare(old, new)
    return Report(
        generation=manifest.generation,
        added=len(changes.added),
        changed=len(changes.changed),
        renamed=len(changes.renamed),
        removed=len(changes.removed),
        unchanged=changes.unchanged,
        failed=manifest.failed,
        superseded=_superseded(done.generation),
        copy_groups=None if before is done.generation else done.generation.copy_groups(),
        skipped=done.skipped,
        articles=manifest.articles,
        passages=manifest.passages,
        embedded=done.embedded,
        reused=done.reused,
        seconds=seconds,
        note=note,
    )


def refusal_of(error: RebuildRefused) -> Refusal:
    """The facts of an error, for a program to read."""
    loss = error.loss
    return Refusal(
        error=type(error).__name__,
        message=str(error),
        removed=None if loss is None else loss.removed,
        articles=None if loss is None else loss.articles,
        examples=() if loss is None else loss.examples,
    )


def _superseded(generation: OpenGeneration) -> tuple[Superseded, ...]:
    """The articles that newer editions have taken the place of by now, in order of their ids."""
    found = generation.superseded(at=int(time.time()))
    return tuple(Superseded(article=old, by=found[old]) for old in sorted(found))
