"""Prints answers, hits, articles, facts about indexes, and progress, for people to read."""

from pullquote.base.console import (
    err,
    escaped_json,
    json_text,
    out,
    print_error,
    print_json,
    print_note,
    say,
    use_utf8,
    visible,
    write,
)
from pullquote.cli.terminal.answers import (
    print_article,
    print_copies,
    print_hits,
    print_note_damaged,
    print_note_uncalibrated,
    print_reply,
)
from pullquote.cli.terminal.attributions import print_attributions
from pullquote.cli.terminal.checking import print_checked
from pullquote.cli.terminal.editions import print_edition_changes, print_editions
from pullquote.cli.terminal.grids import print_grid
from pullquote.cli.terminal.index import print_findings, print_preview, print_report, print_stats
from pullquote.cli.terminal.inspection import inspection_facts, print_inspected, print_unread
from pullquote.cli.terminal.progress import progress, waiting
from pullquote.cli.terminal.rebuilding import rebuild_progress
from pullquote.cli.terminal.speakers import (
    print_article_audit,
    print_audit,
    print_claims,
    print_speakers,
)
from pullquote.cli.terminal.verification import print_verification
from pullquote.cli.terminal.watchlist import print_standing, print_watch_report

__all__ = [
    "err",
    "escaped_json",
    "inspection_facts",
    "json_text",
    "out",
    "print_article",
    "print_article_audit",
    "print_attributions",
    "print_audit",
    "print_checked",
    "print_claims",
    "print_copies",
    "print_edition_changes",
    "print_editions",
    "print_error",
    "print_findings",
    "print_grid",
    "print_hits",
    "print_inspected",
    "print_json",
    "print_note",
    "print_note_damaged",
    "print_note_uncalibrated",
    "print_preview",
    "print_reply",
    "print_report",
    "print_speakers",
    "print_standing",
    "print_stats",
    "print_unread",
    "print_verification",
    "print_watch_report",
    "progress",
    "rebuild_progress",
    "say",
    "use_utf8",
    "visible",
    "waiting",
    "write",
]
