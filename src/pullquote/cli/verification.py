"""The command `verify`."""

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
