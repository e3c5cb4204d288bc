"""Runs the chat's handlers in turn with all other work, and says on the page what has failed.

An error that a handler raises reaches the page as a failed event, which problem.js shows.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial, wraps
from typing import Any
from weakref import WeakValueDictionary

import gradio as gr
from gradio.context import LocalContext

from pullquote.schema.errors import ConversationUnreadable, PullquoteError, QuestionGivenUp
from pullquote.web.scheduler import Scheduler

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
        return "It took too long and was stopped. Please try again."
    if isinstance(error, ConversationUnreadable):  # its text is about programs, too
        return (
            f"What this browser has saved cannot be read: {error.reason}. Start a new conversation."
        )
    return str(error)
