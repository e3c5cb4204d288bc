"""Prints the editions of an article, and what changed between two."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pullquote.plurals import counted
from pullquote.schema import WordDifference
from pullquote.schema.edition import Edition, EditionChanges
from pullquote.terminal.console import one_line, say, when
from pullquote.terminal.verification import print_word_changes

VERSION_SHOWN = 12

_AROUND = 12
"""Unchanged words that are printed before and after a change."""


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
        print_word_changes(_shortened(changes.differences))
    else:
        say("The words are the same.")


def edition_times(edition: Edition) -> str:
    """When an edition was in the index: "3 May 2024, 09:12 – now"."""
    since = "unknown" if edition.since is None else _time(edition.since)
    until = "now" if edition.until is None else _time(edition.until)
    return f"{since} – {until}"


def _time(moment: datetime) -> str:
    return f"{when(moment)} UTC"


def _shortened(differences: Sequence[WordDifference]) -> list[WordDifference]:
    """The differences with long unchanged parts cut to the words beside the changes."""
    return [
        _cut(one, first=at == 0, last=at == len(differences) - 1) if one.kind == "same" else one
        for at, one in enumerate(differences)
    ]


def _cut(same: WordDifference, *, first: bool, last: bool) -> WordDifference:
    words = same.text.split(" ")
    before, after = 0 if first else _AROUND, 0 if last else _AROUND
    if len(words) <= before + after + 1:
        return same
    shown = [*words[:before], "…", *words[len(words) - after :]]
    return same.model_copy(update={"text": " ".join(shown)})
