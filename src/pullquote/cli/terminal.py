"""What several commands print: quotes with their places, articles, notes, and progress."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from pullquote.base import console
from pullquote.base.console import one_line, out, print_json, print_note, say, visible, when, write
from pullquote.base.plurals import counted, quote_marks
from pullquote.schema import Article, Citation, Role, WordDifference
from pullquote.schema.errors import IndexMissing, PullquoteError
from pullquote.schema.settings import Settings, load_settings

if TYPE_CHECKING:
    from pullquote.index import IndexFolder
    from pullquote.index import Progress as ReportProgress
    from pullquote.newsroom.assistant import Assistant

ModelT = TypeVar("ModelT", bound=BaseModel)


def print_result(found: ModelT, print_text: Callable[[ModelT], None], *, as_json: bool) -> None:
    """Print a result as JSON or, with `print_text`, for people."""
    if as_json:
        print_json(found.model_dump(mode="json"))
    else:
        print_text(found)


def write_table(table: str) -> None:
    """Print a table; a terminal gets no control characters, and a file gets the exact words."""
    shown = visible(table) if out.is_terminal else table
    write(shown.removesuffix("\n").removesuffix("\r"))


@contextmanager
def searching(
    index: str | None, *, wrong_at_most: float | None = None, quiet: bool
) -> Iterator[Assistant]:
    """The assistant of an index. Unless `quiet` is set, a spinner is shown until this ends."""
    with waiting("Searching the articles", quiet=quiet), opened(index, wrong_at_most) as assistant:
        yield assistant


@contextmanager
def opened(index: str | None, wrong_at_most: float | None = None) -> Iterator[Assistant]:
    """The assistant of an index, after a note if the current generation is damaged."""
    import pullquote  # noqa: PLC0415 - only commands that need FAISS load it

    settings = load_settings(index=index, wrong_at_most=wrong_at_most)
    with pullquote.open(settings=settings) as assistant:
        print_note_damaged(assistant)
        yield assistant


def print_citations(citations: Sequence[Citation]) -> None:
    """Print the place of each citation on a line with a number."""
    for number, citation in enumerate(citations, start=1):
        say(f"[{number}] {_place(citation)}", style="dim", indent=2)
    say("")


def print_quote(citation: Citation, *, indent: int = 2) -> None:
    """Print the sentence of a citation and its place."""
    say(in_quote_marks(citation.sentence), indent=indent)
    say(_place(citation), style="dim", indent=indent)


def in_quote_marks(text: str) -> str:
    """A text on one line in quote marks."""
    marks = quote_marks(text)
    return f"{marks[0]}{one_line(text)}{marks[1]}"


def _place(citation: Citation) -> str:
    characters = f"characters {citation.start}-{citation.end}"
    place = ", ".join(filter(None, [*citation.details, citation.role_words, characters]))
    parts = (
        citation.title,
        citation.source,
        when(citation.published),
        *citation.whereabouts[:-1],
        citation.said_by,
        place,
        citation.article,
    )
    return " · ".join(one_line(part) for part in parts if part)


_MARKS = {"same": ("", "", ""), "removed": ("[-", "-]", "red"), "added": ("{+", "+}", "green")}


def print_word_changes(changes: Sequence[WordDifference]) -> None:
    """Print the words of two texts: [-removed-] and {+added+}."""
    parts = []
    for change in changes:
        left, right, colour = _MARKS[change.kind]
        parts.append(Text(f"{left}{one_line(change.text)}{right}", colour))
    if out.file.isatty():
        out.print(Text("  ") + Text(" ").join(parts))
    else:
        write("  " + " ".join(part.plain for part in parts))


_STYLES = {
    Role.HEADLINE: "bold",
    Role.STANDFIRST: "italic",
    Role.BYLINE: "cyan",
    Role.CAPTION: "magenta",
    Role.CORRECTION: "yellow",
    Role.COMMENT: "blue",
    Role.BOILERPLATE: "dim",
}


def print_note_damaged(assistant: Assistant) -> None:
    """Print a note if the previous generation is used because the current one is damaged."""
    if assistant.damage is not None:
        print_note(f"answers come from the previous generation of the index. {assistant.damage}")


def print_note_uncalibrated(assistant: Assistant) -> None:
    """Print a note if confidence is not a probability, as it was fitted to a different reader."""
    if not assistant.is_calibrated:
        print_note(
            "confidence was fitted to a different reader or encoder. It orders the answers, but is "
            "not a probability. To calibrate it, run pullquote calibrate --questions FILE."
        )


def print_article(article: Article) -> None:
    """Print an article, each block with its role, position and, for a comment, its author."""
    say(f"{headline(article)}  ({one_line(article.id)})\n", style="bold")
    if article.unread_pages:
        pages = ", ".join(map(str, article.unread_pages))
        say(f"Pages that are pictures and were not read: {pages}\n", style="yellow")
    for block in article.blocks:
        comment = (block.author, when(block.time)) if block.author is not None else ()
        author = "".join(f" · {one_line(part)}" for part in comment if part)
        page = f" · page {block.page}" if block.page is not None else ""
        layout = f" · layout {block.layout}" if block.layout is not None else ""
        ocr = "" if block.recognised is None else f" · OCR, {block.recognised:.0%} certain"
        place = f"{block.start}-{block.end}{page}{layout}{ocr}"
        say(f"{block.role.words} {place}{author}", style="dim")
        text = article.text[block.start : block.end]
        say(f"{text}\n", style=_STYLES.get(block.role, ""))


def headline(article: Article) -> str:
    """The article's title, source and day."""
    parts = (article.title, article.source, when(article.published))
    return " · ".join(one_line(part) for part in parts if part)


class _ProgressBar:
    """Updates a progress bar; call it with the number done and the total, or None if unknown."""

    def __init__(self, bar: Progress, what: str, *, before: str) -> None:
        self._bar, self._what, self._before = bar, what, before
        self._task = bar.add_task(before, total=None)

    def __call__(self, done: int, total: int | None) -> None:
        what = self._before if total is None else self._what
        self._bar.update(self._task, completed=done, total=total, description=what)


class _RateColumn(ProgressColumn):
    """A column with the number done per second."""

    def render(self, task: Task) -> Text:
        """The rate, once it is known."""
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:.1f}/s", style="progress.data.speed")


@contextmanager
def progress_bar(what: str, *, quiet: bool, before: str | None = None) -> Iterator[_ProgressBar]:
    """Show a progress bar with the time left, unless `quiet` is set or this is not a terminal.

    While the total is unknown, the bar says `before` instead of `what`.
    """
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _RateColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    silent = quiet or not console.err.is_terminal
    with Progress(*columns, console=console.err, transient=True, disable=silent) as bar:
        yield _ProgressBar(bar, what, before=what if before is None else before)


@contextmanager
def waiting(what: str, *, quiet: bool) -> Iterator[None]:
    """Show a spinner, unless `quiet` is set or this is not a terminal."""
    if quiet or not console.err.is_terminal:
        yield
        return
    with console.err.status(what):
        yield


@contextmanager
def rebuild_progress(settings: Settings, *, quiet: bool) -> Iterator[ReportProgress]:
    """Show the progress of a rebuild, and note once how much of a first build can be searched."""
    from pullquote.index import IndexFolder  # noqa: PLC0415
    from pullquote.index.services import index_of  # noqa: PLC0415

    before = "Looking for changes"
    with progress_bar("Reading and embedding articles", quiet=quiet, before=before) as bar:
        index = index_of(settings)
        if quiet or not isinstance(index, IndexFolder) or not _is_missing(index):
            yield bar
        else:
            yield _FirstBuildProgress(index, bar)


class _FirstBuildProgress:
    """Passes progress on, until articles can be searched, and then prints how many."""

    def __init__(self, index: IndexFolder, shown: ReportProgress) -> None:
        self._index, self._shown = index, shown
        self._noted = False

    def __call__(self, done: int, total: int | None) -> None:
        """Show the progress; print the note if there is a generation now."""
        self._shown(done, total)
        if self._noted or _is_missing(self._index):
            return
        self._noted = True
        articles = self._index.recorded_articles()
        if articles is not None:
            print_note(
                f"{counted(articles, 'article')} can be searched already, while the index is still "
                "being built."
            )


def _is_missing(index: IndexFolder) -> bool:
    """Whether nothing has been published yet."""
    try:
        index.current()
    except IndexMissing:
        return True
    except PullquoteError:  # the rebuild says what is wrong
        return False
    return False
