"""Sessions that have ended are deleted from Gradio's state."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import gradio as gr
import pytest
from fastapi import FastAPI

from pullquote.web.gradio.queue import CLOSED_PAGE_LIFETIME, forget_gone

NOW = datetime(2024, 5, 1, 12)  # noqa: DTZ001 - as Gradio notes it
CALL = "0123456789abcdef" * 2


@pytest.fixture
def chat() -> gr.Blocks:
    """A page with a state, mounted like the chat."""

    async def made() -> gr.Blocks:  # Gradio creates an event loop if none runs
        with gr.Blocks(analytics_enabled=False) as blocks:
            gr.State([])
        gr.mount_gradio_app(FastAPI(), blocks, path="")
        return blocks

    return asyncio.run(made())


def use(chat: gr.Blocks, session: str, *, ago: timedelta, closed: bool = False) -> None:
    """Create a session that was used that long ago."""
    chat.state_holder[session].is_closed = closed
    chat.state_holder.time_last_used[session] = NOW - ago


def test_a_call_is_forgotten_once_it_is_done(chat: gr.Blocks) -> None:
    """A session of a call is not deleted while the call waits or runs."""
    use(chat, CALL, ago=timedelta(0))
    chat._queue.event_ids_to_events[CALL] = None  # type: ignore[assignment]
    forget_gone(chat, now=NOW)
    assert CALL in chat.state_holder
    del chat._queue.event_ids_to_events[CALL]
    forget_gone(chat, now=NOW)
    assert CALL not in chat.state_holder
    assert CALL not in chat.state_holder.time_last_used


@pytest.mark.parametrize(
    ("ago", "closed", "stored"),
    [
        (timedelta(days=1), False, True),
        (CLOSED_PAGE_LIFETIME, True, True),
        (CLOSED_PAGE_LIFETIME + timedelta(seconds=1), True, False),
    ],
)
def test_an_open_page_is_stored_and_a_closed_one_for_an_hour(
    chat: gr.Blocks, ago: timedelta, closed: bool, stored: bool
) -> None:
    """A user who returns within the hour finds the state."""
    use(chat, "x1y2z3", ago=ago, closed=closed)
    forget_gone(chat, now=NOW)
    assert ("x1y2z3" in chat.state_holder) is stored


def test_answers_that_nobody_fetches_are_forgotten_with_their_messages(chat: gr.Blocks) -> None:
    """Answers that can still be fetched stay."""
    queue = chat._queue
    queue.pending_event_ids_session |= {"done": set(), "lost": {"1"}, "waits": {"2"}}
    queue.pending_messages_per_session["waits"] = None  # type: ignore[assignment]
    forget_gone(chat, now=NOW)
    assert queue.pending_event_ids_session == {"waits": {"2"}}
