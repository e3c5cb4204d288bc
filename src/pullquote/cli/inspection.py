"""The command that shows how a file is read."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from pullquote import terminal
from pullquote.cli.options import JsonOption
from pullquote.errors import ArticleError, SettingsError
from pullquote.parsing import ParserOutput
from pullquote.parsing.trace import Trace
from pullquote.parsing.workers.parse_files import FileParser
from pullquote.schema import Article
from pullquote.settings import load_settings

_SUGGESTED = 3
_MOST_COMPARED = 20_000
"""Ids among which similar ones are looked for."""


def inspect(
    file: Annotated[
        Path,
        typer.Argument(exists=True, dir_okay=False, help="A file of articles."),
    ],
    article: Annotated[
        str | None,
        typer.Option("--article", metavar="ID", help="Only this one of the articles in the file."),
    ] = None,
    first: Annotated[
        int, typer.Option("-n", metavar="N", min=0, help="Articles to show; others are counted.")
    ] = 3,
    as_json: JsonOption = False,
) -> None:
    """Print how a file is read: each block with its role, what is known and from where.

    And what was left out, with the reason. Nothing is indexed. For where a citation looks strange,
    and to report a misreading.

    Example: `pullquote inspect page.html`, or of a file that holds many articles
    `pullquote inspect dump.jsonl --article dump.jsonl#17`
    """
    settings = load_settings()
    reading = FileParser(
        limits=settings.limits, processes=min(1, settings.reading_processes), trace=True
    )
    fields = {str(fact): field for fact, field in settings.fields.items()}
    with reading.parse(file.parent, {file.name: None}, fields=fields) as given:
        found = _found(given)
        if article is not None:
            found = _only(article, found)
            first = 1
        if as_json:
            _print_json(file, found, first=first)
        else:
            _print(file, found, first=first)


def _found(given: Iterator[ParserOutput]) -> Iterator[ParserOutput]:
    """What the file gives.

    Raises the error of a file that gives nothing else.
    """
    empty = True
    for one in given:
        if empty and one.is_file_error and isinstance(one.found, ArticleError):
            raise one.found
        if one.found is not None:
            empty = False
            yield one


def _print(file: Path, found: Iterator[ParserOutput], *, first: int) -> None:
    """Show the first articles, name what cannot be read, and count the others."""
    shown = more = 0
    for one in found:
        if isinstance(one.found, ArticleError):
            terminal.print_unread(one.found)
        elif one.found is not None and shown < first:
            terminal.print_inspected(one.found, _notes(one))
            shown += 1
        else:
            more += 1
    if more:
        terminal.print_note(
            f"{file.name} holds {more:,} more articles; -n N shows more of them, --article ID one."
        )


def _print_json(file: Path, found: Iterator[ParserOutput], *, first: int) -> None:
    """The same for a program, as one object."""
    articles: list[dict[str, object]] = []
    failed: list[dict[str, object]] = []
    more = 0
    for one in found:
        if isinstance(one.found, ArticleError):
            error = one.found
            failed.append({"path": error.path, "reason": error.reason, "left_out": error.left_out})
        elif one.found is not None and len(articles) < first:
            articles.append(terminal.inspected(one.found, _notes(one)))
        else:
            more += 1
    terminal.print_json({"file": file.name, "articles": articles, "more": more, "failed": failed})


def _only(wanted: str, found: Iterator[ParserOutput]) -> Iterator[ParserOutput]:
    """The article of that id, which may be given without the name of the file.

    Raises SettingsError, with the ids most like it, where there is none.
    """
    ids: list[str] = []
    for one in found:
        if isinstance(one.found, Article):
            if wanted in (one.found.id, one.found.id.partition("#")[2]):
                yield one
                return
            ids += [one.found.id] if len(ids) < _MOST_COMPARED else []
    similar = get_close_matches(wanted, ids, n=_SUGGESTED, cutoff=0.5) or list(islice(ids, 3))
    raise SettingsError(
        f"--article: the file holds no article {wanted!r}; it holds such as {', '.join(similar)}."
    )


def _notes(one: ParserOutput) -> Trace:
    """What was noted about an article."""
    return Trace() if one.trace is None else one.trace
