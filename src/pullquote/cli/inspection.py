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
from pullquote.ingest import Read, stream_articles
from pullquote.ingest.notes import Notes, listen
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
    with listen() as notes:
        fields = {str(fact): field for fact, field in load_settings().fields.items()}
        found = stream_articles(file, id=file.name, fields=fields)
        if article is not None:
            found = _only(article, found, notes)
            first = 1
        if as_json:
            _print_json(file, found, notes, first=first)
        else:
            _print(file, found, notes, first=first)


def _print(file: Path, found: Iterator[Read], notes: Notes, *, first: int) -> None:
    """Show the first articles, name what cannot be read, and count the others."""
    shown = more = 0
    for one in found:
        if isinstance(one, ArticleError):
            terminal.print_unread(one)
        elif shown < first:
            terminal.print_inspected(one, notes)
            shown += 1
        else:
            more += 1
        notes.clear()
    if more:
        terminal.print_note(
            f"{file.name} holds {more:,} more articles; -n N shows more of them, --article ID one."
        )


def _print_json(file: Path, found: Iterator[Read], notes: Notes, *, first: int) -> None:
    """The same for a program, as one object."""
    articles: list[dict[str, object]] = []
    failed: list[dict[str, object]] = []
    more = 0
    for one in found:
        if isinstance(one, ArticleError):
            failed.append({"path": one.path, "reason": one.reason, "left_out": one.left_out})
        elif len(articles) < first:
            articles.append(terminal.inspected(one, notes))
        else:
            more += 1
        notes.clear()
    terminal.print_json({"file": file.name, "articles": articles, "more": more, "failed": failed})


def _only(wanted: str, found: Iterator[Read], notes: Notes) -> Iterator[Read]:
    """The article of that id, which may be given without the name of the file.

    Raises SettingsError, with the ids most like it, where there is none.
    """
    ids: list[str] = []
    for one in found:
        if isinstance(one, Article):
            if wanted in (one.id, one.id.partition("#")[2]):
                yield one
                return
            ids += [one.id] if len(ids) < _MOST_COMPARED else []
        notes.clear()
    similar = get_close_matches(wanted, ids, n=_SUGGESTED, cutoff=0.5) or list(islice(ids, 3))
    raise SettingsError(
        f"--article: the file holds no article {wanted!r}; it holds such as {', '.join(similar)}."
    )
