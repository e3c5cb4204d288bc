"""The command line: parse, call, render. Everything it does, the Python API does too."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel, ValidationError

from pullquote import terminal
from pullquote.errors import PullquoteError, SettingsError
from pullquote.schema import Filters
from pullquote.settings import load_settings

ANSWERED, FAILED, ABSTAINED = 0, 1, 3


class Asked(BaseModel):
    """One line of a file of questions; other keys are left alone."""

    id: str | int | None = None
    question: str


app = typer.Typer(
    name="pullquote",
    help="Answer questions from a folder of articles with their exact words, and cite them.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

IndexOption = Annotated[
    Path | None, typer.Option("--index", metavar="DIR", help="Folder of the index [default: index]")
]
CorpusOption = Annotated[
    Path | None,
    typer.Option("--corpus", metavar="DIR", help="Folder of articles [default: corpus]"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]
HitsOption = Annotated[
    int | None, typer.Option("-k", metavar="N", help="Passages to retrieve [default: 10]", min=1)
]
FromOption = Annotated[
    datetime | None,
    typer.Option("--from", metavar="DATE", formats=["%Y-%m-%d"], help="Published on or after."),
]
ToOption = Annotated[
    datetime | None,
    typer.Option("--to", metavar="DATE", formats=["%Y-%m-%d"], help="Published on or before."),
]
SourceOption = Annotated[
    list[str] | None,
    typer.Option("--source", metavar="NAME", help="Only from this outlet; may be repeated."),
]
SectionOption = Annotated[
    list[str] | None,
    typer.Option("--section", metavar="NAME", help="Only from this section; may be repeated."),
]
CommentsOption = Annotated[
    bool, typer.Option("--comments", help="Let reader comments answer too; they are labelled.")
]


@app.command("rebuild-index")
def rebuild_index(
    corpus: CorpusOption = None,
    index: IndexOption = None,
    force: Annotated[bool, typer.Option("--force", help="Read every file anew.")] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 when a file could not be read.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Bring the index up to date with the articles in a folder.

    Only what changed is read, and text that was embedded before is not embedded again. The old
    index answers until the new one is complete.

    Example: `pullquote rebuild-index --corpus articles --index index`
    """
    import pullquote  # noqa: PLC0415 - FAISS is loaded by the commands that need it

    with terminal.progress("Reading and embedding articles", quiet=as_json) as progress:
        report = pullquote.rebuild_index(corpus, index, force=force, progress=progress)
    if as_json:
        _print_json(report.model_dump(mode="json"))
    else:
        terminal.print_report(report)
    if report.failed and strict:
        raise typer.Exit(FAILED)


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="What you want to know.")] = None,
    questions: Annotated[
        Path | None,
        typer.Option(
            "--questions",
            metavar="FILE",
            help='JSON Lines of {"id", "question"}, or - for standard input; needs --json.',
        ),
    ] = None,
    index: IndexOption = None,
    k: HitsOption = None,
    since: FromOption = None,
    until: ToOption = None,
    source: SourceOption = None,
    section: SectionOption = None,
    comments: CommentsOption = False,
    as_json: JsonOption = False,
) -> None:
    """Answer a question with words from the articles, and say where they stand.

    Exit status: 0 answered, 3 the corpus does not say, 1 error.

    Example: `pullquote ask "who agreed to the Interpol centre?"`
    """
    filters = _filters(since, until, source, section, comments=comments)
    if (question is None) == (questions is None):
        raise SettingsError("Give one QUESTION, or a file of them with --questions FILE --json.")
    if questions is not None:
        if not as_json:
            raise SettingsError("--questions prints JSON Lines; say so with --json.")
        raise typer.Exit(_ask_all(questions, index=index, k=k, filters=filters))
    import pullquote  # noqa: PLC0415

    with (
        terminal.waiting("Looking through the articles", quiet=as_json),
        pullquote.open(index) as assistant,
    ):
        reply = assistant.ask(question or "", k=k, filters=filters)
    if as_json:
        _print_json(reply.model_dump(mode="json"))
    else:
        terminal.print_reply(reply)
    raise typer.Exit(ABSTAINED if reply.abstained else ANSWERED)


@app.command()
def retrieve(
    question: Annotated[str, typer.Argument(help="What you want to find passages for.")],
    index: IndexOption = None,
    k: HitsOption = None,
    since: FromOption = None,
    until: ToOption = None,
    source: SourceOption = None,
    section: SectionOption = None,
    comments: CommentsOption = False,
    as_json: JsonOption = False,
) -> None:
    """Show the passages that suit a question best, with their scores.

    Example: `pullquote retrieve "human trafficking in Myanmar" -k 5`
    """
    import pullquote  # noqa: PLC0415

    filters = _filters(since, until, source, section, comments=comments)
    with (
        terminal.waiting("Looking through the articles", quiet=as_json),
        pullquote.open(index) as assistant,
    ):
        hits = assistant.retrieve(question, k=k, filters=filters)
        generation = assistant.generation.name
    if as_json:
        found = [hit.facts() for hit in hits]
        _print_json({"question": question, "hits": found, "generation": generation})
    else:
        terminal.print_hits(hits)


@app.command()
def show(
    article: Annotated[str, typer.Argument(help="Path of the article relative to the corpus.")],
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print an article as the index holds it, each block with its role.

    Example: `pullquote show harbour-post/2024-03-14-ferry-terminal-delay.md`
    """
    import pullquote  # noqa: PLC0415

    with pullquote.open(index) as assistant:
        found = assistant.article(article)
    if as_json:
        _print_json(found.model_dump(mode="json"))
    else:
        terminal.print_article(found)


@app.command()
def serve(
    corpus: CorpusOption = None,
    index: IndexOption = None,
    host: Annotated[
        str | None, typer.Option("--host", help="Address to listen on [default: 127.0.0.1]")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option("--port", help="Port to listen on [default: 7860]", min=0, max=65535),
    ] = None,
) -> None:
    """Open the web chat; the same as `python app.py`.

    Example: `pullquote serve --port 8080`
    """
    from pullquote.web import serve as serve_chat  # noqa: PLC0415

    given = {"corpus": corpus, "index": index, "host": host, "port": port}
    serve_chat(load_settings(**given))


def main() -> None:
    """Run the command line; what pullquote raises is printed as one message, exit status 1."""
    try:
        app()
    except PullquoteError as error:
        terminal.print_error(str(error))
        sys.exit(FAILED)


def _filters(
    since: datetime | None,
    until: datetime | None,
    sources: list[str] | None,
    sections: list[str] | None,
    *,
    comments: bool,
) -> Filters:
    if since is not None and until is not None and since > until:
        raise SettingsError(f"--from {since:%Y-%m-%d} is after --to {until:%Y-%m-%d}.")
    return Filters(
        since=_day(since),
        until=_day(until),
        sources=tuple(sources or ()),
        sections=tuple(sections or ()),
        comments=comments,
    )


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment is not None else None


def _ask_all(path: Path, *, index: Path | None, k: int | None, filters: Filters) -> int:
    """Answer each line of a file, in order; a bad line gets a line with an `error`."""
    import pullquote  # noqa: PLC0415

    status = ANSWERED
    with pullquote.open(index) as assistant:
        for line in _lines(path):
            try:
                asked = Asked.model_validate_json(line)
                reply = assistant.ask(asked.question, k=k, filters=filters)
                answer = reply.model_copy(update={"id": asked.id}).model_dump(mode="json")
            except (SettingsError, ValidationError) as error:
                status, answer = FAILED, {"line": line[:200], "error": str(error)}
            print(json.dumps(answer, ensure_ascii=False), flush=True)  # noqa: T201
    return status


def _lines(path: Path) -> Iterator[str]:
    """The lines of a file that are not blank, or of standard input for "-"."""
    if str(path) == "-":
        yield from filter(str.strip, sys.stdin)
        return
    try:
        with path.open(encoding="utf-8") as stream:
            yield from filter(str.strip, stream)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The questions in {path} cannot be read: {error}") from error


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))  # noqa: T201 - this is the edge
