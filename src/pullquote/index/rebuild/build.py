"""Corpus folder -> the next generation, doing only the work that changed."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pullquote.encoder import Encoder
from pullquote.errors import (
    CorpusUnreadable,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    RebuildRefused,
)
from pullquote.index.embedding_cache import EMBEDDINGS, Embeddings, open_embeddings
from pullquote.index.file_digests import SEEN, SeenFiles
from pullquote.index.interfaces import Index, OpenGeneration, Writer
from pullquote.index.manifest import Recipe
from pullquote.index.rebuild.batches import Batch, Prepare, Work, prepare_here
from pullquote.index.rebuild.changes import compare
from pullquote.index.rebuild.consent import ORDINARY, Consent, ConsentCheck
from pullquote.index.rebuild.parse_results import Found
from pullquote.index.rebuild.plan import Plan, make_plan
from pullquote.index.rebuild.report import Preview, Report, Written, refusal_of, report_of
from pullquote.limits import LIMITS, Limits
from pullquote.parsing import check_corpus
from pullquote.parsing.workers.parse_files import FileParser

HERE = FileParser()
"""In this process, by the limits that hold unless others are set."""

ANEW = "model, settings or version changed: every article is read anew"


class Progress(Protocol):
    """Told how far a rebuild is: `done` of `total` articles are read, embedded and written."""

    def __call__(self, done: int, total: int) -> None:
        """Take note; called from the thread that rebuilds."""


def rebuild(
    index: Index,
    corpus: Path,
    encoder: Encoder,
    *,
    recipe: Recipe,
    reading: FileParser = HERE,
    prepare: Prepare = prepare_here,
    force: bool = False,
    consent: Consent = ORDINARY,
    progress: Progress | None = None,
) -> Report:
    """What was done to make the index say what the corpus says.

    Files whose bytes have not changed are not read again; text embedded before is not embedded
    again. With `force` every file is read anew. When nothing differs, the current generation
    stays. A file that cannot be read is named in the report and is not in the index; it is read
    again when it changes, or the limits of `reading` do. `prepare` says where articles are read and
    embedded; the index is the same. Without `consent` many articles are not removed, and no other
    folder is read than before.

    Raises:
        CorpusMissing, CorpusUnreadable: `corpus` is not a folder that can be listed.
        CorpusChanged, RemovalsRefused: `consent` does not allow it; nothing was published.
        IndexLocked: another rebuild is at work.
        IndexUnwritable: the device failed; the generation before still answers.
        ReadingFailed: the processes that read files cannot be started.
    """
    started = time.perf_counter()
    check_corpus(corpus)
    with index.rebuilding(), ExitStack() as opened:
        previous, note = open_previous(index)
        base = previous
        if previous is not None:
            opened.callback(previous.close)
            if previous.manifest.recipe != recipe:
                base, note = None, ANEW
        seen = SeenFiles(index.beside / SEEN, corpus)
        run = _Rebuild(
            index, corpus, encoder, recipe, reading, prepare, seen, previous, consent, progress
        )
        try:
            done = run.go_on_from(None if force else base)
        except IndexDamaged as damage:  # of a file that was not read so far
            if force or base is None:
                raise
            index.note_damage()
            note = _from_nothing(damage)
            done = run.go_on_from(None)
        if done.generation is not previous:
            opened.callback(done.generation.close)
        index.note_sound(done.generation)
        seconds = round(time.perf_counter() - started, 3)
        notes = [one for one in (note, done.note) if one is not None]
        return report_of(previous, done, seconds=seconds, note="; ".join(notes) or None)


def preview(
    index: Index,
    corpus: Path,
    *,
    recipe: Recipe,
    limits: Limits = LIMITS,
    force: bool = False,
    consent: Consent = ORDINARY,
) -> Preview:
    """What `rebuild` would do now. Nothing is written, no lock is taken and no model loaded.

    `refused` says whether it would need more consent, as far as that shows before files are read.

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
        plan = make_plan(corpus, base, SeenFiles(index.beside / SEEN, corpus), limits=limits)
        before = {} if previous is None else previous.versions()
        failing = {failure.path for failure in plan.failed}
        refused = None
        try:
            ConsentCheck(index, previous, plan, consent).check_names()
        except RebuildRefused as error:
            refused = refusal_of(error)
        return Preview(
            changes=compare(
                before,
                {p: v for p, v in plan.files.items() if p not in failing or before.get(p) == v},
            ),
            unread=len(plan.unread),
            failed=tuple(plan.failed),
            skipped=plan.skipped,
            note=note,
            refused=refused,
        )


@dataclass(frozen=True, slots=True)
class _Rebuild:
    """What a rebuild works on."""

    index: Index
    corpus: Path
    encoder: Encoder
    recipe: Recipe
    reading: FileParser
    prepare: Prepare
    seen: SeenFiles
    previous: OpenGeneration | None
    consent: Consent
    progress: Progress | None

    def go_on_from(self, base: OpenGeneration | None) -> Written:
        """The generation that says what the corpus says: `base`, where that does."""
        plan = make_plan(self.corpus, base, self.seen, limits=self.reading.limits)
        check = ConsentCheck(self.index, self.previous, plan, self.consent)
        check.check_names()  # before anything is read or embedded
        self.seen.save()
        if plan.base is not None and plan.base.damage is None and not plan.differs:
            return Written(plan.base, embedded=0, reused=0, skipped=plan.skipped)
        with open_embeddings(self.index.beside / EMBEDDINGS, self.encoder) as embeddings:
            current = self._write(plan, embeddings, check)
        note = None if check.moved_from is None else f"the corpus was at {check.moved_from} before"
        return Written(current, embeddings.embedded, embeddings.reused, plan.skipped, note)

    def _write(self, plan: Plan, embeddings: Embeddings, check: ConsentCheck) -> OpenGeneration:
        """The next generation, published.

        Whoever prepares is let go before it is finished, which needs nobody else.
        """
        found, unread = Found(plan), dict(sorted(plan.unread.items()))
        work = Work(
            corpus=self.corpus,
            unread=unread,
            recipe=self.recipe,
            reading=self.reading,
            found=found,
            embeddings=embeddings,
        )
        tell(self.progress, 0, len(unread))
        with ExitStack() as preparing:
            batches = preparing.enter_context(self.prepare(work))
            dimension = _dimension(plan, embeddings)
            with self.index.writing(self.previous, base=plan.base, dimension=dimension) as writer:
                writer.remove(plan.gone)
                for batch in batches:
                    write(writer, batch)
                    check.note(batch)
                    tell(self.progress, batch.done, len(unread))
                preparing.close()
                tell(self.progress, len(unread), len(unread))
                if check_corpus(self.corpus) != plan.folder:
                    reason = "another folder took its place while it was read"
                    raise CorpusUnreadable(self.corpus, reason)
                check.check_read(failed=len(found.failed()))
                return writer.finish(
                    self.recipe,
                    corpus=self.corpus,
                    failed=found.failed(),
                    limits=self.reading.limits,
                )


def _dimension(plan: Plan, embeddings: Embeddings) -> int:
    """The numbers in a vector.

    The encoder is loaded to tell, if anything is read: the processes that read start meanwhile.
    """
    if plan.base is not None and not plan.unread:
        return plan.base.manifest.dimension
    return embeddings.dimension


def write(writer: Writer, batch: Batch) -> None:
    """Put the articles of a batch in."""
    for one in batch.articles:
        writer.add(one.article, one.passages, one.vectors, file=one.file)


def tell(progress: Progress | None, done: int, total: int) -> None:
    """Report how far a rebuild is, where somebody listens."""
    if progress is not None:
        progress(done, total)


def open_previous(index: Index) -> tuple[OpenGeneration | None, str | None]:
    """The generation to go on from, or None, and what is wrong with the current one."""
    try:
        found = index.open(to_search=False)
        note = None if found.damage is None else f"went on from the one before: {found.damage}"
        return found, note
    except IndexMissing:
        return None, None
    except (IndexDamaged, IndexMismatch) as error:
        return None, _from_nothing(error)


def _from_nothing(error: IndexDamaged | IndexMismatch) -> str:
    return f"started from nothing, because: {error}"
