"""What the page says when an event other than a question fails."""

from __future__ import annotations

import asyncio
import inspect
import threading

import gradio as gr
import pytest
from gradio.context import LocalContext

from pullquote.schema.errors import Busy, ConversationUnreadable, PullquoteError, QuestionGivenUp
from pullquote.web.gradio.queue import in_turn
from pullquote.web.scheduler import Scheduler

PATIENCE = 60.0

FAILED = "The article could not be opened."


def failing(error: PullquoteError) -> object:
    """A handler that raises the error."""

    def handler(saved: str) -> str:
        raise error

    return in_turn(Scheduler(waiting=1), handler, FAILED)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (Busy(3), "pullquote is busy: its queue is full (3 questions). Please try again in a few"),
        (QuestionGivenUp(60), "It took too long and was stopped. Please try again."),
        (
            ConversationUnreadable("it is not JSON"),
            "What this browser has saved cannot be read: it is not JSON. Start a new conversation.",
        ),
    ],
)
def test_the_message_says_what_failed_and_what_to_do(error: PullquoteError, reason: str) -> None:
    """The failed event has the handler's own sentence, the reason, and the way on."""
    with pytest.raises(gr.Error) as failed:
        asyncio.run(failing(error)(""))  # type: ignore[operator]
    assert str(failed.value.message).startswith(f"{FAILED} {reason}")


def test_a_page_that_would_be_empty_is_filled_instead() -> None:
    """`instead` makes the outputs of the event from the message."""

    def handler(saved: str) -> str:
        raise Busy(3)

    handled = in_turn(Scheduler(waiting=1), handler, FAILED, instead=lambda text: [text])
    assert asyncio.run(handled("")) == [f"{FAILED} {Busy(3)}"]


def test_a_handler_keeps_its_parameters() -> None:
    """Gradio fills in a request from the type of a parameter, so the type stays visible."""

    def handler(saved: str, request: gr.Request) -> str:
        return saved

    handled = in_turn(Scheduler(waiting=1), handler, FAILED)
    assert list(inspect.signature(handled).parameters) == ["saved", "request"]
    assert asyncio.run(handled("kept", None)) == "kept"


def test_events_of_a_page_run_in_order_and_those_of_pages_side_by_side() -> None:
    """The last citation that was chosen is shown last, and no other page waits for it."""
    release, done = threading.Event(), list[str]()

    def handler(name: str) -> None:
        if name == "first":
            release.wait(PATIENCE)
        done.append(name)
        if name == "other":
            release.set()

    async def serve() -> None:
        handled = in_turn(Scheduler(waiting=1), handler, FAILED)

        async def event(page: str, name: str) -> None:
            LocalContext.request.set(gr.Request(session_hash=page))
            await handled(name)

        events = [("mine", "first"), ("mine", "second"), ("yours", "other")]
        await asyncio.gather(*(event(page, name) for page, name in events))

    asyncio.run(serve())
    assert done == ["other", "first", "second"]
