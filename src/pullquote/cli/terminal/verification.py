"""Prints what became of saved citations."""

from __future__ import annotations

from shlex import quote

from pullquote.base.console import one_line, say
from pullquote.base.plurals import counted
from pullquote.cli.terminal.editions import VERSION_SHOWN, edition_times
from pullquote.cli.terminal.word_changes import print_word_changes
from pullquote.schema import CitationState, Verification, VerifiedCitation
from pullquote.schema.edition import Edition

_STYLES = {
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
    say(one.state.upper(), style=_STYLES[one.state])
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
