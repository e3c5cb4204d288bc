"""The commands `rebuild-index`, `doctor` and `stats`."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.filesize import decimal

from pullquote.base.console import (
    one_line,
    print_error,
    print_json,
    print_note,
    say,
    warn,
    when,
    write,
)
from pullquote.base.plurals import counted
from pullquote.cli.options import ClusterOption, CorpusOption, IndexOption, JsonOption, default
from pullquote.cli.terminal import print_result, progress_bar, rebuild_progress
from pullquote.cli.watching import print_watch_report, run_after_rebuild
from pullquote.schema.errors import PullquoteError, RebuildRefused, SettingsError
from pullquote.schema.settings import Settings, load_settings

if TYPE_CHECKING:
    from types import FrameType

    from pullquote.answering.doctor import Finding
    from pullquote.index import Preview, Report, Stats
    from pullquote.index.manifest import FailedFile


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
            progress_bar("Repairing the index", quiet=as_json) as progress,
        ):
            report = index_doctor.repair(settings, progress=progress)
        if not as_json:
            print_report(report)
    findings = index_doctor.examine(settings)
    if as_json:
        print_json([finding.model_dump() for finding in findings])
    else:
        print_findings(findings)
    if not all(finding.sound for finding in findings):
        raise typer.Exit(FAILED)


def stats(index: IndexOption = None, as_json: JsonOption = False) -> None:
    """Show what is in the index: articles, passages, sources, days, sizes, models, failed files.

    Example: `pullquote stats --index index`
    """
    import pullquote  # noqa: PLC0415

    print_result(pullquote.stats(index), print_stats, as_json=as_json)


def _preview(
    settings: Settings, *, force: bool, as_json: bool, allow_removals: bool, new_corpus: bool
) -> bool:
    """Print what a rebuild would do. False if it would be refused or a file cannot be opened."""
    import pullquote  # noqa: PLC0415 - only commands that need FAISS load it

    found = pullquote.preview_rebuild(
        settings=settings, force=force, allow_removals=allow_removals, new_corpus=new_corpus
    )
    print_result(found, print_preview, as_json=as_json)
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
        rebuild_progress(settings, quiet=as_json) as progress,
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
        print_report(report)
    asked = run_after_rebuild(settings, quiet=as_json) if watchlist else None
    if as_json:
        changes = {} if asked is None else {"watchlist": asked.model_dump(mode="json")}
        print_json({**report.model_dump(mode="json"), **changes}, in_a_line=in_a_line)
    elif asked is not None:
        print_watch_report(asked)


def _follow(
    settings: Settings, *, as_json: bool, watchlist: bool, allow_removals: bool, new_corpus: bool
) -> None:
    """Rebuild as the corpus changes, and print a report of each rebuild."""
    from pullquote.index import Report  # noqa: PLC0415
    from pullquote.index.watch import follow  # noqa: PLC0415

    generation = None
    for done in follow(settings, allow_removals=allow_removals, new_corpus=new_corpus):
        if not isinstance(done, Report):
            print_error(str(done))
        elif as_json or done.generation != generation:
            if not as_json:
                write(f"{datetime.now().astimezone():%H:%M:%S}")
            try:
                _print_rebuilt(settings, done, as_json=as_json, watchlist=watchlist, in_a_line=True)
            except PullquoteError as error:  # of the watchlist; the index is up to date
                print_error(str(error))
        generation = done.generation if isinstance(done, Report) else generation


@contextmanager
def _refusal_as_json(wanted: bool) -> Iterator[None]:
    """If wanted, print the facts of a refused rebuild as JSON, and then raise its error."""
    try:
        yield
    except RebuildRefused as error:
        if wanted:
            from pullquote.index import refusal_of  # noqa: PLC0415

            print_json(refusal_of(error).model_dump(mode="json"))
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


FILES_SHOWN = 20
NAMES_SHOWN = 12


def print_report(report: Report) -> None:
    """Print what a rebuild did, in a few lines."""
    articles, passages = counted(report.articles, "article"), counted(report.passages, "passage")
    say(f"{_changes(report)}. {articles}, {report.seconds:,.1f} s.")
    if report.embedded or report.reused:
        say(
            f"Generation {report.generation}: {passages}, {report.embedded:,} embedded, "
            f"{report.reused:,} reused.",
            style="dim",
        )
    if report.skipped:
        say(f"Skipped {counted(report.skipped, 'file')} of other types.", style="dim")
    superseded = [f"superseded: {old.article}, by {old.by}" for old in report.superseded]
    _print_some(superseded, style="dim")
    not_replaced = [
        f"not replaced: {a.article}, by {a.by}: {a.reason}" for a in report.not_replaced
    ]
    _print_some(not_replaced, style="yellow")
    if report.copy_groups:
        groups = counted(report.copy_groups, "group")
        say(f"near duplicates: {groups}; each counts as one source", style="dim")
    if report.note is not None:
        say(f"note: {report.note}", style="yellow")
    _print_failed(report.failed)


def print_preview(found: Preview) -> None:
    """Print what a rebuild would do.

    Prints the number of files for each kind of change, and some of their names.
    """
    changes = found.changes
    say(
        f"A rebuild would find: {len(changes.added)} added, {len(changes.changed)} changed, "
        f"{len(changes.renamed)} renamed, {len(changes.removed)} removed, "
        f"{changes.unchanged} unchanged, {_count_failed(found.failed)} failed"
    )
    if found.note is not None:
        say(f"note: {found.note}", style="yellow")
    if found.refused is not None:
        warn("It would be refused:", found.refused.message, style="bold red")
    kinds = {
        "+": changes.added,
        "~": changes.changed,
        ">": [f"{one.before} > {one.after}" for one in changes.renamed],
        "-": changes.removed,
        "not read:": [f"{failure.path}: {failure.reason}" for failure in found.failed],
    }
    for mark, paths in kinds.items():
        _print_some([f"{mark} {path}" for path in paths], before=f"{mark} ")


def _print_some(lines: Sequence[str], *, style: str = "", before: str = "") -> None:
    """Print the first lines, and how many more there are."""
    for line in lines[:FILES_SHOWN]:
        say(one_line(line), style=style)
    if (more := len(lines) - FILES_SHOWN) > 0:
        say(f"{before}and {more} more; --json lists them all", style="dim")


def print_stats(found: Stats) -> None:
    """Print the contents of an index."""
    config = found.index_config
    days = "none has a date"
    if found.first_day is not None and found.last_day is not None:
        days = f"{when(found.first_day)} to {when(found.last_day)}, {found.undated} undated"
    facts = {
        "index": f"{found.index}, generation {found.generation}",
        "last rebuild": f"{found.created.astimezone():%d %B %Y, %H:%M:%S}",
        "corpus": str(found.corpus),
        "articles": f"{found.articles} ({days})",
        "passages": f"{found.passages} ({_counts(found.roles)})",
        "searched by": found.searched,
        "sources": _counts(found.sources),
        "sections": _counts(found.sections),
        "languages": _counts(found.languages),
        "kinds": _counts(found.kinds),
        "near duplicates": f"{counted(found.copies, 'article')} in "
        f"{counted(found.copy_groups, 'group')}",
        "encoder": f"{config.encoder}, {found.dimension} dimensions",
        "made by": f"pullquote {config.pullquote}, passages of {config.passage_tokens} tokens that "
        f"share {counted(config.overlap_sentences, 'sentence')}",
        "stored": f"{decimal(sum(found.sizes.values()))} in "
        f"{counted(found.generations, 'generation')}: "
        + ", ".join(f"{name} {decimal(size)}" for name, size in found.sizes.items()),
        "failed files": str(_count_failed(found.failed)),
    }
    width = max(map(len, facts))
    for name, value in facts.items():
        say(f"{name:{width}}  {one_line(value)}")
    _print_failed(found.failed)
    if found.progress is not None:
        print_note(f"{found.progress.note} If no rebuild is running, run pullquote rebuild-index.")
    if found.damage is not None:
        print_note(f"answers come from the previous generation of the index. {found.damage}")


def print_findings(findings: Sequence[Finding]) -> None:
    """Print every part that was checked, and how to repair the parts that are not sound."""
    width = max(len(finding.part) for finding in findings)
    for finding in findings:
        mark, style = ("ok", "") if finding.sound else ("BAD", "bold red")
        say(f"{mark:3}  {finding.part:{width}}  {one_line(finding.found)}", style=style)
        if finding.mend is not None:
            say(f"     {'':{width}}  repair it with: {finding.mend}")


def _changes(report: Report) -> str:
    """The number of articles by kind of change, such as "2 added, 1 removed, 7 unchanged"."""
    changes = report.changes
    others = {"unchanged": report.unchanged, "failed": _count_failed(report.failed)}
    if not any(changes.values()):
        changes, others = {}, {"failed": others["failed"]}
    parts = [f"{count:,} {kind}" for kind, count in (changes | others).items() if count]
    return ", ".join(parts if changes else ["No changes", *parts])


def _count_failed(failed: Sequence[FailedFile]) -> int:
    """The number of files that could not be read, not counting files of unsupported types."""
    return sum(not failure.left_out for failure in failed)


def _print_failed(failed: Sequence[FailedFile]) -> None:
    for failure in failed[:FILES_SHOWN]:
        what = "left out:" if failure.left_out else "not read:"
        warn(what, one_line(f"{failure.path}: {failure.reason}"), style="yellow")
    if (more := len(failed) - FILES_SHOWN) > 0:
        warn(f"and {more} more;", "--json lists them all", style="yellow")


def _counts(counted: Mapping[str, int]) -> str:
    """The most frequent names, with their counts."""
    shown = [f"{name or 'none'} {count}" for name, count in list(counted.items())[:NAMES_SHOWN]]
    more = len(counted) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")
