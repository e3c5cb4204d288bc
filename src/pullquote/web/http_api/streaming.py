"""Answers as server-sent events: the passages found, then the reply.

Source of the format: HTML Living Standard, section 9.2.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from pydantic import BaseModel
from starlette.responses import Response, StreamingResponse

from pullquote.answering.retrieval.search_result import SearchResult
from pullquote.newsroom.assistant import Assistant
from pullquote.schema import Reply
from pullquote.schema.errors import PullquoteError
from pullquote.schema.found_passages import found_passages
from pullquote.web.http_api.problems import problem_of
from pullquote.web.requests import SearchRequest
from pullquote.web.scheduler import Scheduler
from pullquote.web.slots import CallerLeft

PING_SECONDS = 10.0
"""How often a comment is sent while the reader works, so that no proxy closes the connection."""

_PING = b": reading\n\n"

_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


async def stream_answer(
    assistant: Assistant, scheduler: Scheduler, search: SearchRequest
) -> Response:
    """The response that sends what was found at once, and the reply when it has been read.

    The reader does not wait for the client to receive what was found.

    Raises:
        PullquoteError: the search is invalid or asks for too much, or too many questions wait.
    """
    found = asyncio.get_running_loop().create_future()
    asking = asyncio.ensure_future(scheduler.ask(assistant, search, found=found.set_result))
    try:
        await asyncio.wait({found, asking}, return_when=asyncio.FIRST_COMPLETED)
        if not found.done():
            asking.result()  # raises why nothing was found
    except BaseException:
        asking.cancel()
        raise
    events = _events(found.result(), asking)
    return StreamingResponse(events, media_type="text/event-stream", headers=_HEADERS)


async def _events(found: SearchResult, asking: asyncio.Future[Reply]) -> AsyncIterator[bytes]:
    try:
        yield event("hits", found_passages(found.query.typed, found.hits, found.generation.name))
        while not (await asyncio.wait({asking}, timeout=PING_SECONDS))[0]:
            yield _PING
        yield _last_event(asking)
    finally:
        asking.cancel()


def event(name: str, data: BaseModel) -> bytes:
    """One event; its data is JSON on one line."""
    return f"event: {name}\ndata: {data.model_dump_json()}\n\n".encode()


def _last_event(read: asyncio.Future[Reply]) -> bytes:
    try:
        return event("reply", read.result())
    except CallerLeft:
        return b""
    except PullquoteError as error:
        return event("problem", problem_of(error))
