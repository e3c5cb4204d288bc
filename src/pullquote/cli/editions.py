"""The command `editions`."""

from __future__ import annotations

from typing import Annotated

import typer

from pullquote.cli import terminal
from pullquote.cli.options import IndexOption, JsonOption


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
