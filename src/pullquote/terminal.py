"""What the command line shows a person: answers, hits, articles, reports, progress."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from pullquote.index import Report
from pullquote.schema import Answer, Article, Citation, Hit, Reply, Role

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

FAILURES_SHOWN = 20

_STYLES = {
    Role.HEADLINE: "bold",
    Role.STANDFIRST: "italic",
    Role.BYLINE: "cyan",
    Role.CAPTION: "magenta",
    Role.CORRECTION: "yellow",
    Role.COMMENT: "blue",
    Role.BOILERPLATE: "dim",
}


def print_error(message: str) -> None:
    """One message on standard error."""
    err.print(f"[bold red]error:[/] {escape(message)}", soft_wrap=True)


def print_reply(reply: Reply) -> None:
    """The answers with their citations, or that there is none and what came closest."""
    if not reply.answers:
        out.print("The corpus does not say: it holds nothing near this question.")
        return
    if reply.abstained:
        out.print("[bold]The corpus does not say.[/] What came closest:\n")
    for answer in reply.answers[: 3 if reply.abstained else None]:
        _print_answer(answer)


def print_hits(hits: Sequence[Hit]) -> None:
    """Passages with their scores."""
    for number, hit in enumerate(hits, start=1):
        passage = hit.passage
        bm25 = "–" if hit.bm25 is None else f"{hit.bm25:.2f}"
        out.print(
            f"[bold]{number}[/] {escape(_headline(hit.article))} · {passage.role}, characters "
            f"{passage.start}-{passage.end} · cosine {hit.cosine:.3f} · bm25 {bm25} · "
            f"rrf {hit.rrf:.4f}",
            soft_wrap=True,
        )
        out.print(Padding(Text(" ".join(passage.text.split())), (0, 0, 1, 2)))
    if not hits:
        out.print("No passage passes these filters.")


def print_article(article: Article) -> None:
    """An article, each block with its role, place and, for a comment, its author."""
    out.print(f"[bold]{escape(_headline(article))}[/]  ({escape(article.id)})\n", soft_wrap=True)
    table = Table(box=None, show_header=False, padding=(0, 2, 1, 0))
    for block in article.blocks:
        said = f"\n{block.author}, {_when(block.time)}" if block.author is not None else ""
        style = _STYLES.get(block.role, "")
        table.add_row(
            Text(f"{block.role}\n{block.start}-{block.end}{said}", style="dim"),
            Text(article.text[block.start : block.end], style=style),
        )
    out.print(table)


def print_report(report: Report) -> None:
    """What a rebuild did, in a few lines."""
    out.print(
        f"Articles: {report.added} added, {report.changed} changed, {report.removed} removed, "
        f"{report.unchanged} unchanged, {len(report.failed)} failed"
    )
    out.print(f"Passages: {report.embedded} embedded, {report.reused} reused")
    out.print(
        f"The index holds {report.articles} articles in {report.passages} passages "
        f"(generation {report.generation}, {report.seconds:.1f} s)"
    )
    if report.skipped:
        out.print(f"[dim]{report.skipped} files of other kinds were left out[/]")
    if report.note is not None:
        out.print(f"[yellow]note:[/] {escape(report.note)}", soft_wrap=True)
    for failure in report.failed[:FAILURES_SHOWN]:
        err.print(
            f"[yellow]not read:[/] {escape(failure.path)}: {escape(failure.reason)}",
            soft_wrap=True,
        )
    if (more := len(report.failed) - FAILURES_SHOWN) > 0:
        err.print(f"[yellow]and {more} more; --json lists them all[/]")


class _Bar:
    """A progress bar that appears with the first article."""

    def __init__(self, bar: Progress, what: str) -> None:
        self._bar = bar
        self._task = bar.add_task(what, total=None)

    def __call__(self, done: int, total: int) -> None:
        self._bar.update(self._task, completed=done, total=total)


@contextmanager
def progress(what: str, *, quiet: bool) -> Iterator[_Bar]:
    """A progress bar on standard error with the time left; none when quiet or no terminal."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=quiet) as bar:
        yield _Bar(bar, what)


@contextmanager
def waiting(what: str, *, quiet: bool) -> Iterator[None]:
    """A spinner on standard error; none when quiet or no terminal."""
    if quiet or not err.is_terminal:
        yield
        return
    with err.status(what):
        yield


def _print_answer(answer: Answer) -> None:
    confidence = f"confidence {answer.confidence:.2f}"
    grid = Table.grid(expand=True)
    grid.add_column(ratio=1)
    grid.add_column(justify="right", no_wrap=True)
    grid.add_row(Text(answer.text, style="bold"), Text(f"  {confidence}", style="dim"))
    out.print(grid)
    first = answer.citations[0]
    if first.sentence != answer.text:
        out.print(Padding(Text(f"“{first.sentence}”"), (0, 0, 0, 2)))
    for number, citation in enumerate(answer.citations, start=1):
        out.print(Padding(Text(f"[{number}] {_place(citation)}", style="dim"), (0, 0, 0, 2)))
    out.print()


def _place(citation: Citation) -> str:
    role = str(citation.role)
    if citation.role is Role.COMMENT:
        role = f"reader comment by {citation.author or 'an unnamed reader'}, not reporting"
    parts = (
        citation.title,
        citation.source,
        _when(citation.published),
        f"{role}, characters {citation.start}-{citation.end}",
        citation.article,
    )
    return " · ".join(part for part in parts if part)


def _headline(article: Article) -> str:
    parts = (article.title, article.source, _when(article.published))
    return " · ".join(part for part in parts if part)


def _when(moment: datetime | date | None) -> str:
    if moment is None:
        return ""
    day = f"{moment.day} {moment:%B %Y}"
    return f"{day}, {moment:%H:%M}" if isinstance(moment, datetime) else day
