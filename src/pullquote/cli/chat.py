"""The command `chat`: a conversation in a terminal."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from pullquote.cli import terminal
from pullquote.cli.options import (
    AsOfOption,
    HitsOption,
    IndexOption,
    WrongOption,
    filter_option,
    filters_from,
)
from pullquote.schema import Filters
from pullquote.schema.errors import PullquoteError
from pullquote.schema.filter_parameters import with_filters
from pullquote.schema.settings import load_settings

if TYPE_CHECKING:  # this import loads FAISS
    from pullquote.conversation.session import ConversationSession

PROMPT = "> "
HELP = (
    "Ask a question; a follow-up may be short. /new begins a new conversation, and /quit ends the "
    "chat."
)


@with_filters(filter_option)
def chat(
    index: IndexOption = None,
    k: HitsOption = None,
    *,
    wrong_at_most: WrongOption = None,
    as_of: AsOfOption = None,
    **filters: object,
) -> None:
    """Ask questions in a conversation, as in the web chat.

    A follow-up such as "and when?" is completed from earlier questions. If a different text was
    searched for, it is shown. `/new` begins a new conversation, and `/quit` or Ctrl-D ends
    the chat.

    Example: `pullquote chat`, or `pullquote chat < questions.txt`
    """
    chosen = filters_from(filters)
    import pullquote  # noqa: PLC0415

    with pullquote.open(
        settings=load_settings(index=index, wrong_at_most=wrong_at_most)
    ) as assistant:
        terminal.print_note_damaged(assistant)
        terminal.print_note_uncalibrated(assistant)
        session = assistant.conversation()
        if sys.stdin.isatty():
            terminal.say(HELP)
        for typed in _typed():
            if typed == "/quit":
                break
            if typed == "/new":
                session = assistant.conversation()
                terminal.say("New conversation.")
            elif typed.startswith("/"):
                terminal.say(f"There is no command {typed}. {HELP}")
            else:
                _answer(session, typed, k=k, filters=chosen, as_of=as_of)


def _answer(
    session: ConversationSession,
    typed: str,
    *,
    k: int | None,
    filters: Filters,
    as_of: date | None,
) -> None:
    """Ask a question and print the reply; an error is printed and does not end the chat."""
    try:
        with terminal.waiting("Searching the articles", quiet=False):
            reply = session.ask(typed, k=k, filters=filters, as_of=as_of)
    except PullquoteError as error:
        terminal.print_error(str(error))
        return
    from pullquote.answering.retrieval.scope import note_on_filters  # noqa: PLC0415 - loads FAISS

    terminal.print_reply(reply)
    if note := note_on_filters(reply, session.turns[-1].filters):
        terminal.say(note)


def _typed() -> Iterator[str]:
    """The lines that are typed or piped, without blank ones. Piped lines are also printed."""
    interactive = sys.stdin.isatty()
    if not interactive and isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    while True:
        try:
            typed = input(PROMPT if interactive else "").strip()
        except EOFError:
            return
        if typed and not interactive:
            terminal.say(f"{PROMPT}{typed}", style="bold")
        if typed:
            yield typed
