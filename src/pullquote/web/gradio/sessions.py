"""Forgets what Gradio keeps of callers who are gone, so that memory stays flat.

Gradio gives everyone who calls a copy of the state of the whole page, 57 KB, also a program that
calls once and never comes back, and keeps ten thousand of them. A page that is still open keeps its
own.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import gradio as gr

MOST_SESSIONS = 1000
"""Sessions that are kept, open or closed; beyond them the one goes that was used longest ago."""

CLOSED_KEPT = timedelta(hours=1)
"""How long a page that was closed can be come back to; Gradio empties its state then."""

_EVERY = 5.0
"""Seconds between looking."""

_ANONYMOUS = re.compile(r"[0-9a-f]{32}")
"""The session of a call that named none: its own number."""


@contextlib.asynccontextmanager
async def forgetting(chat: gr.Blocks) -> AsyncIterator[None]:
    """Forget what is gone, again and again, meanwhile."""

    async def forget_again() -> None:
        while True:
            await asyncio.sleep(_EVERY)
            forget_gone(chat, now=datetime.now())  # noqa: DTZ005 - as Gradio notes it

    task = asyncio.create_task(forget_again())
    try:
        yield
    finally:
        task.cancel()


def forget_gone(chat: gr.Blocks, *, now: datetime) -> None:
    """Forget calls that have been answered, and pages that were closed long ago."""
    holder, queue = chat.state_holder, chat._queue
    for session, state in list(holder.session_data.items()):
        if _ANONYMOUS.fullmatch(session) is not None:
            gone = session not in queue.event_ids_to_events
        else:
            gone = state.is_closed and now - holder.time_last_used[session] > CLOSED_KEPT
        if gone:
            with holder.lock:
                holder.session_data.pop(session, None)
                holder.time_last_used.pop(session, None)
    waiting = queue.pending_event_ids_session
    for session, events in list(waiting.items()):
        if not events or session not in queue.pending_messages_per_session:
            del waiting[session]
