"""The command line application: its commands and exit statuses."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from pullquote.cli import terminal
from pullquote.cli.backups import backup, restore
from pullquote.cli.batches import ConversationsOption, answer_all, answer_conversations
from pullquote.cli.chat import chat
from pullquote.cli.checking import check
from pullquote.cli.evaluation import calibrate, evaluate
from pullquote.cli.evidence import absence, pack
from pullquote.cli.grids import grid
from pullquote.cli.index import Terminated, doctor, rebuild_index, stats
from pullquote.cli.inspection import inspect
from pullquote.cli.options import (
    HitsOption,
    IndexOption,
    JsonOption,
    OptionalAddress,
    WrongOption,
    filter_option,
    filters_from,
    query_options_from,
)
from pullquote.cli.serving import demo, serve
from pullquote.cli.speakers import attribute, audit, speakers
from pullquote.cli.verification import editions, verify
from pullquote.cli.watching import watchlist
from pullquote.schema.errors import PullquoteError, SettingsError
from pullquote.schema.filter_parameters import with_filters, with_filters_and_query_options
from pullquote.schema.settings import load_settings

ANSWERED, FAILED, ABSTAINED, STOPPED, TERMINATED = 0, 1, 3, 130, 143
"""Exit statuses. Typer itself uses 2 for a mistyped command."""


class _Commands(TyperGroup):
    """Commands that Ctrl-C stops in the same way in every version of Typer."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - Typer's own Context or click's, by version
        """Run the command."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as end:
            terminal.err.print("Stopped.")
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
        terminal.write(f"pullquote {version('pullquote')}")
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


@app.command()
@with_filters_and_query_options(filter_option)
def ask(
    question: Annotated[str | None, typer.Argument(help="The question.")] = None,
    questions: Annotated[
        Path | None,
        typer.Option(
            "--questions",
            metavar="FILE",
            help='JSON Lines file of {"id", "question"}, or - for standard input; needs --json.',
        ),
    ] = None,
    conversations: ConversationsOption = None,
    index: IndexOption = None,
    k: HitsOption = None,
    *,
    wrong_at_most: WrongOption = None,
    as_json: JsonOption = False,
    **options: object,
) -> None:
    """Answer a question in the exact words of the articles, with citations.

    A possible answer is labelled: it may be wrong, so check it in the article.

    Exit status: 0 an answer or a possible one, 3 no answer in the corpus, 1 error, 2 a mistyped
    command.

    Example: `pullquote ask "who agreed to the Interpol centre?"`, or, from what was known on a day,
    `pullquote ask "when will the ferry terminal open?" --as-of 2024-03-31`
    """
    if [question, questions, conversations].count(None) != 2:
        raise SettingsError(
            "Give one QUESTION, or several in a file with --questions FILE --json or "
            "--conversations FILE --json."
        )
    if question is None and not as_json:
        raise SettingsError("--questions and --conversations print JSON Lines; add --json.")
    query = query_options_from(options)
    chosen = filters_from(options)
    import pullquote  # noqa: PLC0415

    with (
        terminal.waiting("Searching the articles", quiet=as_json),
        pullquote.open(
            settings=load_settings(index=index, wrong_at_most=wrong_at_most)
        ) as assistant,
    ):
        terminal.print_note_damaged(assistant)
        if questions is not None:
            good = answer_all(assistant, questions, k=k, filters=chosen, options=query)
            raise typer.Exit(ANSWERED if good else FAILED)
        if conversations is not None:
            good = answer_conversations(
                assistant, conversations, k=k, filters=chosen, as_of=query.as_of
            )
            raise typer.Exit(ANSWERED if good else FAILED)
        reply = assistant.ask(
            str(question),
            k=k,
            filters=chosen,
            kind=query.kind,
            as_typed=query.as_typed,
            as_of=query.as_of,
        )
        terminal.print_note_uncalibrated(assistant)
    if as_json:
        terminal.print_json(reply.model_dump(mode="json"))
    else:
        terminal.print_reply(reply)
    raise typer.Exit(ABSTAINED if reply.abstained else ANSWERED)


@app.command()
@with_filters(filter_option)
def retrieve(
    question: Annotated[str, typer.Argument(help="The question.")],
    index: IndexOption = None,
    k: HitsOption = None,
    *,
    as_json: JsonOption = False,
    **filters: object,
) -> None:
    """Show the passages that best match a question, with their scores.

    Example: `pullquote retrieve "human trafficking in Myanmar" -k 5`
    """
    chosen = filters_from(filters)
    import pullquote  # noqa: PLC0415

    with (
        terminal.waiting("Searching the articles", quiet=as_json),
        pullquote.open(index) as assistant,
    ):
        terminal.print_note_damaged(assistant)
        hits = assistant.retrieve(question, k=k, filters=chosen)
        generation = assistant.generation.name
    if as_json:
        found = [hit.facts() for hit in hits]
        terminal.print_json({"question": question, "hits": found, "generation": generation})
    else:
        terminal.print_hits(hits)


@app.command()
def show(
    article: Annotated[str, typer.Argument(help="The article's path relative to the corpus.")],
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print an article from the index, each block with its role.

    Example: `pullquote show harbour-post/2024-03-14-ferry-terminal-delay.md`
    """
    import pullquote  # noqa: PLC0415

    with pullquote.open(index) as assistant:
        terminal.print_note_damaged(assistant)
        found = assistant.article(article)
        copies = assistant.copies_of(article)
    if as_json:
        terminal.print_json({**found.model_dump(mode="json"), "copies": copies})
    else:
        terminal.print_copies(copies)
        terminal.print_article(found)


app.command()(chat)
app.command()(inspect)
app.command()(attribute)
app.command()(check)
app.command()(speakers)
app.command()(audit)
app.command()(verify)
app.command()(grid)
app.command()(editions)
app.command()(pack)
app.command()(absence)
app.command()(watchlist)


app.command()(serve)
app.command()(demo)
app.command()(stats)
app.command()(doctor)
app.command()(backup)
app.command()(restore)
app.command()(evaluate)
app.command()(calibrate)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line, by default with the arguments of the process.

    An error is printed as one message, with exit status 1.
    """
    terminal.use_utf8()
    try:
        app(arguments)
    except PullquoteError as error:
        terminal.print_error(str(error))
        sys.exit(FAILED)
    except OSError as error:  # such as a full disk with `> file`; Typer handles a closed pipe
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # else flushing at exit would fail again
        terminal.print_error(f"Reading or writing failed: {error}")
        sys.exit(FAILED)
