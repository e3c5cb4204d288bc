"""The command `inspect`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from itertools import groupby, islice
from pathlib import Path
from typing import Annotated

import typer

from pullquote.base.console import one_line, print_json, print_note, say, warn
from pullquote.base.plurals import counted
from pullquote.cli.options import JsonOption
from pullquote.cli.terminal import print_article
from pullquote.parsing import ParseOptions, ParserOutput
from pullquote.parsing.pdf.ocr import check_ocr
from pullquote.parsing.trace import Trace
from pullquote.parsing.workers.parse_files import FileParser
from pullquote.schema import Article
from pullquote.schema.errors import ArticleError, SettingsError
from pullquote.schema.settings import load_settings

_SUGGESTED = 3
_MOST_COMPARED = 20_000
"""At most this many ids are compared to find similar ones."""


def inspect(
    file: Annotated[
        Path,
        typer.Argument(exists=True, dir_okay=False, help="A file of articles."),
    ],
    article: Annotated[
        str | None,
        typer.Option("--article", metavar="ID", help="Show only this article from the file."),
    ] = None,
    first: Annotated[
        int,
        typer.Option(
            "-n", metavar="N", min=0, help="Number of articles to show; the rest are only counted."
        ),
    ] = 3,
    as_json: JsonOption = False,
) -> None:
    """Show how a file is read: metadata and its origin, blocks and their roles, and text left out.

    Nothing is indexed. Use it when a citation looks strange, or to report a misread file.

    Example: `pullquote inspect page.html`, or for a file with many articles
    `pullquote inspect dump.jsonl --article dump.jsonl#17`
    """
    with _parsed(file, trace=True) as given:
        found = _found(given)
        if article is not None:
            found = _only(article, found)
            first = 1
        if as_json:
            _print_json(file, found, first=first)
        else:
            _print(file, found, first=first)


def articles_in(file: Path) -> Iterator[Article | ArticleError]:
    """The articles of a file, and errors for records that cannot be read.

    Raises:
        ArticleError: the file as a whole cannot be read.
    """
    with _parsed(file, trace=False) as given:
        for one in _found(given):
            if one.found is not None:
                yield one.found


@contextmanager
def _parsed(file: Path, *, trace: bool) -> Iterator[Iterator[ParserOutput]]:
    """What a worker process parses from a file."""
    settings = load_settings()
    reading = FileParser(
        limits=settings.limits, processes=min(1, settings.reading_processes), trace=trace
    )
    options = ParseOptions(
        fields={str(fact): field for fact, field in settings.fields.items()},
        source_from_folder=settings.source_from_folder,
        ocr=settings.ocr,
    )
    check_ocr(settings.ocr)
    folder, name = _folder_and_name(file, settings.corpus)
    with reading.parse(folder, {name: None}, options=options) as given:
        yield given


def _folder_and_name(file: Path, corpus: Path) -> tuple[Path, str]:
    """The corpus and a file's path in it, so that its folders are known; or the file's folder."""
    real, folder = file.resolve(), corpus.resolve()
    if real.is_relative_to(folder):
        return folder, real.relative_to(folder).as_posix()
    return file.parent, file.name


def _found(given: Iterator[ParserOutput]) -> Iterator[ParserOutput]:
    """The articles and errors in a file.

    Raises:
        ArticleError: the file as a whole cannot be read.
    """
    empty = True
    for one in given:
        if empty and one.is_file_error and isinstance(one.found, ArticleError):
            raise one.found
        if one.found is not None:
            empty = False
            yield one


def _print(file: Path, found: Iterator[ParserOutput], *, first: int) -> None:
    """Print the first articles and all errors, and count the other articles."""
    shown = more = 0
    for one in found:
        if isinstance(one.found, ArticleError):
            print_unread(one.found)
        elif one.found is not None and shown < first:
            print_inspected(one.found, _trace(one))
            shown += 1
        else:
            more += 1
    if more:
        print_note(
            f"{file.name} has {counted(more, 'more article')}; -n N shows more of them, "
            "--article ID shows one."
        )


def _print_json(file: Path, found: Iterator[ParserOutput], *, first: int) -> None:
    """Print the same information as a single JSON object."""
    articles: list[dict[str, object]] = []
    failed: list[dict[str, object]] = []
    more = 0
    for one in found:
        if isinstance(one.found, ArticleError):
            error = one.found
            failed.append({"path": error.path, "reason": error.reason, "left_out": error.left_out})
        elif one.found is not None and len(articles) < first:
            articles.append(inspection_facts(one.found, _trace(one)))
        else:
            more += 1
    print_json({"file": file.name, "articles": articles, "more": more, "failed": failed})


def _only(wanted: str, found: Iterator[ParserOutput]) -> Iterator[ParserOutput]:
    """The article with that id, which may be given without the file name.

    Raises:
        SettingsError: there is no such article; the message suggests similar ids.
    """
    ids: list[str] = []
    for one in found:
        if isinstance(one.found, Article):
            id = one.found.id
            if wanted in (id, id.partition("#")[2]) or id.endswith(f"/{wanted}"):
                yield one
                return
            ids += [id] if len(ids) < _MOST_COMPARED else []
    similar = get_close_matches(wanted, ids, n=_SUGGESTED, cutoff=0.5) or list(islice(ids, 3))
    raise SettingsError(
        f"--article: the file has no article {wanted!r}, only others such as {', '.join(similar)}."
    )


def _trace(one: ParserOutput) -> Trace:
    """The notes on how an article was read."""
    return Trace() if one.trace is None else one.trace


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
