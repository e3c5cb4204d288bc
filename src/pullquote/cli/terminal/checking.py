"""Prints the report on the quotations of a draft."""

from __future__ import annotations

from pullquote.base.console import one_line, say
from pullquote.base.plurals import counted
from pullquote.cli.terminal.citations import in_quote_marks, print_quote
from pullquote.schema.quote_check import (
    CheckedDraft,
    CheckedQuote,
    DraftQuestion,
    QuoteVerdict,
    verdict_counts,
)

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
