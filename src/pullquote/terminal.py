"""What the command line shows a person: answers, hits, articles, reports, progress."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from pullquote.schema import Answer, Article, Citation, Hit, Reply, Role

if TYPE_CHECKING:  # these load FAISS
    from pullquote.assistant import Assistant
    from pullquote.index import Report

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


_LINE_END = re.compile("\r\n?|[\f\u2028\u2029]")
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 and C1 controls but tab and newline: a terminal obeys them
    "\u202a-\u202e\u2066-\u2069"  # embeddings, overrides and isolates: they reorder what follows
    "\ud800-\udfff]"  # what is no character
)


def visible(text: str) -> str:
    """The text with nothing in it that a terminal would obey; U+FFFD stands in its place.

    Tabs stay, and every way to end a line is a newline.
    """
    return _UNSEEN.sub("\ufffd", _LINE_END.sub("\n", text))


def speak_utf8() -> None:
    """Make standard output and error UTF-8 whatever the locale; articles are in any script."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def write(text: str) -> None:
    """Put text on standard output exactly as it stands, at once.

    Raises OSError when it cannot be written, BrokenPipeError when nobody reads it.
    """
    print(text, flush=True)  # noqa: T201 - this is the edge


def print_json(value: object) -> None:
    """A value as JSON, for a program to read."""
    write(json.dumps(value, ensure_ascii=False, indent=2))


def print_error(message: str) -> None:
    """One message on standard error."""
    _warn("error:", message, style="bold red")


def print_note(message: str) -> None:
    """One remark on standard error."""
    _warn("note:", message, style="yellow")


def print_note_uncalibrated(assistant: Assistant) -> None:
    """A remark where confidence is no probability, because other settings chose the reader."""
    if not assistant.is_calibrated:
        print_note(
            "the confidence that ships was fitted to another reader or encoder; it orders the "
            "answers, but is no probability until pullquote calibrate --questions FILE fits it."
        )


def print_reply(reply: Reply) -> None:
    """The answers with their citations, or that there is none and what came closest."""
    if not reply.answers:
        _say("The corpus does not say: it holds nothing near this question.")
        return
    if reply.abstained:
        _say("The corpus does not say. What came closest:\n", style="bold")
    for answer in reply.answers[: 3 if reply.abstained else None]:
        _print_answer(answer)


def print_hits(hits: Sequence[Hit]) -> None:
    """Passages with their scores."""
    for number, hit in enumerate(hits, start=1):
        passage = hit.passage
        place = f"{passage.role}, characters {passage.start}-{passage.end}"
        bm25 = "–" if hit.bm25 is None else f"{hit.bm25:.2f}"
        _say(f"[{number}] {_headline(hit.article)} · {place}", style="bold")
        scores = f"cosine {hit.cosine:.3f} · bm25 {bm25} · rrf {hit.rrf:.4f}"
        if hit.rerank_logit is not None:
            scores += f" · rerank {hit.rerank_logit:.2f}"
        _say(scores, style="dim", indent=2)
        _say(f"{_one_line(passage.text)}\n", indent=2)
    if not hits:
        _say("No passage passes these filters.")


def print_article(article: Article) -> None:
    """An article, each block with its role, place and, for a comment, its author."""
    _say(f"{_headline(article)}  ({_one_line(article.id)})\n", style="bold")
    for block in article.blocks:
        spoken = (block.author, _when(block.time)) if block.author is not None else ()
        said = "".join(f" · {_one_line(part)}" for part in spoken if part)
        _say(f"{block.role} {block.start}-{block.end}{said}", style="dim")
        text = article.text[block.start : block.end]
        _say(f"{text}\n", style=_STYLES.get(block.role, ""))


def print_report(report: Report) -> None:
    """What a rebuild did, in a few lines."""
    _say(
        f"Articles: {report.added} added, {report.changed} changed, {report.removed} removed, "
        f"{report.unchanged} unchanged, {len(report.failed)} failed"
    )
    _say(f"Passages: {report.embedded} embedded, {report.reused} reused")
    _say(
        f"The index holds {report.articles} articles in {report.passages} passages "
        f"(generation {report.generation}, {report.seconds:.1f} s)"
    )
    if report.skipped:
        _say(f"{report.skipped} files of other kinds were left out", style="dim")
    if report.note is not None:
        _say(f"note: {report.note}", style="yellow")
    for failure in report.failed[:FAILURES_SHOWN]:
        _warn("not read:", _one_line(f"{failure.path}: {failure.reason}"), style="yellow")
    if (more := len(report.failed) - FAILURES_SHOWN) > 0:
        _warn(f"and {more} more;", "--json lists them all", style="yellow")


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
    silent = quiet or not err.is_terminal
    with Progress(*columns, console=err, transient=True, disable=silent) as bar:
        yield _Bar(bar, what)


@contextmanager
def waiting(what: str, *, quiet: bool) -> Iterator[None]:
    """A spinner on standard error; none when quiet or no terminal."""
    if quiet or not err.is_terminal:
        yield
        return
    with err.status(what):
        yield


def _say(text: str, *, style: str = "", indent: int = 0) -> None:
    """Print text that may come from an article: wrapped for a person, one line for a program."""
    if out.file.isatty():
        out.print(Padding(Text(visible(text), style), (0, 0, 0, indent), expand=False))
    else:
        write(" " * indent + visible(text))


def _warn(what: str, message: str, *, style: str) -> None:
    err.print(Text.assemble((what, style), " ", visible(message)), soft_wrap=True)


def _one_line(text: str) -> str:
    """The text without its line breaks, so that a quote is found by its words."""
    return re.sub(r"\s*\n\s*", " ", visible(text))


def _print_answer(answer: Answer) -> None:
    first = answer.citations[0]
    _say(_one_line(answer.text), style="bold")
    _say(f"confidence {answer.confidence:.2f}", style="dim", indent=2)
    if first.sentence != answer.text:
        _say(f"“{_one_line(first.sentence)}”", indent=2)
    for number, citation in enumerate(answer.citations, start=1):
        _say(f"[{number}] {_place(citation)}", style="dim", indent=2)
    _say("")


def _place(citation: Citation) -> str:
    role = str(citation.role)
    if citation.role is Role.COMMENT:
        speaker = "an unnamed reader" if citation.author is None else citation.author
        role = f"reader comment by {speaker}, not reporting"
    place = f"{role}, characters {citation.start}-{citation.end}"
    when = _when(citation.published)
    parts = (citation.title, citation.source, when, place, citation.article)
    return " · ".join(_one_line(part) for part in parts if part)


def _headline(article: Article) -> str:
    parts = (article.title, article.source, _when(article.published))
    return " · ".join(_one_line(part) for part in parts if part)


def _when(moment: datetime | date | None) -> str:
    if moment is None:
        return ""
    day = f"{moment.day} {moment:%B %Y}"
    return f"{day}, {moment:%H:%M}" if isinstance(moment, datetime) else day
