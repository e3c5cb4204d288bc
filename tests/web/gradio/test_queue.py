"""Gradio's queue is set up so that an idle chat uses little time."""

from __future__ import annotations

import asyncio

import gradio as gr

from pullquote.web.gradio.queue import LOOK_SECONDS, PROGRESS_SECONDS, set_up_queue


def test_the_queue_looks_less_often() -> None:
    """Gradio still has the intervals, and they are no shorter than its own."""

    async def intervals() -> list[float]:  # Gradio creates an event loop if none runs
        with gr.Blocks(analytics_enabled=False) as chat:
            gr.State([])
        own = chat._queue
        set_up_queue(chat, most=7)
        queue = chat._queue
        assert queue is not own
        assert queue.max_size == 7
        return [
            own.sleep_when_free,
            queue.sleep_when_free,
            own.progress_update_sleep_when_free,
            queue.progress_update_sleep_when_free,
        ]

    own, now, own_progress, progress = asyncio.run(intervals())
    assert own <= now >= LOOK_SECONDS
    assert own_progress <= progress == PROGRESS_SECONDS
