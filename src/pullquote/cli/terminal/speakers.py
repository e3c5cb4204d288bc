"""Prints speakers, their claims, and audits."""

from __future__ import annotations

from collections.abc import Sequence

from pullquote.base.console import one_line, say, when
from pullquote.base.plurals import counted, counted_verb
from pullquote.schema.speakers import (
    ArticleAudit,
    AuditedSource,
    ClaimCounts,
    CorpusAudit,
    QuotedSpeaker,
    ReportedClaim,
)


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
        say("The article is not in English, so it was not read.", indent=2)
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
