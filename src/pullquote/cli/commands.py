"""The command line application: its commands and exit statuses."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from pullquote.base.console import err, print_error, use_utf8, write
from pullquote.cli.asking import ask, chat, retrieve, show
from pullquote.cli.backups import backup, restore
from pullquote.cli.checking import check
from pullquote.cli.evaluation import calibrate, evaluate
from pullquote.cli.evidence import absence, pack
from pullquote.cli.grids import grid
from pullquote.cli.index import Terminated, doctor, rebuild_index, stats
from pullquote.cli.inspection import inspect
from pullquote.cli.options import OptionalAddress
from pullquote.cli.serving import demo, serve
from pullquote.cli.speakers import attribute, audit, speakers
from pullquote.cli.verification import editions, verify
from pullquote.cli.watching import watchlist
from pullquote.schema.errors import PullquoteError

ANSWERED, FAILED, ABSTAINED, STOPPED, TERMINATED = 0, 1, 3, 130, 143
"""Exit statuses. Typer itself uses 2 for a mistyped command."""


class _Commands(TyperGroup):
    """Commands that Ctrl-C stops in the same way in every version of Typer."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - Typer's own Context or click's, by version
        """Run the command."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as end:
            err.print("Stopped.")
            raise typer.Exit(TERMINATED if isinstance(end, Terminated) else STOPPED) from None


app = typer.Typer(
    name="pullquote",
    cls=_Commands,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        write(f"pullquote {version('pullquote')}")
        raise typer.Exit


@app.callback()
def pullquote_command(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """Answer questions from a folder of articles in their exact words, with citations.

    Example: `pullquote rebuild-index --corpus articles`, then
    `pullquote ask "who agreed to the Interpol centre?"`
    """


app.command("rebuild-index", cls=OptionalAddress)(rebuild_index)


for _command in (
    *(
        ask,
        retrieve,
        show,
        chat,
        inspect,
        attribute,
        check,
        speakers,
        audit,
        verify,
        grid,
        editions,
    ),
    *(pack, absence, watchlist, serve, demo, stats, doctor, backup, restore, evaluate, calibrate),
):
    app.command()(_command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line, by default with the arguments of the process.

    An error is printed as one message, with exit status 1.
    """
    use_utf8()
    try:
        app(arguments)
    except PullquoteError as error:
        print_error(str(error))
        sys.exit(FAILED)
    except OSError as error:  # such as a full disk with `> file`; Typer handles a closed pipe
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # else flushing at exit would fail again
        print_error(f"Reading or writing failed: {error}")
        sys.exit(FAILED)
