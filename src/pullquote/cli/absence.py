"""The command `absence`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pullquote.base.atomic_io import write_atomically
from pullquote.cli import terminal
from pullquote.cli.options import (
    IndexOption,
    JsonOption,
    filter_option,
    filters_from,
    query_options_from,
)
from pullquote.schema.filter_parameters import with_filters_and_query_options

ANSWERED = 3
"""The exit status if there is an answer, so that nothing can be stated."""


@with_filters_and_query_options(filter_option)
def absence(
    question: Annotated[str, typer.Argument(help="The question.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="Write the statement to this file."),
    ] = None,
    index: IndexOption = None,
    as_json: JsonOption = False,
    **options: object,
) -> None:
    """State what was searched for a question without an answer, as Markdown or with --json.

    The statement has the articles, days and sources that were searched, months without articles,
    words that no article contains, the digest of the index and the settings. It has no time, so
    the same question gives the same bytes on the same index.

    Exit status: 0 nothing was found and the statement was made, 3 there is an answer, 1 error, 2 a
    mistyped command.

    Example: `pullquote absence "did the mayor resign?" --source "Harbour Post" -o absence.md`
    """
    query = query_options_from(options)
    filters = filters_from(options)
    import pullquote  # noqa: PLC0415
    from pullquote.newsroom.absences import absence_markdown  # noqa: PLC0415

    with (
        terminal.waiting("Searching the articles", quiet=as_json or out is None),
        pullquote.open(index) as assistant,
    ):
        terminal.print_note_damaged(assistant)
        reply = assistant.ask(
            question,
            filters=filters,
            kind=query.kind,
            as_typed=query.as_typed,
            as_of=query.as_of,
        )
        if not reply.abstained:
            terminal.print_note("There is an answer, so there is no absence to state.")
            raise typer.Exit(ANSWERED)
        statement = pullquote.absence(reply, assistant, filters=filters)
    text = statement.to_json() if as_json else absence_markdown(statement)
    if out is not None:
        write_atomically(out, text.encode())
    elif as_json:
        terminal.print_json(statement.model_dump(mode="json"))
    else:
        terminal.say(text.rstrip("\n"))
