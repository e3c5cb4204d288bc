"""The command `demo`."""

from __future__ import annotations

from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from pullquote.cli import terminal
from pullquote.cli.browser import open_chat
from pullquote.cli.options import BrowserOption, PortOption
from pullquote.cli.samples import ARTICLES, INDEX, copy_sample_articles, demo_folder
from pullquote.schema.settings import load_settings


def demo(
    folder: Annotated[
        Path | None,
        typer.Option(
            "--folder",
            metavar="DIR",
            help="Folder for the sample articles and their index [default: pullquote/demo in your "
            "folder for data, such as ~/.local/share on Linux]",
        ),
    ] = None,
    port: PortOption = None,
    browser: BrowserOption = True,
) -> None:
    """Start the web chat over 30 sample articles, to try pullquote without articles of your own.

    The articles are copied to a folder of yours, which the command prints, and indexed there. The
    next call uses the articles and the index that are there. To start afresh, delete the folder.

    Example: `pullquote demo`
    """
    from pullquote.cli.start_update import open_and_update  # noqa: PLC0415 - slow to load
    from pullquote.web import serve as serve_chat  # noqa: PLC0415

    chosen = (demo_folder() if folder is None else folder).absolute()
    settings = load_settings(
        corpus=chosen / ARTICLES, index=chosen / INDEX, port=port, update_at_start=True
    )
    is_new = copy_sample_articles(chosen)
    terminal.say(f"{'Copied' if is_new else 'Using'} the sample articles in {chosen / ARTICLES}.")
    terminal.say(
        f"To ask in a terminal: pullquote ask QUESTION --index {quote(str(chosen / INDEX))}"
    )
    serve_chat(settings, start=open_and_update, when_listening=open_chat if browser else None)
