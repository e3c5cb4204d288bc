"""Opens the index when the web chat starts, and brings it up to date while the chat answers."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial

from pullquote.base.console import err, out, print_error, print_note
from pullquote.base.plurals import counted
from pullquote.cli.index import print_report
from pullquote.cli.terminal import (
    print_note_damaged,
    print_note_uncalibrated,
    rebuild_progress,
    waiting,
)
from pullquote.index import Report
from pullquote.index.services import (
    corpus_of,
    current_index_config,
    encoder_of,
    index_of,
    preparing_of,
    with_precision,
)
from pullquote.newsroom.assistant import Assistant
from pullquote.parsing import check_corpus
from pullquote.schema.errors import (
    CorpusMissing,
    CorpusUnreadable,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    IndexUnreachable,
    PullquoteError,
)
from pullquote.schema.settings import Settings
from pullquote.web.corpus.rebuild_job import (
    ConsentNeeded,
    RebuildCancelled,
    RebuildFailed,
    RebuildFinished,
    RebuildJob,
    RebuildState,
    RebuildWatch,
)
from pullquote.web.corpus.routes import may_rebuild


def open_and_update(assistant: Assistant, rebuild_job: RebuildJob) -> None:
    """Open the index, and start to bring it up to date unless the settings say otherwise."""
    open_index(assistant)
    if assistant.settings.update_at_start:
        start_update(assistant, rebuild_job)  # while gradio is imported, which takes seconds


def open_index(assistant: Assistant) -> None:
    """Open the index, or check that an update can build it. Without an update, print a note.

    Print another note if confidence is not a probability.

    Raises:
        CorpusMissing, CorpusUnreadable: there is neither an index nor a corpus to build one from.
        IndexMismatch: the index was made with another setting, and no corpus can replace it.
        IndexUnreachable: the index cannot be reached, and `update_at_start` is on.
        ModelError, SettingsError: the settings do not fit an update.
    """
    updates = assistant.settings.update_at_start
    if updates:
        preparing_of(assistant.settings)
    try:
        with waiting("Opening the index", quiet=False):
            _ = assistant.generation
        if not updates:
            print_note_damaged(assistant)
    except (IndexMissing, IndexDamaged, IndexMismatch, IndexUnreachable) as error:
        if updates:
            _check_can_be_built(assistant, error)
        else:
            print_note(
                f"The chat will answer as soon as there is an index that it can open. {error}"
            )
        if isinstance(error, IndexUnreachable):
            return  # the reader depends on the encoder that the index records
    print_note_uncalibrated(assistant)


def _check_can_be_built(assistant: Assistant, error: PullquoteError) -> None:
    """Raise an error that a rebuild would also end with, as far as that is quickly known."""
    if isinstance(error, IndexUnreachable):
        raise error
    try:
        check_corpus(corpus_of(assistant.settings))
    except (CorpusMissing, CorpusUnreadable) as no_corpus:
        if isinstance(error, IndexMismatch):
            raise error from no_corpus
        raise
    settings = with_precision(assistant.settings)
    current_index_config(settings, encoder_of(settings))


def start_update(assistant: Assistant, rebuild_job: RebuildJob) -> None:
    """Start a rebuild whose progress and outcome the terminal shows."""
    before = _current_generation(assistant.settings)
    if not _can_answer(assistant):
        print_note("The index is being built. The chat answers once it has articles.")
    shown = ExitStack()
    progress = shown.enter_context(rebuild_progress(assistant.settings, quiet=False))
    ended = partial(_end, assistant, shown, before)
    rebuild_job.start(watch=RebuildWatch(progress, ended))


def _end(assistant: Assistant, shown: ExitStack, before: str | None, outcome: RebuildState) -> None:
    """Replace the progress by what came of the rebuild."""
    shown.close()
    if isinstance(outcome, RebuildFinished):
        report = outcome.report
        _print_report(report, first=before is None, same=report.generation == before)
    elif isinstance(outcome, RebuildCancelled):
        print_note("The rebuild was cancelled. The next one goes on from there.")
    elif isinstance(outcome, RebuildFailed):
        _print_failure(assistant, outcome.reason)
    elif isinstance(outcome, ConsentNeeded):
        _print_failure(assistant, str(outcome.error))
    if _can_answer(assistant):
        print_note_damaged(assistant)


def _print_report(report: Report, *, first: bool, same: bool) -> None:
    """Print the whole report of a first rebuild, but only one line about an update."""
    if first:
        print_report(report)
        return
    if not same:
        out.print(
            f"Index brought up to date: {report.added} added, {report.changed} changed, "
            f"{report.renamed} renamed, {report.removed} removed; {report.articles} in all."
        )
    if report.failed:
        err.print(
            f"[yellow]{counted(len(report.failed), 'file')} could not be read;[/] "
            "pullquote rebuild-index lists what failed."
        )


def _print_failure(assistant: Assistant, reason: str) -> None:
    if _can_answer(assistant):
        print_note(f"The existing index is used unchanged. {reason}")
        return
    print_error(reason)
    on_page = ", or update the index on the Corpus page" if may_rebuild(assistant.settings) else ""
    print_note(
        "The chat will answer as soon as there is an index that it can open. When the cause of the "
        f"error is gone, run pullquote rebuild-index{on_page}."
    )


def _can_answer(assistant: Assistant) -> bool:
    """Whether there is an index that can be opened."""
    try:
        _ = assistant.generation
    except PullquoteError:
        return False
    return True


def _current_generation(settings: Settings) -> str | None:
    """The name of the current generation, or None without an index."""
    try:
        return index_of(settings).current().name
    except (IndexMissing, IndexDamaged, IndexUnreachable):
        return None
