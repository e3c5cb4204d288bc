"""`/healthz` and `/readyz`: the checks for monitoring and load balancers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from pullquote.index import OpenGeneration
from pullquote.index.services import index_of
from pullquote.newsroom.assistant import Assistant
from pullquote.schema.errors import IndexMissing, IndexUnreachable, PullquoteError
from pullquote.web.access.refusals import RETRY_AFTER
from pullquote.web.scheduler import Scheduler

HEALTH = "/healthz"
READY = "/readyz"

PROBES = frozenset((HEALTH, READY))
"""The checks need no password, so they reveal nothing about the corpus or the machine's paths."""


def health_route(
    assistant: Assistant, scheduler: Scheduler, *, is_rebuilding: Callable[[], bool]
) -> Route:
    """The route that checks an assistant and its scheduler.

    `is_rebuilding` says whether this process rebuilds the index; another process may do so too.
    """
    index = index_of(assistant.settings)

    def check() -> JSONResponse:
        rebuilding = is_rebuilding() or index.lock_holder() is not None
        try:
            generation = assistant.generation
        except PullquoteError as error:
            return _not_served("unavailable", _reason(error), rebuilding=rebuilding)
        facts = {"generation": generation.name, "rebuilding": rebuilding}
        if generation.manifest.articles == 0:
            return _not_served("empty", "the index has no articles", **facts)
        if scheduler.is_stuck:
            reason = "no question has made progress for question_seconds"
            return _not_served("stuck", reason, **facts)
        return JSONResponse(
            {
                **_degradation(generation, scheduler.stuck_stages),
                "generation": generation.name,
                "complete": generation.manifest.progress is None,
                "rebuilding": rebuilding,
            }
        )

    return Route(HEALTH, _SharedCheck(check), methods=["GET"])


def ready_route(assistant: Assistant) -> Route:
    """The route that says whether an index can be opened, so that questions may be sent here."""

    def check() -> JSONResponse:
        try:
            name = assistant.generation.name
        except PullquoteError as error:
            return _not_served("not ready", _reason(error))
        return JSONResponse({"status": "ready", "generation": name})

    return Route(READY, _SharedCheck(check), methods=["GET"])


def _not_served(status: str, reason: str, **facts: object) -> JSONResponse:
    content = {"status": status, "reason": reason, **facts}
    return JSONResponse(content, status_code=503, headers=RETRY_AFTER)


def _degradation(generation: OpenGeneration, stuck: Sequence[str]) -> Mapping[str, str]:
    """The status of a server that answers questions, and the reason if it cannot do all else."""
    if generation.damage is not None:
        return {"status": "degraded", "reason": "the current generation is damaged"}
    if stuck:
        stages = " and ".join(stuck)
        return {
            "status": "degraded",
            "reason": f"work does not end after question_seconds in the stage {stages}",
        }
    return {"status": "ok"}


class _SharedCheck:
    """Answers simultaneous requests with one check, in a thread of its own.

    This way, many requests take no more threads or time than one.
    """

    def __init__(self, check: Callable[[], JSONResponse]) -> None:
        self._check = check
        self._limiter: CapacityLimiter | None = None
        self._running: asyncio.Task[JSONResponse] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run())
        answer = await asyncio.shield(self._running)
        await answer(scope, receive, send)

    async def _run(self) -> JSONResponse:
        if self._limiter is None:
            self._limiter = CapacityLimiter(1)
        return await run_sync(self._check, limiter=self._limiter)


def _reason(error: PullquoteError) -> str:
    """The reason in words that reveal nothing about the machine."""
    if isinstance(error, IndexMissing):
        return "there is no index"
    if isinstance(error, IndexUnreachable):
        return "the server of the index cannot be reached"
    return "the index cannot be read; run pullquote doctor to see why"
