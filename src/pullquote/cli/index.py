"""The commands `rebuild-index`, `doctor` and `stats`."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from pullquote.cli import terminal
from pullquote.cli.options import ClusterOption, CorpusOption, IndexOption, JsonOption, default
from pullquote.cli.watching import run_after_rebuild
from pullquote.schema.errors import PullquoteError, RebuildRefused, SettingsError
from pullquote.schema.settings import Settings, load_settings

if TYPE_CHECKING:
    from types import FrameType

    from pullquote.index import Report

FAILED = 1


class Terminated(KeyboardInterrupt):
    """SIGTERM was received. It ends a rebuild as Ctrl-C does; computed vectors are stored."""


def rebuild_index(
    corpus: CorpusOption = None,
    index: IndexOption = None,
    force: Annotated[bool, typer.Option("--force", help="Read every file again.")] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with status 1 if a file could not be read.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change, but change nothing.")
    ] = False,
    allow_removals: Annotated[
        bool,
        typer.Option(
            "--allow-removals",
            help="Remove all articles that are gone from the folder, however many. Otherwise, a "
            "rebuild that would remove more than the share in the setting removals_at_most is "
            f"refused ({default('removals_at_most').strip('[]')}).",
        ),
    ] = False,
    new_corpus: Annotated[
        bool,
        typer.Option(
            "--new-corpus",
            help="Read a different folder from last time, and remove articles that are not in it.",
        ),
    ] = False,
    watch: Annotated[
        bool,
        typer.Option("--watch", help="Keep running, and rebuild whenever articles have changed."),
    ] = False,
    watchlist: Annotated[
        bool,
        typer.Option(
            "--watchlist/--no-watchlist",
            help="Afterwards, ask the standing questions again, if there are any, and print what "
            "changed in their answers.",
        ),
    ] = True,
    cluster: ClusterOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring the index up to date with the articles in a folder.

    Only changed files are read, and text that was embedded before is not embedded again. The old
    index is used until the new one is complete. While an index in a folder is built for the first
    time, questions are answered from the articles that it has so far. After an interruption, the
    next rebuild goes on from there. With `--ray`, a Ray cluster reads and embeds; the index is the
    same.

    A rebuild that would remove many articles changes nothing and ends with exit status 1, unless
    `--allow-removals` is given. The same applies to a rebuild that would read a different folder
    from last time, unless `--new-corpus` is given. With `--watch`, these two options apply only
    to the first rebuild.

    Example: `pullquote rebuild-index --corpus articles --index index`
    """
    if watch and (force or strict or dry_run):
        raise SettingsError("--watch cannot be combined with --force, --strict or --dry-run.")
    settings = load_settings(corpus=corpus, index=index, ray=cluster)
    allowed = {"allow_removals": allow_removals, "new_corpus": new_corpus}
    if dry_run:
        sound = _preview(settings, force=force, as_json=as_json, **allowed)
    else:
        with sigterm_as_interrupt():
            if watch:
                _follow(settings, as_json=as_json, watchlist=watchlist, **allowed)
                return
            sound = _rebuild(settings, force=force, as_json=as_json, watchlist=watchlist, **allowed)
    if strict and not sound:
        raise typer.Exit(FAILED)


def doctor(
    index: IndexOption = None,
    repair: Annotated[
        bool,
        typer.Option(
            "--repair",
            help="Rebuild vectors and postings from the articles in the index.",
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Check every file of the index, the settings and the models.

    If a part is not sound, the exit status is 1 and the output names the command that repairs it.
    `--repair` reads no file of the corpus and uses the cached vectors.

    Example: `pullquote doctor --index index`
    """
    from pullquote.answering import doctor as index_doctor  # noqa: PLC0415 - it loads FAISS

    settings = load_settings(index=index)
    if repair:
        with (
            sigterm_as_interrupt(),
            terminal.progress("Repairing the index", quiet=as_json) as progress,
        ):
            report = index_doctor.repair(settings, progress=progress)
        if not as_json:
            terminal.print_report(report)
    findings = index_doctor.examine(settings)
    if as_json:
        terminal.print_json([finding.model_dump() for finding in findings])
    else:
        terminal.print_findings(findings)
    if not all(finding.sound for finding in findings):
        raise typer.Exit(FAILED)


def stats(index: IndexOption = None, as_json: JsonOption = False) -> None:
    """Show what is in the index: articles, passages, sources, days, sizes, models, failed files.

    Example: `pullquote stats --index index`
    """
    import pullquote  # noqa: PLC0415

    found = pullquote.stats(index)
    if as_json:
        terminal.print_json(found.model_dump(mode="json"))
    else:
        terminal.print_stats(found)


def _preview(
    settings: Settings, *, force: bool, as_json: bool, allow_removals: bool, new_corpus: bool
) -> bool:
    """Print what a rebuild would do. False if it would be refused or a file cannot be opened."""
    import pullquote  # noqa: PLC0415 - only commands that need FAISS load it

    found = pullquote.preview_rebuild(
        settings=settings, force=force, allow_removals=allow_removals, new_corpus=new_corpus
    )
    if as_json:
        terminal.print_json(found.model_dump(mode="json"))
    else:
        terminal.print_preview(found)
    return found.refused is None and all(failure.left_out for failure in found.failed)


def _rebuild(
    settings: Settings,
    *,
    force: bool,
    as_json: bool,
    watchlist: bool,
    allow_removals: bool,
    new_corpus: bool,
) -> bool:
    """Rebuild and print the report. False if a file could not be read."""
    import pullquote  # noqa: PLC0415

    with (
        _refusal_as_json(as_json),
        terminal.rebuild_progress(settings, quiet=as_json) as progress,
    ):
        report = pullquote.rebuild_index(
            settings=settings,
            force=force,
            allow_removals=allow_removals,
            new_corpus=new_corpus,
            progress=progress,
        )
    _print_rebuilt(settings, report, as_json=as_json, watchlist=watchlist)
    return all(failure.left_out for failure in report.failed)


def _print_rebuilt(
    settings: Settings, report: Report, *, as_json: bool, watchlist: bool, in_a_line: bool = False
) -> None:
    """Print the report of a rebuild, then ask the standing questions and print what changed.

    In JSON, that is the field `watchlist` of the report; it is left out without such questions.
    """
    if not as_json:
        terminal.print_report(report)
    asked = run_after_rebuild(settings, quiet=as_json) if watchlist else None
    if as_json:
        changes = {} if asked is None else {"watchlist": asked.model_dump(mode="json")}
        terminal.print_json({**report.model_dump(mode="json"), **changes}, in_a_line=in_a_line)
    elif asked is not None:
        terminal.print_watch_report(asked)


def _follow(
    settings: Settings, *, as_json: bool, watchlist: bool, allow_removals: bool, new_corpus: bool
) -> None:
    """Rebuild as the corpus changes, and print a report of each rebuild."""
    from pullquote.index import Report  # noqa: PLC0415
    from pullquote.index.watch import follow  # noqa: PLC0415

    generation = None
    for done in follow(settings, allow_removals=allow_removals, new_corpus=new_corpus):
        if not isinstance(done, Report):
            terminal.print_error(str(done))
        elif as_json or done.generation != generation:
            if not as_json:
                terminal.write(f"{datetime.now().astimezone():%H:%M:%S}")
            try:
                _print_rebuilt(settings, done, as_json=as_json, watchlist=watchlist, in_a_line=True)
            except PullquoteError as error:  # of the watchlist; the index is up to date
                terminal.print_error(str(error))
        generation = done.generation if isinstance(done, Report) else generation


@contextmanager
def _refusal_as_json(wanted: bool) -> Iterator[None]:
    """If wanted, print the facts of a refused rebuild as JSON, and then raise its error."""
    try:
        yield
    except RebuildRefused as error:
        if wanted:
            from pullquote.index import refusal_of  # noqa: PLC0415

            terminal.print_json(refusal_of(error).model_dump(mode="json"))
        raise


@contextmanager
def sigterm_as_interrupt() -> Iterator[None]:
    """Inside this context, SIGTERM raises `Terminated`, as Ctrl-C raises KeyboardInterrupt."""
    terminated = False

    def end(_signal: int, _frame: FrameType | None) -> None:
        nonlocal terminated
        terminated = True
        raise Terminated

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    except KeyboardInterrupt:  # the watch raises this for either signal
        if terminated:
            raise Terminated from None
        raise
    finally:
        signal.signal(signal.SIGTERM, before)
