"""`/healthz`: whether questions are answered, for whoever watches over the server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from pullquote.assistant import Assistant
from pullquote.errors import IndexMissing, IndexUnreachable, PullquoteError
from pullquote.services import index_of
from pullquote.web.access.retry import RETRY_AFTER
from pullquote.web.scheduler import Scheduler

HEALTH = "/healthz"
"""Asks for no password, so that it says nothing of the corpus and no place on the machine."""


def health_route(assistant: Assistant, scheduler: Scheduler) -> Route:
    """The route, over one assistant and who works for it."""
    index = index_of(assistant.settings)

    def look() -> JSONResponse:
        rebuilding = index.holder() is not None
        try:
            generation = assistant.generation
        except PullquoteError as error:
            facts = {"status": "unavailable", "reason": _why(error), "rebuilding": rebuilding}
            return JSONResponse(facts, status_code=503, headers=RETRY_AFTER)
        if generation.manifest.articles == 0:
            facts = {
                "status": "empty",
                "reason": "the index holds no articles",
                "generation": generation.name,
                "rebuilding": rebuilding,
            }
            return JSONResponse(facts, status_code=503, headers=RETRY_AFTER)
        if scheduler.is_stuck:
            facts = {
                "status": "stuck",
                "reason": "questions have not moved for longer than question_seconds",
                "generation": generation.name,
                "rebuilding": rebuilding,
            }
            return JSONResponse(facts, status_code=503, headers=RETRY_AFTER)
        status = "ok" if generation.damage is None else "degraded"
        return JSONResponse(
            {"status": status, "generation": generation.name, "rebuilding": rebuilding}
        )

    return Route(HEALTH, _Shared(look), methods=["GET"])


class _Shared:
    """Answers all who ask at the same time with one look, in a thread that is kept for it.

    So that many who ask take no more threads, nor longer, than one.
    """

    def __init__(self, look: Callable[[], JSONResponse]) -> None:
        self._look = look
        self._limiter: CapacityLimiter | None = None
        self._looking: asyncio.Task[JSONResponse] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._found())
        answer = await asyncio.shield(self._looking)
        await answer(scope, receive, send)

    async def _found(self) -> JSONResponse:
        if self._limiter is None:
            self._limiter = CapacityLimiter(1)
        return await run_sync(self._look, limiter=self._limiter)


def _why(error: PullquoteError) -> str:
    """What is wrong, in words that tell nothing of the machine."""
    if isinstance(error, IndexMissing):
        return "there is no index"
    if isinstance(error, IndexUnreachable):
        return "the server of the index cannot be reached"
    return "the index cannot be read; pullquote doctor says why"
