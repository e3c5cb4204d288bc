"""Gradio's queue: every event of the chat passes it in turn; state ends with its session."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from functools import partial, wraps
from typing import Any
from weakref import WeakValueDictionary

import gradio as gr
from gradio.context import LocalContext

from pullquote.base.wording import GIVEN_UP
from pullquote.schema.errors import ConversationUnreadable, PullquoteError, QuestionGivenUp
from pullquote.web.scheduler import Scheduler

LOOK_SECONDS = 0.01
"""How often the queue looks for events. Gradio (6.31) looks a thousand times a second, which took
7 % of a core while nobody asked anything; now it takes 2 %."""

PROGRESS_SECONDS = 1.0
"""How often the queue looks for Gradio's reports of progress, which the chat does not use."""


def set_up_queue(chat: gr.Blocks, *, most: int) -> None:
    """Let at most `most` events wait in the queue, and let it use little time while it is empty."""
    chat.queue(max_size=most)
    queue = chat._queue
    queue.sleep_when_free = max(queue.sleep_when_free, LOOK_SECONDS)
    queue.progress_update_sleep_when_free = PROGRESS_SECONDS


Handler = Callable[..., Any]


def in_turn(
    scheduler: Scheduler,
    handler: Handler,
    failed: str,
    *,
    instead: Callable[[str], Any] | None = None,
) -> Handler:
    """The handler, run by the scheduler: with limits, a timeout, and cancellation.

    Events of one page run in the order in which they came, those of different pages side by side.
    Gradio (6.31) keeps an order only by letting one event of all pages run at a time.

    If it fails, the message on the page begins with `failed`. `instead` makes the outputs from
    that message, for an event after which the page would be empty or show something else.
    """
    orders = WeakValueDictionary[str, asyncio.Lock]()

    @wraps(handler)
    async def handled(*given: Any) -> Any:  # noqa: ANN401
        request = LocalContext.request.get(None)
        page = "" if request is None else request.session_hash or ""
        order = orders.setdefault(page, asyncio.Lock())
        try:
            async with order:
                return await scheduler.find(partial(handler, *given))
        except PullquoteError as error:
            message = f"{failed} {_reason(error)}"
            if instead is not None:
                return instead(message)
            raise gr.Error(message, print_exception=False) from error

    return handled


def _reason(error: PullquoteError) -> str:
    """Why the handler failed, and what to do."""
    if isinstance(error, QuestionGivenUp):  # its text is about a question
        return f"{GIVEN_UP} Please try again."
    if isinstance(error, ConversationUnreadable):  # its text is about programs, too
        return (
            f"What this browser has saved cannot be read: {error.reason}. Start a new conversation."
        )
    return str(error)


MOST_SESSIONS = 1000
"""Sessions that are stored, open or closed; beyond that, the least recently used one is deleted."""

CLOSED_PAGE_LIFETIME = timedelta(hours=1)
"""How long the state of a closed page is stored, in case the user comes back."""

_INTERVAL = 5.0
"""Seconds between two clean-ups."""

_ANONYMOUS = re.compile(r"[0-9a-f]{32}")
"""The id that Gradio gives to a call without a session: a UUID in hex."""


@contextlib.asynccontextmanager
async def forgetting(chat: gr.Blocks) -> AsyncIterator[None]:
    """Delete ended sessions regularly while the context is open."""

    async def forget_regularly() -> None:
        while True:
            await asyncio.sleep(_INTERVAL)
            forget_gone(chat, now=datetime.now())  # noqa: DTZ005 - Gradio's times have no zone

    task = asyncio.create_task(forget_regularly())
    try:
        yield
    finally:
        task.cancel()


def forget_gone(chat: gr.Blocks, *, now: datetime) -> None:
    """Delete the state of answered calls and of pages that were closed long ago."""
    holder, queue = chat.state_holder, chat._queue
    for session, state in list(holder.session_data.items()):
        if _ANONYMOUS.fullmatch(session) is not None:
            gone = session not in queue.event_ids_to_events
        else:
            gone = state.is_closed and now - holder.time_last_used[session] > CLOSED_PAGE_LIFETIME
        if gone:
            with holder.lock:
                holder.session_data.pop(session, None)
                holder.time_last_used.pop(session, None)
    waiting = queue.pending_event_ids_session
    for session, events in list(waiting.items()):
        if not events or session not in queue.pending_messages_per_session:
            del waiting[session]
