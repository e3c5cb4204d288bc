"""The commands `speakers`, `audit` and `attribute`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pullquote.base.console import one_line, print_json, say, when
from pullquote.base.plurals import counted, counted_verb
from pullquote.base.wording import NOT_ENGLISH
from pullquote.cli.inspection import articles_in, print_unread
from pullquote.cli.options import IndexOption, JsonOption, first_day, last_day
from pullquote.cli.terminal import opened, print_result, progress_bar, write_table
from pullquote.schema import Article, Attribution, Filters
from pullquote.schema.attribution import Range
from pullquote.schema.errors import ArticleError, SettingsError
from pullquote.schema.speakers import (
    MANNERS,
    ArticleAudit,
    AuditedSource,
    ClaimCounts,
    ClaimFilters,
    CorpusAudit,
    QuotedSpeaker,
    ReportedClaim,
)

if TYPE_CHECKING:
    from pullquote.newsroom.assistant import Assistant


SHOWN = 30
"""Speakers or claims that are printed, unless another number is given."""

_ONE_FORM = "Give either --csv or --json."

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
    from pullquote.newsroom.speakers import tables  # noqa: PLC0415

    filters = _filters(since, until, sources, manners, direct=direct)
    if as_csv and as_json:
        raise SettingsError(_ONE_FORM)
    most = None if as_csv or as_json else count
    with _open(index, filters, quiet=as_csv or as_json) as assistant:
        if name is None:
            found = assistant.speakers.find(filters=filters, count=most)
            if as_csv:
                write_table(tables.speakers_csv(found))
            elif as_json:
                print_json({"speakers": [one.model_dump(mode="json") for one in found]})
            else:
                total = assistant.speakers.number_of_speakers(filters=filters)
                print_speakers(found, total)
            return
        claims = assistant.speakers.claims_by(name, filters=filters, count=most)
        if as_csv:
            write_table(tables.claims_csv(claims))
        elif as_json:
            print_json({"claims": [one.model_dump(mode="json") for one in claims]})
        else:
            total = assistant.speakers.number_of_claims(name, filters=filters)
            similar = assistant.speakers.similar(name)
            print_claims(assistant.speakers.speaker(name), claims, total, similar)


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
    from pullquote.newsroom.speakers import tables  # noqa: PLC0415

    filters = _filters(since, until, sources, None, direct=None)
    if as_csv and as_json:
        raise SettingsError(_ONE_FORM)
    if article is not None and filters != ClaimFilters():
        raise SettingsError("Give either an ARTICLE or filters.")
    with _open(index, filters, quiet=as_csv or as_json, reads=article is None) as assistant:
        if article is not None:
            one = assistant.speakers.audit_article(article)
            if as_csv:
                write_table(tables.article_audit_csv(one))
            else:
                print_result(one, print_article_audit, as_json=as_json)
            return
        found = assistant.speakers.audit(filters=filters)
    if as_csv:
        write_table(tables.audit_csv(found))
    else:
        print_result(found, print_audit, as_json=as_json)


@contextmanager
def _open(
    index: str | None, filters: ClaimFilters, *, quiet: bool, reads: bool = True
) -> Iterator[Assistant]:
    """The assistant, with the attributions of the index up to date if they are read."""
    from pullquote.answering.retrieval.scope import FilterChecks  # noqa: PLC0415 - loads FAISS

    with opened(index) as assistant:
        FilterChecks().check_names(Filters(sources=filters.sources), assistant.generation)
        if reads and not assistant.speakers.is_ready:
            with progress_bar("Reading who says what", quiet=quiet) as progress:
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
                print_unread(found)
                continue
            attributions = pullquote.attribute(found)
            if as_json:
                listed = [one.model_dump(mode="json") for one in attributions]
                print_json({"article": found.id, "attributions": listed}, in_a_line=True)
            else:
                print_attributions(found, attributions)


def print_speakers(speakers: Sequence[QuotedSpeaker], total: int) -> None:
    """Print a line for each speaker."""
    for one in speakers:
        say(f"{one_line(one.name)}: {_often(one)}")
    if total > len(speakers):
        say(f"… and {total - len(speakers):,} more; -n {total} prints all of them")
    if not speakers:
        say("No speaker is quoted in these articles.")


def print_claims(
    speaker: QuotedSpeaker, claims: Sequence[ReportedClaim], total: int, similar: Sequence[str]
) -> None:
    """Print the claims of a speaker, each with its words and where they are."""
    say(f"{one_line(speaker.name)}: {_often(speaker)}", style="bold")
    for one in claims:
        details = [one.manner, "word for word" if one.direct else "reported"]
        if one.via is not None:
            details.append(f"via {one_line(one.via)}")
        place = (when(one.published), one.source, one.title, one.article)
        say(one_line(f"{' · '.join(filter(None, place))}  ({', '.join(details)})"), indent=2)
        say(one_line(one.quote), indent=4)
    if total > len(claims):
        say(f"… and {total - len(claims):,} more; -n {total} prints all of them")
    if not claims:
        say("None of them passes the filters.")
    if speaker.one_word:
        say("The name is a single word, so it may be that of several people.")
    if similar:
        say(f"Listed apart, though it may be the same speaker: {one_line('; '.join(similar))}")


def print_audit(audit: CorpusAudit) -> None:
    """Print the counts of all articles and of each paper."""
    say(f"{counted(audit.articles, 'article')}: {_counts(audit.counts)}", style="bold")
    report = "reports" if audit.quoting == 1 else "report"
    speakers = counted(audit.speakers, "named speaker")
    say(f"{audit.quoting:,} {report} claims, by {speakers}", indent=2)
    if audit.unread:
        say(
            f"{counted_verb(audit.unread, 'article', 'was', 'were')} not read: not in English",
            indent=2,
        )
    for paper in audit.papers:
        name = one_line(paper.source) or "no source"
        say(f"{name}: {counted(paper.articles, 'article')}, {_counts(paper.counts)}", indent=2)


def print_article_audit(audit: ArticleAudit) -> None:
    """Print who is quoted in an article."""
    say(f"{one_line(audit.article)}: {_counts(audit.counts)}", style="bold")
    if not audit.read:
        say(NOT_ENGLISH, indent=2)
    for one in audit.sources:
        say(f"{_source(one)}: {_size(one.claims, one.direct, one.words)}", indent=2)


def _source(one: AuditedSource) -> str:
    if one.naming == "unclear":
        return "not said who"
    shown = one_line(one.source)
    return shown if one.naming == "named" else f"unnamed: {shown}"


def _often(one: QuotedSpeaker) -> str:
    return f"{_size(one.claims, one.direct, one.words)}, in {counted(one.articles, 'article')}"


def _size(claims: int, direct: int, words: int) -> str:
    return f"{counted(claims, 'claim')} ({direct:,} word for word), {counted(words, 'word')}"


def _counts(counts: ClaimCounts) -> str:
    share = counts.unnamed_share
    unnamed = "" if share is None else f", {share:.0%} of the sources unnamed"
    return f"{_size(counts.claims, counts.direct, counts.words)}{unnamed}"


def print_attributions(article: Article, attributions: list[Attribution]) -> None:
    """Print who says what in an article: one line for the speaker and one for the words."""
    say(f"{one_line(article.id)}: {counted(len(attributions), 'attribution')}", style="bold")
    for one in attributions:
        named = one.speaker or _words(article.text, one.source) or "nobody named"
        source = _words(article.text, one.source)
        details = [one.manner, *(["word for word"] if one.direct else [])]
        if one.speaker is not None and source != one.speaker:
            details.append(f"“{source}”")
        if one.via is not None:
            details.append(f"as reported by {one.via}")
        say(one_line(f"{named}  ({', '.join(details)})"), style="bold", indent=2)
        say(_words(article.text, one.content), indent=4)
    say("")


def _words(text: str, ranges: tuple[Range, ...]) -> str:
    """The words of some ranges, with an ellipsis between them."""
    return one_line(" … ".join(text[start:end] for start, end in ranges))
