"""The command `watchlist`."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pullquote.base.atomic_io import write_atomically
from pullquote.base.console import one_line, print_json, print_note, say, visible, when, write
from pullquote.base.wording import NO_STANDING_QUESTIONS, NOTHING_FOUND
from pullquote.cli.options import IndexOption, JsonOption, filter_option, filters_from
from pullquote.cli.terminal import print_result, progress_bar
from pullquote.newsroom.watchlist.models import StandingQuestion, WatchReport
from pullquote.newsroom.watchlist.wording import change_lines, heading, summary
from pullquote.schema.errors import IndexMissing, SettingsError, WatchlistBusy, WatchlistUnusable
from pullquote.schema.filter_parameters import with_filters
from pullquote.schema.filters import described_filters
from pullquote.schema.settings import Settings, load_settings

if TYPE_CHECKING:
    from pullquote import Watchlist, WatchReport
    from pullquote.newsroom.watchlist.models import WatchChange


class Action(StrEnum):
    """What to do with the standing questions."""

    RUN = "run"
    LIST = "list"
    ADD = "add"
    REMOVE = "remove"


@with_filters(filter_option)
def watchlist(
    action: Annotated[
        Action, typer.Argument(help="run asks the questions; add, remove and list change them.")
    ] = Action.RUN,
    question: Annotated[
        str | None, typer.Argument(help="The question to add, or the id of one to remove.")
    ] = None,
    index: IndexOption = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Ask every question, even if nothing has changed.")
    ] = False,
    rss: Annotated[
        Path | None,
        typer.Option("--rss", metavar="FILE", help="Also write the last changes as an RSS feed."),
    ] = None,
    email: Annotated[
        bool,
        typer.Option("--email", help="Print the text of a mail; nothing if nothing has changed."),
    ] = False,
    chat: Annotated[
        str | None,
        typer.Option("--chat", metavar="URL", help="Address of the web chat, for links."),
    ] = None,
    *,
    as_json: JsonOption = False,
    **filters: object,
) -> None:
    """Ask the standing questions again, and print what changed in their answers.

    Reported are new answers, changed values, other answers, answers that are no longer supported,
    and values that were corrected, became outdated or are disputed. If the index has not changed,
    no question is asked. rebuild-index does the same after each rebuild.

    Example: `pullquote watchlist add "when will the ferry terminal open?"`, then
    `pullquote watchlist`
    """
    chosen = filters_from(filters)
    settings = load_settings(index=index)
    import pullquote  # noqa: PLC0415

    questions = pullquote.Watchlist(settings=settings)
    if (question is not None) != (action in (Action.ADD, Action.REMOVE)):
        raise SettingsError(
            "Give a question after add, the id of one after remove, and nothing after run and list."
        )
    match action:
        case Action.ADD:
            added = questions.add(str(question), chosen)
            _report_first(questions, added.id, as_json=as_json)
        case Action.REMOVE:
            removed = questions.remove(str(question))
            print_result(removed, lambda one: say(f"Removed: {one.question}"), as_json=as_json)
        case Action.LIST:
            _print_list(questions, as_json=as_json)
        case Action.RUN:
            report = _asked(questions, everything=everything, quiet=as_json or email)
            _print_report(report, as_json=as_json, email=email, chat=chat)
    if rss is not None:
        _write_feed(questions, rss, chat=chat)


def run_after_rebuild(settings: Settings, *, quiet: bool) -> WatchReport | None:
    """Ask the standing questions.

    None if there are none, if another process asks them now, or if their file cannot be read.
    """
    from pullquote.newsroom.watchlist.files import questions_file_of  # noqa: PLC0415

    try:
        if not questions_file_of(settings).questions():
            return None
    except WatchlistUnusable as error:  # the index is up to date nevertheless
        print_note(str(error))
        return None
    import pullquote  # noqa: PLC0415 - it loads the reader

    try:
        return _asked(pullquote.Watchlist(settings=settings), everything=False, quiet=quiet)
    except WatchlistBusy as error:
        print_note(str(error))
        return None


def _asked(questions: Watchlist, *, everything: bool, quiet: bool) -> WatchReport:
    with progress_bar("Asking the standing questions", quiet=quiet) as progress:
        return questions.run(everything=everything, progress=progress)


def _report_first(questions: Watchlist, id: str, *, as_json: bool) -> None:
    """Ask an added question for the first time, and print its answer."""
    note = ""
    try:
        _asked(questions, everything=False, quiet=as_json)
    except IndexMissing:
        note = "It will be asked when the index has been built."
    standing = [one for one in questions.standing() if one.question.id == id]
    if as_json:
        print_json(standing[0].model_dump(mode="json"))
    else:
        print_standing(standing)
        if note:
            print_note(note)


def _print_list(questions: Watchlist, *, as_json: bool) -> None:
    standing = questions.standing()
    if as_json:
        print_json([one.model_dump(mode="json") for one in standing])
    else:
        print_standing(standing)


def _print_report(report: WatchReport, *, as_json: bool, email: bool, chat: str | None) -> None:
    if as_json:
        print_json(report.model_dump(mode="json"))
    elif email:
        from pullquote.newsroom.watchlist.wording import mail_text  # noqa: PLC0415

        if text := mail_text(report.changes, _links(report.changes, chat)):
            write(visible(text))
    else:
        print_watch_report(report)


def _write_feed(questions: Watchlist, path: Path, *, chat: str | None) -> None:
    from pullquote.newsroom.watchlist.wording import rss  # noqa: PLC0415

    changes = questions.changes
    home = questions.folder.resolve().as_uri() if chat is None else f"{_base(chat)}watchlist"
    write_atomically(path, rss(changes, _links(changes, chat), home=home))


def _links(changes: Sequence[WatchChange], chat: str | None) -> list[str]:
    """The link of each change: the article in the web chat, or where it was published."""
    from pullquote.web.watchlist.document import change_link  # noqa: PLC0415

    return [change_link(one, None if chat is None else _base(chat)) for one in changes]


def _base(chat: str) -> str:
    return chat if chat.endswith("/") else f"{chat}/"


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
        say(NO_STANDING_QUESTIONS)


def _answer(one: StandingQuestion) -> str:
    if one.asked is None:
        return "not asked yet"
    best = one.asked.reply.best
    return one.asked.note or (NOTHING_FOUND if best is None else best.text)
