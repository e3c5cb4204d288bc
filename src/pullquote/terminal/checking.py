"""Prints the report on the quotations of a draft."""

from __future__ import annotations

from collections.abc import Sequence

from pullquote.checking.report_view import verdict_counts
from pullquote.schema.quote_check import CheckedQuote, QuoteVerdict
from pullquote.terminal.citations import print_quote
from pullquote.terminal.console import one_line, say

_STYLES = {
    QuoteVerdict.EXACT: "bold green",
    QuoteVerdict.ALTERED: "bold red",
    QuoteVerdict.MISATTRIBUTED: "bold red",
    QuoteVerdict.SPLICED: "bold red",
    QuoteVerdict.ABSENT: "bold magenta",
}


def print_checked(quotes: Sequence[CheckedQuote]) -> None:
    """Print each quotation with its verdict, its differences and its place, and the counts."""
    for one in quotes:
        _print_one(one)
    say(verdict_counts(quotes))


def _print_one(one: CheckedQuote) -> None:
    """Print one quotation."""
    claimed = "" if one.speaker is None else f", as said by {one.speaker}"
    say(f"{one.verdict}{one_line(claimed)}", style=_STYLES[one.verdict])
    say(f"“{one_line(one.quote.strip())}”", indent=2)
    for change in one.differences:
        say(f"draft: {_shown(change.quote)} · article: {_shown(change.article)}", indent=4)
    for omission in one.omitted:
        say(f"{one_line(omission.mark)} stands for: “{one_line(omission.text)}”", indent=4)
    for warning in one.warnings:
        say(f"note: {one_line(warning)}", style="yellow", indent=4)
    for citation in one.parts or [each for each in (one.citation,) if each is not None]:
        print_quote(citation, indent=4)
    if one.closest is not None:
        say(f"The closest words ({one.similarity:.0%} the same):", indent=4)
        print_quote(one.closest, indent=4)
    if one.link is not None:
        say(one_line(one.link), style="dim", indent=4)
    say("")


def _shown(words: str) -> str:
    return f"“{one_line(words)}”" if words else "nothing"
