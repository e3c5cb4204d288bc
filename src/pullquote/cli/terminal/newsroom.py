"""Prints attributions, speakers, checks, verifications, editions, grids and watchlists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from shlex import quote
from typing import TYPE_CHECKING

from pullquote.base.console import one_line, say, when
from pullquote.base.plurals import counted, counted_verb
from pullquote.cli.terminal.answers import in_quote_marks, print_quote, print_word_changes
from pullquote.newsroom.watchlist.models import StandingQuestion, WatchReport
from pullquote.newsroom.watchlist.wording import change_lines, heading, summary
from pullquote.schema import Article, Attribution, CitationState, Verification, VerifiedCitation
from pullquote.schema.attribution import Range
from pullquote.schema.filters import described_filters
from pullquote.schema.quote_check import (
    CheckedDraft,
    CheckedQuote,
    DraftQuestion,
    QuoteVerdict,
    verdict_counts,
)
from pullquote.schema.speakers import (
    ArticleAudit,
    AuditedSource,
    ClaimCounts,
    CorpusAudit,
    QuotedSpeaker,
    ReportedClaim,
)
from pullquote.schema.verification import Edition, EditionChanges

if TYPE_CHECKING:
    from pullquote.newsroom.grids.tables import GridTable
    from pullquote.schema.grid import GridCell


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


_STYLES = {
    QuoteVerdict.EXACT: "bold green",
    QuoteVerdict.ALTERED: "bold red",
    QuoteVerdict.MISATTRIBUTED: "bold red",
    QuoteVerdict.SPLICED: "bold red",
    QuoteVerdict.ABSENT: "bold magenta",
}


def print_checked(report: CheckedDraft) -> None:
    """Print each quotation with its verdict, its differences and its place, and the counts.

    The questions about the other sentences stand between.
    """
    quotes = report.quotes
    for one in quotes:
        _print_one(one)
    for question in report.questions:
        _print_question(question)
    say(verdict_counts(quotes))
    if report.questions:
        say(f"{counted(len(report.questions), 'question')} about other sentences, not errors")


def _print_one(one: CheckedQuote) -> None:
    """Print one quotation."""
    claimed = "" if one.speaker is None else f", as said by {one.speaker}"
    say(f"{one.verdict}{one_line(claimed)}", style=_STYLES[one.verdict])
    say(in_quote_marks(one.quote.strip()), indent=2)
    for change in one.differences:
        say(f"draft: {_shown(change.quote)} · article: {_shown(change.article)}", indent=4)
    for omission in one.omitted:
        stands = f"{one_line(omission.mark)} stands for" if omission.mark else "left out"
        say(f"{stands}: {in_quote_marks(omission.text)}", indent=4)
    for warning in one.warnings:
        say(f"note: {one_line(warning)}", style="yellow", indent=4)
    for citation in one.parts or [each for each in (one.citation,) if each is not None]:
        print_quote(citation, indent=4)
    if one.also_in_count:
        say(one_line(one.also_in_words), indent=4)
    if one.closest is not None:
        say(f"The closest words ({one.similarity:.0%} the same):", indent=4)
        print_quote(one.closest, indent=4)
    if one.link is not None:
        say(one_line(one.link), style="dim", indent=4)
    say("")


def _print_question(one: DraftQuestion) -> None:
    """Print one question about a sentence outside the quotations."""
    say(f"question: is this {one.kind} right?", style="bold cyan")
    say(one_line(one.sentence.strip()), indent=2)
    say(f"draft: {_shown(one.words)} · article: {_shown(one.article_words)}", indent=4)
    print_quote(one.citation, indent=4)
    if one.link is not None:
        say(one_line(one.link), style="dim", indent=4)
    say("")


def _shown(words: str) -> str:
    return in_quote_marks(words) if words else "nothing"


VERSION_SHOWN = 12


def print_editions(editions: Sequence[Edition]) -> None:
    """Print one line for each edition: its version, when it was in the index, and its title."""
    for one in editions:
        say(f"{one.version[:VERSION_SHOWN]}  {edition_times(one)}", style="bold")
        facts = (one_line(one.title), f"{one.characters:,} characters")
        say(" · ".join(fact for fact in facts if fact), style="dim", indent=VERSION_SHOWN + 2)
    say(counted(len(editions), "edition"))


def print_edition_changes(changes: EditionChanges) -> None:
    """Print the words of two editions: [-removed-] and {+added+}."""
    for label, one in (("old", changes.old), ("new", changes.new)):
        say(f"{label}  {one.version[:VERSION_SHOWN]}  {edition_times(one)}", style="dim")
    if changes.has_changes:
        from pullquote.newsroom.relocation.word_diff import shortened  # noqa: PLC0415 - slow to load

        print_word_changes(shortened(changes.differences))
    else:
        say("The words are the same.")


def edition_times(edition: Edition) -> str:
    """When an edition was in the index: "3 May 2024, 09:12 – now"."""
    since = "unknown" if edition.since is None else _time(edition.since)
    until = "now" if edition.until is None else _time(edition.until)
    return f"{since} – {until}"


def _time(moment: datetime) -> str:
    return f"{when(moment)} UTC"


_STATE_STYLES = {
    CitationState.STANDS: "green",
    CitationState.MOVED: "green",
    CitationState.CHANGED: "bold red",
    CitationState.WITHDRAWN: "bold red",
    CitationState.GONE: "bold red",
    CitationState.UNCLEAR: "yellow",
}
_LONGEST_QUOTE = 200
"""Characters of a quote that are printed, if its words have not changed."""


def print_verification(found: Verification) -> None:
    """Print each fault and each citation with its state, what was not checked, and the counts."""
    for fault in found.faults:
        say(fault, style="bold red")
    for one in found.citations:
        _print_citation(one)
    for limit in found.not_checked:
        say(limit, style="yellow")
    if found.pack_sha256 is not None:
        say(f"SHA-256 of the pack: {found.pack_sha256}", style="dim")
    states = " · ".join(f"{count:,} {state}" for state, count in found.counts.items())
    say(f"{counted(len(found.citations), 'citation')}: {states}" if states else "No citations.")


def _print_citation(one: VerifiedCitation) -> None:
    place = "" if one.start is None else f"characters {one.start}-{one.end}"
    parts = (one.where, one.title, one.article, place)
    say(one.state.upper(), style=_STATE_STYLES[one.state])
    say(" · ".join(one_line(part) for part in parts if part), style="dim", indent=2)
    if one.differences:
        print_word_changes(one.differences)
    elif one.quote:
        say(f"“{_shortened(one_line(one.quote))}”", indent=2)
    if one.reason:
        say(one_line(one.reason), indent=2)
    if one.edition is not None:
        _print_edition(one.edition)


def _print_edition(edition: Edition) -> None:
    """Print which edition was quoted, and how to see all that changed since."""
    say(f"Quoted from the edition in the index {edition_times(edition)}.", style="dim", indent=2)
    command = f"pullquote editions {quote(edition.article)} --old {edition.version[:VERSION_SHOWN]}"
    say(one_line(command), style="dim", indent=2)


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"


_CELL_STYLES = {"answer": "bold", "possible": "bold yellow"}


def print_grid(table: GridTable) -> None:
    """Print each question with the quotes of its cells, and how many cells are silent."""
    titles = {column.key: column.title for column in table.spec.columns}
    for question in table.spec.questions:
        say(one_line(question), style="bold")
        cells = table.row(question)
        for cell in cells:
            if cell is not None and cell.answer is not None:
                _print_cell(cell, titles[cell.column])
        say(_silence(cells, str(table.spec.by)), style="dim", indent=2)
        say("")


def _print_cell(cell: GridCell, title: str) -> None:
    if cell.answer is None:
        return
    citation = cell.answer.citations[0]
    say(
        f"{one_line(title)}: {one_line(citation.quote)}",
        style=_CELL_STYLES[cell.outcome],
        indent=2,
    )
    say(f"{cell.label}, confidence {cell.answer.confidence:.2f}", style="dim", indent=4)
    print_quote(citation, indent=4)


def _silence(cells: list[GridCell | None], by: str) -> str:
    """How many of the cells of a question have no quote, by outcome."""
    labels = ["not asked yet" if one is None else one.label for one in cells]
    silent = Counter(
        label for label, one in zip(labels, cells, strict=True) if one is None or one.answer is None
    )
    parts = [f"{label} in {number:,}" for label, number in silent.items()]
    found = len(cells) - silent.total()
    return f"{'; '.join([f'a quote in {found:,}', *parts])} of {counted(len(cells), by)}"


def print_watch_report(report: WatchReport) -> None:
    """Print the changes that are reported, and what the run did."""
    for change in report.changes:
        say(one_line(heading(change)), style="bold")
        for line in change_lines(change):
            say(one_line(line), indent=2)
        say("")
    say(summary(report), style="dim")


def print_standing(questions: Sequence[StandingQuestion]) -> None:
    """Print each question with its id, its answer and its last change."""
    for one in questions:
        filters = described_filters(one.question.filters)
        asked = f"{one.question.question}  ({filters})" if filters else one.question.question
        say(f"{one.question.id}  {one_line(asked)}", style="bold")
        say(one_line(_answer(one)), indent=10)
        if one.changes:
            last = one.changes[0]
            say(f"{when(last.at.astimezone())}: {last.kind}", style="dim", indent=10)
    if not questions:
        say('No standing questions. Add one with: pullquote watchlist add "QUESTION"')


def _answer(one: StandingQuestion) -> str:
    if one.asked is None:
        return "not asked yet"
    best = one.asked.reply.best
    return one.asked.note or ("nothing found" if best is None else best.text)
