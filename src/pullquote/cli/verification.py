"""The commands `verify` and `editions`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from pullquote.base.console import one_line, print_json, say, when
from pullquote.base.plurals import counted
from pullquote.cli.options import IndexOption, JsonOption
from pullquote.cli.terminal import opened, print_result, print_word_changes
from pullquote.schema import CitationState, Verification, VerifiedCitation
from pullquote.schema.verification import Edition, EditionChanges

NOT_GOOD = 3
"""The exit status if a citation does not stand, or a pack was changed."""


def verify(
    file: Annotated[
        Path,
        typer.Argument(
            exists=True,
            dir_okay=False,
            help="A saved conversation (JSON or Markdown), Markdown with links of the chat, the "
            "output of ask --json, or an evidence pack.",
        ),
    ],
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say for each citation of a file: stands, moved, changed, withdrawn or article gone.

    Words that changed are printed with their differences. An evidence pack needs no index: the
    parts that were changed are named. With --index, its quotes are also compared with the index.

    Exit status: 0 all citations stand or have only moved, 3 if not, 1 error, 2 a mistyped command.

    Example: `pullquote verify pullquote-2024-05-31.json`
    """
    import pullquote  # noqa: PLC0415

    found = pullquote.verify(file, index)
    print_result(found, print_verification, as_json=as_json)
    raise typer.Exit(0 if found.is_good else NOT_GOOD)


def editions(
    article: Annotated[str, typer.Argument(help="The article's path relative to the corpus.")],
    old: Annotated[
        str | None,
        typer.Option("--old", metavar="VERSION", help="Show what changed since this edition."),
    ] = None,
    new: Annotated[
        str | None,
        typer.Option("--new", metavar="VERSION", help="Show what changed up to this edition."),
    ] = None,
    index: IndexOption = None,
    *,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show what changed in the last edition.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """List the editions of an article, and show what changed between two, word by word.

    The index keeps earlier editions of articles that changed or were removed, as the setting
    editions allows. A VERSION may be given by its first characters.

    Example: `pullquote editions harbour-post/2024-03-14-ferry-terminal-delay.md --diff`
    """
    with opened(index) as assistant:
        found = assistant.editions.of(article)
        changes = None
        if diff or old is not None or new is not None:
            changes = assistant.editions.changes(article, old=old, new=new)
    if as_json:
        listed = [one.model_dump(mode="json") for one in found]
        shown = None if changes is None else changes.model_dump(mode="json")
        print_json({"article": article, "editions": listed, "changes": shown})
    elif changes is None:
        print_editions(found)
    else:
        print_edition_changes(changes)


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
