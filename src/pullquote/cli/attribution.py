"""The command `attribute`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pullquote.cli import terminal
from pullquote.cli.inspection import articles_in
from pullquote.cli.options import JsonOption
from pullquote.schema.errors import ArticleError


def attribute(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", exists=True, dir_okay=False, help="Files of articles."),
    ],
    as_json: JsonOption = False,
) -> None:
    """Show whose claims the articles of a file report: the words, the speaker and the manner.

    With --json, prints one line for each article: {"article", "attributions"}. Nothing is indexed.

    Example: `pullquote attribute harbour-post/2024-03-14-ferry-terminal-delay.md`
    """
    import pullquote  # noqa: PLC0415

    for file in files:
        for found in articles_in(file):
            if isinstance(found, ArticleError):
                terminal.print_unread(found)
                continue
            attributions = pullquote.attribute(found)
            if as_json:
                listed = [one.model_dump(mode="json") for one in attributions]
                terminal.print_json({"article": found.id, "attributions": listed}, in_a_line=True)
            else:
                terminal.print_attributions(found, attributions)
