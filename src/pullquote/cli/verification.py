"""The commands `verify` and `editions`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pullquote.cli import terminal
from pullquote.cli.options import IndexOption, JsonOption

NOT_GOOD = 3
"""The exit status if a citation does not stand, or a pack was changed."""


def verify(
    file: Annotated[
        Path,
        typer.Argument(
            exists=True,
            dir_okay=False,
            help="A saved conversation (JSON or Markdown), Markdown with links of the chat, the "
            "output of ask --json, or an evidence pack.",
        ),
    ],
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say for each citation of a file: stands, moved, changed, withdrawn or article gone.

    Words that changed are printed with their differences. An evidence pack needs no index: the
    parts that were changed are named. With --index, its quotes are also compared with the index.

    Exit status: 0 all citations stand or have only moved, 3 if not, 1 error, 2 a mistyped command.

    Example: `pullquote verify pullquote-2024-05-31.json`
    """
    import pullquote  # noqa: PLC0415

    found = pullquote.verify(file, index)
    if as_json:
        terminal.print_json(found.model_dump(mode="json"))
    else:
        terminal.print_verification(found)
    raise typer.Exit(0 if found.is_good else NOT_GOOD)


def editions(
    article: Annotated[str, typer.Argument(help="The article's path relative to the corpus.")],
    old: Annotated[
        str | None,
        typer.Option("--old", metavar="VERSION", help="Show what changed since this edition."),
    ] = None,
    new: Annotated[
        str | None,
        typer.Option("--new", metavar="VERSION", help="Show what changed up to this edition."),
    ] = None,
    index: IndexOption = None,
    *,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show what changed in the last edition.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """List the editions of an article, and show what changed between two, word by word.

    The index keeps earlier editions of articles that changed or were removed, as the setting
    editions allows. A VERSION may be given by its first characters.

    Example: `pullquote editions harbour-post/2024-03-14-ferry-terminal-delay.md --diff`
    """
    import pullquote  # noqa: PLC0415

    with pullquote.open(index) as assistant:
        terminal.print_note_damaged(assistant)
        found = assistant.editions.of(article)
        changes = None
        if diff or old is not None or new is not None:
            changes = assistant.editions.changes(article, old=old, new=new)
    if as_json:
        listed = [one.model_dump(mode="json") for one in found]
        shown = None if changes is None else changes.model_dump(mode="json")
        terminal.print_json({"article": article, "editions": listed, "changes": shown})
    elif changes is None:
        terminal.print_editions(found)
    else:
        terminal.print_edition_changes(changes)
