"""The commands `pack` and `absence`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pullquote.base.atomic_io import write_atomically
from pullquote.base.console import print_json, print_note, say
from pullquote.base.plurals import counted
from pullquote.cli.options import (
    IndexOption,
    JsonOption,
    filter_option,
    filters_from,
    query_options_from,
)
from pullquote.cli.terminal import searching
from pullquote.schema.errors import CitationsUnreadable, SettingsError
from pullquote.schema.filter_parameters import with_filters_and_query_options

if TYPE_CHECKING:
    from pullquote.conversation import Conversation


@with_filters_and_query_options(filter_option)
def pack(
    question: Annotated[str | None, typer.Argument(help="The question.")] = None,
    conversation: Annotated[
        Path | None,
        typer.Option(
            "--conversation",
            metavar="FILE",
            help="A conversation that the chat saved as JSON, instead of a question.",
        ),
    ] = None,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="The ZIP file to write.")
    ] = Path("pack.zip"),
    digests_only: Annotated[
        bool,
        typer.Option("--digests-only", help="Leave out the texts of the articles."),
    ] = False,
    index: IndexOption = None,
    as_json: JsonOption = False,
    **options: object,
) -> None:
    """Write an evidence pack: a ZIP with quotes that anybody can verify without the index.

    It has the quotes, the texts of their articles (or only digests), places, versions, W3C Web
    Annotations, schema.org Quotations, and a page to read.

    If nothing is found, it states what was searched; see the command `absence`.

    Exit status: 0 the pack was written, 3 it has neither quotes nor such a statement, 1 error, 2 a
    mistyped command.

    Example: `pullquote pack "who agreed to the Interpol centre?" -o interpol.zip`
    """
    if (question is None) == (conversation is None):
        raise SettingsError("Give a QUESTION, or a conversation with --conversation FILE.")
    query = query_options_from(options)
    filters = filters_from(options)
    import pullquote  # noqa: PLC0415

    with searching(index, quiet=as_json) as assistant:
        packed = (
            _read(conversation)
            if conversation is not None
            else assistant.ask(str(question), filters=filters, **asdict(query))
        )
        built = pullquote.pack(packed, assistant, texts=not digests_only)
    write_atomically(out, built.data)
    facts = built.manifest
    if as_json:
        left_out = [one.model_dump(mode="json") for one in facts.left_out]
        print_json(
            {
                "file": str(out),
                "sha256": built.sha256,
                "quotes": len(facts.citations),
                "articles": len(facts.articles),
                "left_out": left_out,
            }
        )
    else:
        quotes = counted(len(facts.citations), "quote")
        say(f"{out}: {quotes} from {counted(len(facts.articles), 'article')}.")
        say(f"SHA-256 {built.sha256}", style="dim")
        if facts.absences:
            say("It states what was searched, because nothing was found.")
        for one in facts.left_out:
            quote = f"“{one.quote}” " if one.quote else ""
            print_note(f"Left out: {quote}({one.article}). {one.reason}")
    raise typer.Exit(0 if facts.citations or facts.absences else 3)


def _read(path: Path) -> Conversation:
    from pullquote.conversation import Conversation  # noqa: PLC0415 - it loads tantivy

    try:
        return Conversation.from_json(path.read_bytes())
    except OSError as error:
        raise CitationsUnreadable(path, error.strerror or str(error)) from error


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

    with searching(index, quiet=as_json or out is None) as assistant:
        reply = assistant.ask(question, filters=filters, **asdict(query))
        if not reply.abstained:
            print_note("There is an answer, so there is no absence to state.")
            raise typer.Exit(ANSWERED)
        statement = pullquote.absence(reply, assistant, filters=filters)
    text = statement.to_json() if as_json else absence_markdown(statement)
    if out is not None:
        write_atomically(out, text.encode())
    elif as_json:
        print_json(statement.model_dump(mode="json"))
    else:
        say(text.rstrip("\n"))
