"""Prints reports and previews of rebuilds, and statistics and checks of an index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from rich.filesize import decimal

from pullquote.base.console import one_line, print_note, say, warn, when
from pullquote.base.plurals import counted
from pullquote.cli.terminal.answers import print_article
from pullquote.parsing.trace import Trace
from pullquote.schema import Article
from pullquote.schema.errors import ArticleError

if TYPE_CHECKING:
    from pullquote.answering.doctor import Finding
    from pullquote.index import Preview, Report, Stats
    from pullquote.index.manifest import FailedFile


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
    for old in report.superseded[:FILES_SHOWN]:
        say(one_line(f"superseded: {old.article}, by {old.by}"), style="dim")
    if (more := len(report.superseded) - FILES_SHOWN) > 0:
        say(f"and {more} more; --json lists them all", style="dim")
    for unreplaced in report.not_replaced[:FILES_SHOWN]:
        line = f"not replaced: {unreplaced.article}, by {unreplaced.by}: {unreplaced.reason}"
        say(one_line(line), style="yellow")
    if (more := len(report.not_replaced) - FILES_SHOWN) > 0:
        say(f"and {more} more; --json lists them all", style="dim")
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
        for path in paths[:FILES_SHOWN]:
            say(one_line(f"{mark} {path}"))
        if (more := len(paths) - FILES_SHOWN) > 0:
            say(f"{mark} and {more} more; --json lists them all", style="dim")


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


_SHOWN = 100
"""How many characters of a left-out text are shown: enough to find it in the file."""
_FACTS = tuple(
    "title standfirst authors source section place tags published modified url language kind item"
    " revision status embargoed".split()
)


def print_inspected(article: Article, trace: Trace) -> None:
    """Print an article as it was read: its metadata, its blocks, and the text left out."""
    facts = article.model_dump(mode="json", exclude={"text", "blocks"}, exclude_defaults=True)
    width = max(map(len, facts))
    for name, value in facts.items():
        text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        origin = _origin(article, name, trace)
        source = "" if origin is None else f"  ({one_line(origin)})"
        say(f"{name:{width}}  {one_line(text)}{source}", style="dim")
    say("")
    print_article(article)
    _print_left_out(trace)


def print_unread(error: ArticleError) -> None:
    """Print a record that cannot be read as an article, and why."""
    warn("left out:" if error.left_out else "not read:", one_line(str(error)), style="yellow")


def inspection_facts(article: Article, trace: Trace) -> dict[str, object]:
    """The facts that `print_inspected` prints, as plain values for JSON."""
    origins = {name: _origin(article, name, trace) for name in _FACTS}
    return {
        **article.model_dump(mode="json"),
        "origins": {name: origin for name, origin in origins.items() if origin is not None},
        "left_out": [{"text": out.text, "reason": out.reason} for out in trace.dropped],
        "left_out_more": trace.more_dropped,
    }


def _origin(article: Article, name: str, trace: Trace) -> str | None:
    """Where in the file a fact comes from; None if unknown."""
    return trace.origin(name, getattr(article, name)) if name in _FACTS else None


def _print_left_out(trace: Trace) -> None:
    """Print the texts that are in no block, grouped by the reason why they were left out."""
    if not trace.dropped:
        return
    many = len(trace.dropped) + trace.more_dropped
    say(f"left out: {counted(many, 'part')} of the file", style="bold")
    for reason, outs in groupby(trace.dropped, key=lambda out: out.reason):
        say(one_line(reason), style="yellow", indent=2)
        for out in outs:
            cut = out.text[:_SHOWN] + ("…" if len(out.text) > _SHOWN else "")
            say(one_line(cut), style="dim", indent=4)
    if trace.more_dropped:
        say(f"and {trace.more_dropped:,} more", style="dim", indent=2)
    say("")
