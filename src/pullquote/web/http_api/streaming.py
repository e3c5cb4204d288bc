"""Answers as server-sent events: the passages found, then the reply.

Source of the format: HTML Living Standard, section 9.2.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from pydantic import BaseModel
from starlette.responses import Response, StreamingResponse

from pullquote.assistant import Assistant
from pullquote.errors import PullquoteError
from pullquote.retrieval.search_result import SearchResult
from pullquote.schema import Reply
from pullquote.schema.found_passages import found_passages
from pullquote.web.http_api.problems import problem_of
from pullquote.web.scheduler import Scheduler
from pullquote.web.slots import CallerLeft

PING_SECONDS = 10.0
"""How often a comment is sent while the reader works, so that no proxy closes the connection."""

_PING = b": reading\n\n"

_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def stream_answer(assistant: Assistant, scheduler: Scheduler, found: SearchResult) -> Response:
    """The response that sends what was found at once, and the reply when it has been read."""

    async def events() -> AsyncIterator[bytes]:
        passages = found_passages(found.query.typed, found.hits, found.generation.name)
        yield event("hits", passages)
        reading = asyncio.ensure_future(scheduler.read(lambda: assistant.read(found)))
        try:
            while not (await asyncio.wait({reading}, timeout=PING_SECONDS))[0]:
                yield _PING
            yield _last_event(reading)
        finally:
            reading.cancel()

    return StreamingResponse(events(), media_type="text/event-stream", headers=_HEADERS)


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
