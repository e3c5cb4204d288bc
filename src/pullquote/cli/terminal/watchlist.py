"""Prints the standing questions, and what changed in their answers."""

from __future__ import annotations

from collections.abc import Sequence

from pullquote.base.console import one_line, say, when
from pullquote.newsroom.watchlist.models import StandingQuestion, WatchReport
from pullquote.newsroom.watchlist.wording import change_lines, heading, summary
from pullquote.schema.filter_mapping import described_filters


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
