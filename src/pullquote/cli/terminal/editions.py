"""Prints the editions of an article, and what changed between two."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pullquote.base.console import one_line, say, when
from pullquote.base.plurals import counted
from pullquote.cli.terminal.word_changes import print_word_changes
from pullquote.schema.edition import Edition
from pullquote.schema.edition_changes import EditionChanges

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
