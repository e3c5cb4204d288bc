"""The commands `serve` and `demo`."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import webbrowser
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from shlex import quote
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from platformdirs import user_data_path

from pullquote.base.console import say
from pullquote.cli.options import (
    BrowserOption,
    CorpusOption,
    IndexOption,
    PortOption,
    WrongOption,
    default,
)
from pullquote.schema.errors import SettingsError
from pullquote.schema.settings import load_settings

_PACKAGED = Path(__file__).parents[1] / "sample_articles"
_CHECKOUT = Path(__file__).parents[3] / "corpus"
"""The wheel has the corpus of the project as part of the package; a checkout has it at its root."""

ARTICLES = "sample-articles"
INDEX = "sample-index"
"""The folders that `pullquote demo` makes."""


def demo_folder() -> Path:
    """The folder that `pullquote demo` uses unless it is given another one."""
    return user_data_path("pullquote") / "demo"


def sample_articles() -> Path:
    """The folder with the sample articles, in an installed package and in a checkout alike.

    Raises:
        SettingsError: this installation has none.
    """
    for folder in (_PACKAGED, _CHECKOUT):
        if folder.is_dir():
            return folder
    raise SettingsError(
        f"The sample articles are missing at {_PACKAGED}. Install pullquote again: "
        "pip install --force-reinstall pullquote"
    )


def copy_sample_articles(folder: Path) -> bool:
    """Copy the sample articles to `ARTICLES` in a folder. False if that is already there.

    Articles that are there stay as they are, also if they were edited.

    Raises:
        SettingsError: they cannot be copied there.
    """
    target = folder / ARTICLES
    try:
        if target.is_dir():
            return False
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f".{ARTICLES}.", dir=folder) as unfinished:
            copy = Path(unfinished) / ARTICLES
            shutil.copytree(sample_articles(), copy, copy_function=shutil.copyfile)
            copy.rename(target)
    except OSError as error:
        if target.is_dir():  # another process has just copied them
            return False
        raise SettingsError(
            f"The sample articles cannot be copied to {target}: {error.strerror or error}. "
            "Choose another folder with --folder."
        ) from error
    return True


_ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 - only compared
"""Addresses that mean "all of this machine", with those by which a browser reaches them."""


def chat_address(host: str, port: int) -> str:
    """The address of the chat for a browser on this machine."""
    reached = _ANY_ADDRESS.get(host, host)
    return f"http://[{reached}]:{port}" if ":" in reached else f"http://{reached}:{port}"


def has_desktop(environment: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Whether a browser could show a window. Without a desktop, only text browsers would open."""
    if platform in ("darwin", "win32"):
        return True
    return any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))


def open_chat(host: str, port: int) -> None:
    """Open the chat in the browser if there is one, without waiting for it."""
    if has_desktop(os.environ):
        address = chat_address(host, port)
        threading.Thread(target=_open, args=(address,), daemon=True, name="browser").start()


def _open(address: str) -> None:
    with suppress(webbrowser.Error, OSError):  # the terminal has the address, too
        webbrowser.get().open(address)


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
    say(f"{'Copied' if is_new else 'Using'} the sample articles in {chosen / ARTICLES}.")
    say(f"To ask in a terminal: pullquote ask QUESTION --index {quote(str(chosen / INDEX))}")
    serve_chat(settings, start=open_and_update, when_listening=open_chat if browser else None)
