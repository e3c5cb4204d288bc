"""Starts what the settings ask for: the log and the metrics."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable, Collection, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import Headers
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pullquote.newsroom.assistant import Assistant
from pullquote.schema.errors import importing_extra
from pullquote.web.access.refusals import with_headers
from pullquote.web.gradio import GRADIO
from pullquote.web.monitoring.logs import RequestLog
from pullquote.web.monitoring.observed import Observer, Observers, RequestDone, StageLoad


@dataclass(frozen=True, slots=True)
class Monitoring:
    """The observers, and the routes at which their counts are read."""

    observers: Observers
    routes: tuple[Route, ...] = ()


def monitoring_of(
    assistant: Assistant,
    load: Callable[[], Mapping[str, StageLoad]],
    *,
    paths: Collection[str],
    probes: Collection[str],
) -> Monitoring:
    """The monitoring for one assistant. `paths` are counted one by one, `probes` are not logged.

    Raises:
        ExtraMissing: the settings ask for metrics, but the extra is not installed.
    """
    settings = assistant.settings
    observers, routes, unlogged = list[Observer](), list[Route](), set(probes)
    if settings.metrics:
        with importing_extra("metrics", what="The setting metrics"):
            from pullquote.web.monitoring.metrics import METRICS, Metrics  # noqa: PLC0415 - an extra
        counting = Metrics(assistant, load, [*paths, *probes], prefix=GRADIO)
        observers.append(counting)
        routes.append(counting.route)
        unlogged.add(METRICS)
    if settings.log != "off":
        questions = settings.log_questions
        observers.append(RequestLog(settings.log, questions=questions, unlogged=unlogged))
    return Monitoring(Observers(tuple(observers)), tuple(routes))


REQUEST_ID: Final = "X-Request-ID"

_GIVEN = re.compile(r"[A-Za-z0-9._:-]{1,64}")
"""Ids that are used as they were sent; others could forge lines of a log."""

_KEY = "pullquote.request_id"

_current: ContextVar[str | None] = ContextVar("request_id", default=None)


def begin_request(scope: Scope) -> str:
    """The id of a request that has arrived, which the current context then has."""
    given = Headers(scope=scope).get(REQUEST_ID, "")
    id = given if _GIVEN.fullmatch(given) else secrets.token_hex(8)
    scope[_KEY] = id
    _current.set(id)
    return id


def id_in(scope: Scope) -> str | None:
    """The id of the request with that scope."""
    found = scope.get(_KEY)
    return found if isinstance(found, str) else None


def current_id() -> str | None:
    """The id of the request that this task works for; None if it works for none."""
    return _current.get()


class Monitored:
    """The outermost middleware: every response has `X-Request-ID`."""

    def __init__(self, app: ASGIApp, observers: Observers) -> None:
        self._app = app
        self._observers = observers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, id, status = time.perf_counter(), begin_request(scope), 0

        async def noting_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, with_headers(noting_status, {REQUEST_ID: id}))
        finally:
            if self._observers:
                seconds = time.perf_counter() - began
                done = RequestDone(id, scope["method"], scope["path"], status, seconds)
                self._observers.request_done(done)
