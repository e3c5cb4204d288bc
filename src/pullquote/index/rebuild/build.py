"""Builds the next generation from a corpus folder, redoing only what changes require."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from pullquote.index.embedding_cache import EMBEDDINGS, EmbeddingCache, open_embedding_cache
from pullquote.index.encoder import Encoder
from pullquote.index.file_digests import FILE_DIGESTS, FileDigests
from pullquote.index.interfaces import Index, OpenGeneration
from pullquote.index.manifest import IndexConfig
from pullquote.index.rebuild.batches import Prepare, Work, prepare_locally
from pullquote.index.rebuild.consent import DEFAULT_CONSENT, Consent, ConsentCheck
from pullquote.index.rebuild.plan import ParseResults, RebuildPlan, plan_rebuild
from pullquote.index.rebuild.report import (
    Preview,
    Progress,
    Report,
    WrittenGeneration,
    compare,
    refusal_of,
    report_of,
    report_progress,
)
from pullquote.index.rebuild.writing import GenerationWriting
from pullquote.parsing import check_corpus
from pullquote.parsing.workers.parse_files import FileParser
from pullquote.schema.errors import (
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    RebuildRefused,
)
from pullquote.schema.file_limits import LIMITS, Limits

IN_PROCESS = FileParser()
"""Parsing in this process, within the default limits."""

READ_ALL_AGAIN = "model, settings or version changed: every article is parsed again"


def rebuild(
    index: Index,
    corpus: Path,
    encoder: Encoder,
    *,
    index_config: IndexConfig,
    reading: FileParser = IN_PROCESS,
    prepare: Prepare = prepare_locally,
    force: bool = False,
    consent: Consent = DEFAULT_CONSENT,
    progress: Progress | None = None,
) -> Report:
    """Bring the index up to date with the corpus, and report what was done.

    Unchanged files are not parsed again, and text embedded before is not embedded again. If `force`
    is set, every file is parsed. If nothing has changed, no new generation is written.

    A file that cannot be parsed is named in the report and is not in the index. It is tried again
    when it or the limits of `reading` change. `prepare` decides where articles are parsed and
    embedded, which does not change the index. `consent` limits how many articles may be removed,
    and whether the folder may be a different one.

    Raises:
        CorpusMissing, CorpusUnreadable: `corpus` is not a folder that can be listed.
        CorpusChanged, RemovalsRefused: `consent` does not allow the rebuild; nothing was published.
        IndexLocked: another rebuild is running.
        IndexUnwritable: the device failed; answers still come from the previous generation.
        ReadingFailed: the processes that parse files cannot be started.
    """
    started = time.perf_counter()
    check_corpus(corpus)
    with index.rebuilding(), ExitStack() as opened:
        previous, note = open_previous(index)
        base = previous
        if previous is not None:
            opened.callback(previous.close)
            if previous.manifest.index_config != index_config:
                base, note = None, READ_ALL_AGAIN
        file_digests = FileDigests(index.local_folder / FILE_DIGESTS, corpus)
        run = _Rebuild(
            index,
            corpus,
            encoder,
            index_config,
            reading,
            prepare,
            file_digests,
            previous,
            consent,
            progress,
        )
        done, restarted = run.start_or_restart(None if force else base)
        if done.generation is not previous:
            opened.callback(done.generation.close)
        index.remember_verified(done.generation)
        seconds = round(time.perf_counter() - started, 3)
        notes = [one for one in (restarted or note, done.note) if one is not None]
        notes += () if done.generation is previous else done.generation.history.notes
        return report_of(previous, done, seconds=seconds, note="; ".join(notes) or None)


def preview(
    index: Index,
    corpus: Path,
    *,
    index_config: IndexConfig,
    limits: Limits = LIMITS,
    force: bool = False,
    consent: Consent = DEFAULT_CONSENT,
) -> Preview:
    """What `rebuild` would do now. Nothing is written or locked and no model is loaded.

    `refused` says whether the rebuild would need more consent, as far as file names can show.

    Raises:
        CorpusMissing, CorpusUnreadable: `corpus` is not a folder that can be listed.
    """
    check_corpus(corpus)
    previous, note = open_previous(index)
    with ExitStack() as opened:
        if previous is not None:
            opened.callback(previous.close)
            if previous.manifest.index_config != index_config:
                note = READ_ALL_AGAIN
        base = None if force or note == READ_ALL_AGAIN else previous
        plan = plan_rebuild(
            corpus, base, FileDigests(index.local_folder / FILE_DIGESTS, corpus), limits=limits
        )
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
    """A rebuild and its parameters."""

    index: Index
    corpus: Path
    encoder: Encoder
    index_config: IndexConfig
    reading: FileParser
    prepare: Prepare
    file_digests: FileDigests
    previous: OpenGeneration | None
    consent: Consent
    progress: Progress | None

    def start_or_restart(self, base: OpenGeneration | None) -> tuple[WrittenGeneration, str | None]:
        """The generation that matches the corpus, with a note if `base` turns out to be damaged."""
        try:
            return self.start_from(base), None
        except IndexDamaged as damage:  # in a file that nothing has read before
            if base is None:
                raise
            self.index.forget_verified()
            return self.start_from(None), _started_from_nothing(damage)

    def start_from(self, base: OpenGeneration | None) -> WrittenGeneration:
        """The generation that matches the corpus: `base` if it already does, or else a new one."""
        plan = plan_rebuild(
            self.corpus,
            base,
            self.file_digests,
            limits=self.reading.limits,
            progress=self.progress,
        )
        check = ConsentCheck(self.index, self.previous, plan, self.consent)
        check.check_names()  # before anything is read or embedded
        if plan.base is not None and not (
            plan.differs or plan.base.damage is not None or self.index.has_stale_editions(plan.base)
        ):
            self.file_digests.save()
            return WrittenGeneration(plan.base, embedded=0, reused=0, skipped=plan.skipped)
        with open_embedding_cache(self.index.local_folder / EMBEDDINGS, self.encoder) as embeddings:
            current = self._write(plan, embeddings, check)
        note = None if check.moved_from is None else f"the corpus was at {check.moved_from} before"
        return WrittenGeneration(
            current,
            embeddings.embedded,
            embeddings.reused,
            plan.skipped,
            note,
            files={*plan.removed, *plan.unread} if plan.base is self.previous else None,
        )

    def _write(
        self, plan: RebuildPlan, embeddings: EmbeddingCache, check: ConsentCheck
    ) -> OpenGeneration:
        """Write and publish the next generation.

        The context of `prepare` ends before the generation is finished, since finishing does not
        need it.
        """
        results, unread = ParseResults(plan), dict(sorted(plan.unread.items()))
        work = Work(
            corpus=self.corpus,
            unread=unread,
            index_config=self.index_config,
            reading=self.reading,
            results=results,
            embeddings=embeddings,
        )
        report_progress(self.progress, 0, len(unread))
        writing = GenerationWriting(
            index=self.index,
            previous=self.previous,
            plan=plan,
            check=check,
            work=work,
            progress=self.progress,
        )
        with ExitStack() as preparing:
            try:
                batches = preparing.enter_context(self.prepare(work))
            finally:
                self.file_digests.save()  # while the processes start
            if plan.base is not None and not plan.unread:
                dimension = plan.base.manifest.dimension
            else:  # this loads the encoder while the parsing processes start
                dimension = embeddings.encoder.dimension
            return writing.write(batches, dimension=dimension, release=preparing.close)


def open_previous(index: Index) -> tuple[OpenGeneration | None, str | None]:
    """The generation to start from, or None, and a note if the current one is damaged."""
    try:
        found = index.open(to_search=False)
        note = (
            None
            if found.damage is None
            else f"continued from the previous generation: {found.damage}"
        )
        return found, note
    except IndexMissing:
        return None, None
    except (IndexDamaged, IndexMismatch) as error:
        return None, _started_from_nothing(error)


def _started_from_nothing(error: IndexDamaged | IndexMismatch) -> str:
    return f"started from nothing: {error}"
