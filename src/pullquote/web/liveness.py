"""Whether the browser or program that made a call through Gradio's queue is still there.

Gradio (6.31) notes on an event that its stream was left, but lets its function run to the end.
"""

from __future__ import annotations

from collections.abc import Callable

from gradio.context import LocalContext


def caller_has_left() -> Callable[[], bool]:
    """A function that tells whether the caller of the event at work here has left.

    To be called by the event's own task. Where there is no event, as for agents, nobody leaves.
    """
    event_id, blocks = LocalContext.event_id.get(None), LocalContext.blocks.get(None)
    if event_id is None or blocks is None:
        return _never
    event = blocks._queue.event_ids_to_events.get(event_id)
    return _never if event is None else lambda: not event.alive


def _never() -> bool:
    return False
