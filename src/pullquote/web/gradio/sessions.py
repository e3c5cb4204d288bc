"""Deletes Gradio's state of sessions that have ended, so that memory stays flat.

Gradio copies the state of the whole page (57 KB) for every session, even for a program that calls
only once, and stores ten thousand of these copies. The copies of open pages are not deleted.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import gradio as gr

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
