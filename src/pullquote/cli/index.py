"""The commands that make an index and look after it."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from pullquote import terminal
from pullquote.cli.options import ClusterOption, CorpusOption, IndexOption, JsonOption, default
from pullquote.errors import RebuildRefused, SettingsError
from pullquote.settings import Settings, load_settings

if TYPE_CHECKING:
    from types import FrameType

FAILED = 1


class Terminated(KeyboardInterrupt):
    """SIGTERM: a rebuild ends as for Ctrl-C, and what it embedded is kept."""


def rebuild_index(
    corpus: CorpusOption = None,
    index: IndexOption = None,
    force: Annotated[bool, typer.Option("--force", help="Read every file anew.")] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 when a file could not be read.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")
    ] = False,
    allow_removals: Annotated[
        bool,
        typer.Option(
            "--allow-removals",
            help="Remove articles that are gone from the folder, however many. A rebuild without "
            f"it stops before it removes more than this share {default('removals_at_most')}",
        ),
    ] = False,
    new_corpus: Annotated[
        bool,
        typer.Option(
            "--new-corpus",
            help="Use another folder than the index was built from, and remove what is not there.",
        ),
    ] = False,
    watch: Annotated[
        bool,
        typer.Option("--watch", help="Go on, and rebuild whenever the articles have changed."),
    ] = False,
    cluster: ClusterOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring the index up to date with the articles in a folder.

    Only what changed is read, and text that was embedded before is not embedded again. The old
    index answers until the new one is complete. Interrupted, the next rebuild goes on from what was
    embedded. With `--ray` that is done on a Ray cluster, and the index is the same.

    A rebuild that would remove many articles, or reads another folder than before, changes nothing
    and ends with exit status 1, unless `--allow-removals` or `--new-corpus` allows it. With
    `--watch` these two hold for the first rebuild alone.

    Example: `pullquote rebuild-index --corpus articles --index index`
    """
    if watch and (force or strict or dry_run):
        raise SettingsError("--watch goes with none of --force, --strict and --dry-run.")
    import pullquote  # noqa: PLC0415 - FAISS is loaded by the commands that need it

    settings = load_settings(corpus=corpus, index=index, ray=cluster)
    if dry_run:
        found = pullquote.preview_rebuild(
            settings=settings, force=force, allow_removals=allow_removals, new_corpus=new_corpus
        )
        if as_json:
            terminal.print_json(found.model_dump(mode="json"))
        else:
            terminal.print_preview(found)
        failed = found.refused is not None or any(not one.left_out for one in found.failed)
    else:
        with _sigterm_as_interrupt():
            if watch:
                allowed = {"allow_removals": allow_removals, "new_corpus": new_corpus}
                _follow(settings, as_json=as_json, **allowed)
                return
            with (
                _refusal_as_json(as_json),
                terminal.progress("Reading and embedding articles", quiet=as_json) as progress,
            ):
                report = pullquote.rebuild_index(
                    settings=settings,
                    force=force,
                    allow_removals=allow_removals,
                    new_corpus=new_corpus,
                    progress=progress,
                )
        if as_json:
            terminal.print_json(report.model_dump(mode="json"))
        else:
            terminal.print_report(report)
        failed = any(not failure.left_out for failure in report.failed)
    if failed and strict:
        raise typer.Exit(FAILED)


def doctor(
    index: IndexOption = None,
    repair: Annotated[
        bool,
        typer.Option(
            "--repair",
            help="Make vectors and postings anew from the articles that the index holds.",
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Look the index over: every file, the settings, the models.

    Exit status 1 where a part is not sound, with the command that mends it. `--repair` reads no
    file of the corpus and embeds nothing whose vector is kept.

    Example: `pullquote doctor --index index`
    """
    from pullquote import doctor as surgery  # noqa: PLC0415 - it loads FAISS

    settings = load_settings(index=index)
    if repair:
        with (
            _sigterm_as_interrupt(),
            terminal.progress("Making the index anew", quiet=as_json) as progress,
        ):
            report = surgery.repair(settings, progress=progress)
        if not as_json:
            terminal.print_report(report)
    findings = surgery.examine(settings)
    if as_json:
        terminal.print_json([finding.model_dump() for finding in findings])
    else:
        terminal.print_findings(findings)
    if not all(finding.sound for finding in findings):
        raise typer.Exit(FAILED)


def stats(index: IndexOption = None, as_json: JsonOption = False) -> None:
    """Say what the index holds: articles, passages, sources, days, sizes, models, failed files.

    Example: `pullquote stats --index index`
    """
    import pullquote  # noqa: PLC0415

    found = pullquote.stats(index)
    if as_json:
        terminal.print_json(found.model_dump(mode="json"))
    else:
        terminal.print_stats(found)


def _follow(settings: Settings, *, as_json: bool, allow_removals: bool, new_corpus: bool) -> None:
    """Rebuild as the corpus changes; each rebuild is a line of JSON, or a few words."""
    from pullquote.index import Report  # noqa: PLC0415
    from pullquote.watch import follow  # noqa: PLC0415

    generation = None
    for done in follow(settings, allow_removals=allow_removals, new_corpus=new_corpus):
        if not isinstance(done, Report):
            terminal.print_error(str(done))
        elif as_json:
            terminal.print_json(done.model_dump(mode="json"), in_a_line=True)
        elif done.generation != generation:
            terminal.write(f"{datetime.now().astimezone():%H:%M:%S}")
            terminal.print_report(done)
        generation = done.generation if isinstance(done, Report) else generation


@contextmanager
def _refusal_as_json(wanted: bool) -> Iterator[None]:
    """Print the facts of a refused rebuild for a program, before the error ends the command."""
    try:
        yield
    except RebuildRefused as error:
        if wanted:
            from pullquote.index import refusal_of  # noqa: PLC0415

            terminal.print_json(refusal_of(error).model_dump(mode="json"))
        raise


@contextmanager
def _sigterm_as_interrupt() -> Iterator[None]:
    """Until left, SIGTERM ends the work as Ctrl-C does, by `Terminated`."""
    told = False

    def end(_signal: int, _frame: FrameType | None) -> None:
        nonlocal told
        told = True
        raise Terminated

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    except KeyboardInterrupt:  # the watch raises a plain one whatever the signal was
        if told:
            raise Terminated from None
        raise
    finally:
        signal.signal(signal.SIGTERM, before)
