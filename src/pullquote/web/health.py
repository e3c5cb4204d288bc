"""`/healthz`: whether questions are answered, for whoever watches over the server."""

from __future__ import annotations

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from pullquote.assistant import Assistant
from pullquote.errors import IndexMissing, IndexUnreachable, PullquoteError
from pullquote.upkeep import index_of
from pullquote.web.desk import Desk

HEALTH = "/healthz"
"""Asks for no password, so that it says nothing of the corpus and no place on the machine."""


def health_route(assistant: Assistant, desk: Desk) -> Route:
    """The route, over one assistant and who works for it."""
    index = index_of(assistant.settings)
    limiter = CapacityLimiter(2)  # threads of its own, so that it answers while all others work

    def look() -> JSONResponse:
        rebuilding = index.holder() is not None
        try:
            generation = assistant.generation
        except PullquoteError as error:
            facts = {"status": "unavailable", "reason": _why(error), "rebuilding": rebuilding}
            return JSONResponse(facts, status_code=503)
        if generation.manifest.articles == 0:
            facts = {
                "status": "empty",
                "reason": "the index holds no articles",
                "generation": generation.name,
                "rebuilding": rebuilding,
            }
            return JSONResponse(facts, status_code=503)
        if desk.is_stuck:
            facts = {
                "status": "stuck",
                "reason": "questions have not moved for longer than question_seconds",
                "generation": generation.name,
                "rebuilding": rebuilding,
            }
            return JSONResponse(facts, status_code=503)
        status = "ok" if generation.damage is None else "degraded"
        return JSONResponse(
            {"status": status, "generation": generation.name, "rebuilding": rebuilding}
        )

    async def healthz(_: Request) -> JSONResponse:
        return await run_sync(look, limiter=limiter)

    return Route(HEALTH, healthz, methods=["GET"])


def _why(error: PullquoteError) -> str:
    """What is wrong, in words that tell nothing of the machine."""
    if isinstance(error, IndexMissing):
        return "there is no index"
    if isinstance(error, IndexUnreachable):
        return "the server of the index cannot be reached"
    return "the index cannot be read; pullquote doctor says why"
