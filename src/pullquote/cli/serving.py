"""The command `serve`."""

from __future__ import annotations

from typing import Annotated

import typer

from pullquote.cli.browser import open_chat
from pullquote.cli.options import (
    BrowserOption,
    CorpusOption,
    IndexOption,
    PortOption,
    WrongOption,
    default,
)
from pullquote.schema.settings import load_settings


def serve(
    corpus: CorpusOption = None,
    index: IndexOption = None,
    host: Annotated[
        str | None, typer.Option("--host", help=f"Address to listen on {default('host')}")
    ] = None,
    port: PortOption = None,
    wrong_at_most: WrongOption = None,
    without_password: Annotated[
        bool | None,
        typer.Option(
            "--without-password",
            help="Require no password even if other machines can reach the web chat.",
        ),
    ] = None,
    without_update: Annotated[
        bool,
        typer.Option(
            "--without-update",
            help="Do not rebuild the index. Open it unchanged; if there is none yet, wait for one.",
        ),
    ] = False,
    browser: BrowserOption = False,
) -> None:
    """Start the web chat, like `python app.py`, which takes the same options.

    If other machines can reach the chat, it needs a user name and a password. Set them as
    PULLQUOTE_USER and PULLQUOTE_PASSWORD.

    Example: `pullquote serve --port 8080`
    """
    from pullquote.cli.start_update import open_and_update  # noqa: PLC0415 - slow to load
    from pullquote.web import serve as serve_chat  # noqa: PLC0415

    serve_chat(
        load_settings(
            corpus=corpus,
            index=index,
            host=host,
            port=port,
            wrong_at_most=wrong_at_most,
            without_password=without_password,
            update_at_start=False if without_update else None,
        ),
        start=open_and_update,
        when_listening=open_chat if browser else None,
    )
