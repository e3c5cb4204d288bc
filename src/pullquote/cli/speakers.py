"""The commands `speakers`, `audit` and `attribute`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pullquote.cli import terminal
from pullquote.cli.inspection import articles_in
from pullquote.cli.options import IndexOption, JsonOption, first_day, last_day
from pullquote.schema import Filters
from pullquote.schema.errors import ArticleError, SettingsError
from pullquote.schema.speakers import MANNERS, ClaimFilters

if TYPE_CHECKING:
    from pullquote.newsroom.assistant import Assistant


SHOWN = 30
"""Speakers or claims that are printed, unless another number is given."""

CsvOption = Annotated[
    bool, typer.Option("--csv", help="Print a table in CSV, safe for spreadsheets.")
]
SinceOption = Annotated[
    date | None,
    typer.Option(
        "--from", metavar="DATE", parser=first_day, help="Published on or after this date."
    ),
]
UntilOption = Annotated[
    date | None,
    typer.Option("--to", metavar="DATE", parser=last_day, help="Published on or before this date."),
]
SourcesOption = Annotated[
    list[str] | None,
    typer.Option("--source", metavar="NAME", help="Only from this outlet; may be repeated."),
]
MannersOption = Annotated[
    list[str] | None,
    typer.Option(
        "--manner",
        metavar="MANNER",
        help=f"Only claims made in this manner; may be repeated: {', '.join(MANNERS)}.",
    ),
]
DirectOption = Annotated[
    bool | None,
    typer.Option("--direct/--reported", help="Only claims in quote marks, or only the others."),
]


def speakers(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="Whose claims to list, by full name.")
    ] = None,
    index: IndexOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    sources: SourcesOption = None,
    manners: MannersOption = None,
    direct: DirectOption = None,
    count: Annotated[
        int,
        typer.Option("-n", metavar="N", help="How many to print, without --json or --csv.", min=1),
    ] = SHOWN,
    as_csv: CsvOption = False,
    as_json: JsonOption = False,
) -> None:
    """List who is quoted in the articles, or everything that one speaker says.

    The first run reads every article, at about 4 ms each, and stores what it finds beside the
    index. Names are one speaker if the full names are equal without titles. A bare surname is
    listed by itself.

    Example: `pullquote speakers "Gwen Halloran" --manner denied --csv`
    """
    filters = _filters(since, until, sources, manners, direct=direct)
    _check_form(as_csv=as_csv, as_json=as_json)
    most = None if as_csv or as_json else count
    with _open(index, filters, quiet=as_csv or as_json) as assistant:
        if name is None:
            found = assistant.speakers.find(filters=filters, count=most)
            if as_csv or as_json:
                _write_speakers(found, as_csv=as_csv)
            else:
                total = assistant.speakers.number_of_speakers(filters=filters)
                terminal.print_speakers(found, total)
            return
        claims = assistant.speakers.claims_by(name, filters=filters, count=most)
        if as_csv or as_json:
            _write_claims(claims, as_csv=as_csv)
        else:
            total = assistant.speakers.number_of_claims(name, filters=filters)
            similar = assistant.speakers.similar(name)
            terminal.print_claims(assistant.speakers.speaker(name), claims, total, similar)


def audit(
    article: Annotated[
        str | None, typer.Argument(metavar="[ARTICLE]", help="The article's path in the corpus.")
    ] = None,
    index: IndexOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    sources: SourcesOption = None,
    as_csv: CsvOption = False,
    as_json: JsonOption = False,
) -> None:
    """Count who is quoted in one article, or how often all articles quote unnamed sources.

    The filters are for all articles; one article is always counted whole.

    Example: `pullquote audit --source "Harbour Post" --csv`
    """
    from pullquote.newsroom.speakers.tables import article_audit_csv, audit_csv  # noqa: PLC0415

    filters = _filters(since, until, sources, None, direct=None)
    _check_form(as_csv=as_csv, as_json=as_json)
    if article is not None and filters != ClaimFilters():
        raise SettingsError("Give either an ARTICLE or filters.")
    with _open(index, filters, quiet=as_csv or as_json, reads=article is None) as assistant:
        if article is not None:
            one = assistant.speakers.audit_article(article)
            if as_csv:
                _write_csv(article_audit_csv(one))
            elif as_json:
                terminal.print_json(one.model_dump(mode="json"))
            else:
                terminal.print_article_audit(one)
            return
        found = assistant.speakers.audit(filters=filters)
    if as_csv:
        _write_csv(audit_csv(found))
    elif as_json:
        terminal.print_json(found.model_dump(mode="json"))
    else:
        terminal.print_audit(found)


@contextmanager
def _open(
    index: str | None, filters: ClaimFilters, *, quiet: bool, reads: bool = True
) -> Iterator[Assistant]:
    """The assistant, with the attributions of the index up to date if they are read."""
    import pullquote  # noqa: PLC0415
    from pullquote.answering.retrieval.scope import FilterChecks  # noqa: PLC0415

    with pullquote.open(index) as assistant:
        terminal.print_note_damaged(assistant)
        FilterChecks().check_names(Filters(sources=filters.sources), assistant.generation)
        if reads and not assistant.speakers.is_ready:
            with terminal.progress("Reading who says what", quiet=quiet) as progress:
                assistant.speakers.update(progress)
        yield assistant


def _filters(
    since: date | None,
    until: date | None,
    sources: list[str] | None,
    manners: list[str] | None,
    *,
    direct: bool | None,
) -> ClaimFilters:
    given: Any = tuple(manners or ())
    return ClaimFilters(
        since=since, until=until, sources=tuple(sources or ()), manners=given, direct=direct
    )


def _check_form(*, as_csv: bool, as_json: bool) -> None:
    if as_csv and as_json:
        raise SettingsError("Give either --csv or --json.")


def _write_speakers(found: list[Any], *, as_csv: bool) -> None:
    from pullquote.newsroom.speakers.tables import speakers_csv  # noqa: PLC0415

    if as_csv:
        _write_csv(speakers_csv(found))
    else:
        terminal.print_json({"speakers": [one.model_dump(mode="json") for one in found]})


def _write_claims(found: list[Any], *, as_csv: bool) -> None:
    from pullquote.newsroom.speakers.tables import claims_csv  # noqa: PLC0415

    if as_csv:
        _write_csv(claims_csv(found))
    else:
        terminal.print_json({"claims": [one.model_dump(mode="json") for one in found]})


def _write_csv(table: str) -> None:
    """Print a table; a terminal gets no control characters, and a file gets the exact words."""
    shown = terminal.visible(table) if terminal.out.is_terminal else table
    terminal.write(shown.removesuffix("\n").removesuffix("\r"))


def attribute(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", exists=True, dir_okay=False, help="Files of articles."),
    ],
    as_json: JsonOption = False,
) -> None:
    """Show whose claims the articles of a file report: the words, the speaker and the manner.

    With --json, prints one line for each article: {"article", "attributions"}. Nothing is indexed.

    Example: `pullquote attribute harbour-post/2024-03-14-ferry-terminal-delay.md`
    """
    import pullquote  # noqa: PLC0415

    for file in files:
        for found in articles_in(file):
            if isinstance(found, ArticleError):
                terminal.print_unread(found)
                continue
            attributions = pullquote.attribute(found)
            if as_json:
                listed = [one.model_dump(mode="json") for one in attributions]
                terminal.print_json({"article": found.id, "attributions": listed}, in_a_line=True)
            else:
                terminal.print_attributions(found, attributions)
