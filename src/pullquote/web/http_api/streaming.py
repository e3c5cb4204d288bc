"""Answers as server-sent events: the passages found, then the reply.

Source of the format: HTML Living Standard, section 9.2.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack

from pydantic import BaseModel
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from pullquote.assistant import Assistant
from pullquote.errors import PullquoteError
from pullquote.retrieval.search_result import SearchResult
from pullquote.schema import Reply
from pullquote.schema.found_passages import found_passages
from pullquote.web.http_api.problems import problem_of
from pullquote.web.scheduler import PlaceInLine
from pullquote.web.slots import CallerLeft

PING_SECONDS = 10.0
"""How often a comment is sent while the reader works, so that no proxy closes the connection."""

_PING = b": reading\n\n"

_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class AnswerStream(StreamingResponse):
    """Sends what was found at once, and the reply when it has been read.

    The question keeps its `place` until the response has ended, which closes `stack`.
    """

    def __init__(
        self, assistant: Assistant, found: SearchResult, place: PlaceInLine, *, stack: ExitStack
    ) -> None:
        events = _events(assistant, found, place)
        super().__init__(events, media_type="text/event-stream", headers=_HEADERS)
        self._stack = stack

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the events."""
        with self._stack:
            await super().__call__(scope, receive, send)


async def _events(
    assistant: Assistant, found: SearchResult, place: PlaceInLine
) -> AsyncIterator[bytes]:
    passages = found_passages(found.query.typed, found.hits, found.generation.name)
    yield event("hits", passages)
    reading = asyncio.ensure_future(place.read(lambda: assistant.read(found)))
    try:
        while not (await asyncio.wait({reading}, timeout=PING_SECONDS))[0]:
            yield _PING
        yield _last_event(reading)
    finally:
        reading.cancel()


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
