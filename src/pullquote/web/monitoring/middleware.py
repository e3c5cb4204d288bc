"""ASGI middleware that gives each request its id, and tells the observers how it was answered."""

from __future__ import annotations

import time

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pullquote.web.monitoring.observed import Observers, RequestDone
from pullquote.web.monitoring.request_ids import REQUEST_ID, begin_request


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

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(raw=list(message["headers"]))
                headers[REQUEST_ID] = id
                message = {**message, "headers": headers.raw}
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        finally:
            if self._observers:
                seconds = time.perf_counter() - began
                done = RequestDone(id, scope["method"], scope["path"], status, seconds)
                self._observers.request_done(done)
