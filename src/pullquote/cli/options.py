"""Options that several commands share, and the filters made from them."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from pullquote.schema import Filters, QueryOptions
from pullquote.schema.filter_parameters import QUERY_PARAMETERS, FilterParameter
from pullquote.schema.settings import Settings

_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def default(setting: str) -> str:
    """The default of a setting, as `--help` shows it."""
    return f"[default: {Settings.model_fields[setting].default}]"


def first_day(text: str) -> date:
    """The given day, or the first day of the given month or year."""
    return _days(text)[0]


def last_day(text: str) -> date:
    """The given day, or the last day of the given month or year."""
    return _days(text)[1]


def filters_from(options: Mapping[str, object]) -> Filters:
    """Combine the given options into filters."""
    given: dict[str, Any] = {name: one for name, one in options.items() if one is not None}
    return Filters(**given)


def query_options_from(options: dict[str, object]) -> QueryOptions:
    """Remove the options of a query from the given options, and return them."""
    given: dict[str, Any] = {one.name: options.pop(one.name) for one in QUERY_PARAMETERS}
    return QueryOptions(**given)


def _days(text: str) -> tuple[date, date]:
    """The first and last day of a date. Typer adds the option's name to the error."""
    try:
        if (written := _DAY.fullmatch(text)) is None:
            raise ValueError(text)
        year, month, day = written.groups()
        first = date(int(year), 1 if month is None else int(month), 1 if day is None else int(day))
    except ValueError as error:
        raise typer.BadParameter(
            f"{text!r} is not a date; write it as 2024-05-31, 2024-05 or 2024."
        ) from error
    if day is not None:
        return first, first
    last_month = 12 if month is None else first.month
    return first, date(first.year, last_month, monthrange(first.year, last_month)[1])


class OptionalAddress(TyperCommand):
    """A command whose option `--ray` works without a value, which Typer does not support."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - as _Commands
        """Parse the arguments; see `with_address`."""
        return super().parse_args(ctx, with_address(args))


def with_address(arguments: list[str]) -> list[str]:
    """The arguments, with `--ray=local` in place of a `--ray` that has no address."""
    following = [*arguments[1:], "-"]
    return [
        "--ray=local" if argument == "--ray" and after.startswith("-") else argument
        for argument, after in zip(arguments, following, strict=False)
    ]


GoldQuestionsOption = Annotated[
    Path,
    typer.Option(
        "--questions",
        metavar="FILE",
        help='JSON Lines of {"id", "question", "answers", "article"} or of conversations, RAMDocs, '
        "TimeQA, SQuAD's JSON, a story, or a folder of stories; the content decides.",
    ),
]
IndexOption = Annotated[
    str | None,
    typer.Option(
        "--index",
        metavar="DIR",
        help=f"Index: a folder or milvus://… {default('index')}",
    ),
]
CorpusOption = Annotated[
    Path | None,
    typer.Option("--corpus", metavar="DIR", help=f"Folder of articles {default('corpus')}"),
]
ClusterOption = Annotated[
    str | None,
    typer.Option(
        "--ray",
        metavar="[ADDRESS]",
        help="Read and embed on a Ray cluster. On one of its nodes, give auto or HOST:PORT; "
        "elsewhere, ray://HOST:PORT. If you give no address, a cluster is started on this machine "
        "and stopped afterwards.",
    ),
]
PortOption = Annotated[
    int | None,
    typer.Option("--port", help=f"Port to listen on {default('port')}", min=0, max=65535),
]
BrowserOption = Annotated[
    bool,
    typer.Option(
        "--browser/--no-browser",
        help="Open the chat in the browser of this machine, if there is one.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for other programs.")]
HitsOption = Annotated[
    int | None,
    typer.Option("-k", metavar="N", help=f"Passages to retrieve {default('hits')}", min=1),
]
WrongOption = Annotated[
    float | None,
    typer.Option(
        "--wrong-at-most",
        metavar="SHARE",
        help="Largest acceptable share of wrong answers, such as 0.1 for one in ten; a smaller "
        f"share withholds more answers {default('wrong_at_most')}",
        min=0.01,
        max=0.99,
    ),
]

_OPTIONS = {
    "since": typer.Option(
        "--from",
        metavar="DATE",
        parser=first_day,
        help="Published on or after this date, such as 2024-05-31, 2024-05 or 2024.",
    ),
    "until": typer.Option(
        "--to",
        metavar="DATE",
        parser=last_day,
        help="Published on or before this date; for a month or year, its last day.",
    ),
    "sources": typer.Option(
        "--source", metavar="NAME", help="Only from this outlet; may be repeated."
    ),
    "sections": typer.Option(
        "--section", metavar="NAME", help="Only from this section; may be repeated."
    ),
    "languages": typer.Option(
        "--language", metavar="TAG", help="Only in this language, such as en; may be repeated."
    ),
    "kinds": typer.Option("--kind", help="Only articles of this kind; may be repeated."),
    "not_sources": typer.Option(
        "--not-source", metavar="NAME", help="Leave out this outlet; may be repeated."
    ),
    "articles": typer.Option(
        "--article", metavar="ID", help="Only from this article; may be repeated."
    ),
    "comments": typer.Option(
        "--comments", help="Also search reader comments; they are labelled as such."
    ),
    "kind": typer.Option(
        "--question-kind",
        help="Read the question as this kind; by default, pullquote recognises the kind.",
    ),
    "as_typed": typer.Option(
        "--as-typed",
        help="Search for the question exactly as typed: keep small talk, and do not correct "
        "spelling.",
    ),
    "fast": typer.Option(
        "--fast",
        help="Read with the small network alone: the reply comes sooner, but its first answer is "
        "less often right.",
    ),
    "as_of": typer.Option(
        "--as-of",
        metavar="DATE",
        parser=last_day,
        help="Answer as of this date, from what had been published by its end; for a month or "
        "year, its last day.",
    ),
}
"""The command-line option for each filter and for each option of a query."""


AsOfOption = Annotated[date | None, _OPTIONS["as_of"]]


def filter_option(filter: FilterParameter) -> object:
    """The annotation that turns a filter or an option of a query into a command-line option."""
    return Annotated[filter.optional_type, _OPTIONS[filter.name]]
