"""The access middleware: checks every request before the application sees it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AsyncExitStack
from types import MappingProxyType

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pullquote.schema.errors import Busy
from pullquote.web.access.allowed import AllowedHosts, AllowedMethods, AllowedPaths
from pullquote.web.access.auth import Authenticator
from pullquote.web.access.bodies import Bodies, BodyTooLarge, ClientGone, TooManyBodies
from pullquote.web.access.health import PROBES
from pullquote.web.access.refusals import RETRY_AFTER, RETRY_SECONDS
from pullquote.web.gradio import GRADIO
from pullquote.web.gradio.api_calls import fault_of_call
from pullquote.web.pages import render

_WITH_BODY = frozenset(("POST",))
"""Methods whose requests may have a body; with any other method, a body is refused."""


class AccessMiddleware:
    """Checks path, host, origin, method, user and body of every request.

    It reads the body before the application does, so that no body is larger or slower than
    allowed. `streamed` maps the paths whose bodies the application reads itself to their largest
    sizes. `functions` maps the number of each Gradio function to its number of inputs.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        allowed_paths: AllowedPaths,
        allowed_hosts: AllowedHosts,
        allowed_methods: AllowedMethods,
        authenticator: Authenticator,
        body_bytes: int,
        waiting: int,
        functions: Mapping[int, int] = MappingProxyType({}),
        streamed: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        self._app = app
        self._allowed_paths = allowed_paths
        self._allowed_hosts = allowed_hosts
        self._allowed_methods = allowed_methods
        self._authenticator = authenticator
        self._body_bytes = body_bytes
        self._bodies = Bodies(body_bytes)
        self._busy = str(Busy(waiting))
        self._functions = functions
        self._streamed = streamed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # a WebSocket; the chat uses none
            await send({"type": "websocket.close", "code": 1008})
            return
        refusal = self._refusal(scope)
        if refusal is None:
            method = self._allowed_methods.routed(scope["path"], scope["method"])
            scope = {**scope, "method": method}  # the server leaves the body of a HEAD out
        if refusal is None and scope["path"] in self._streamed:
            await self._app(scope, receive, send)
            return
        async with AsyncExitStack() as stack:  # the body is counted until the application returns
            body = b""
            if refusal is None and scope["method"] in _WITH_BODY:
                reading = self._bodies.reading(receive, _client(scope))
                try:
                    body = await stack.enter_async_context(reading)
                except ClientGone:
                    return
                except (TimeoutError, BodyTooLarge, TooManyBodies) as error:
                    refusal = self._refusal_of_read(error)
            if refusal is None:
                refusal = self._malformed(scope, body)
            if refusal is not None:
                refusal.headers["Connection"] = "close"  # the rest of the body is not read
                await refusal(scope, receive, send)
            else:
                send = _QueueFullSend(scope, send, self._busy)
                await self._app(scope, _ReplayedBody(body, receive), send)

    def _refusal_of_read(self, error: Exception) -> Response:
        """The response to a body that was not read to its end."""
        if isinstance(error, TimeoutError):
            return PlainTextResponse("The request took too long to arrive.\n", 408)
        if isinstance(error, BodyTooLarge):
            return self._too_large(self._body_bytes)
        return _too_many_bodies()

    def _refusal(self, scope: Scope) -> Response | None:
        """The response that refuses a request because of its head; None if it is allowed."""
        headers = Headers(scope=scope)
        method, path = scope["method"], scope["path"]
        if not self._allowed_hosts.is_allowed(headers):
            return PlainTextResponse(
                "This server does not have that name. To add it, use the setting allowed_hosts.\n",
                status_code=421,
            )
        if self._allowed_hosts.is_cross_site(headers, method):
            return PlainTextResponse(
                "Pages of other sites may not send requests.\n", status_code=403
            )
        if not self._allowed_paths.allows(path):
            return self._not_found(headers, method, path, _client(scope))
        if (
            path not in PROBES
            and (refusal := self._authenticator.refusal(headers, _client(scope))) is not None
        ):
            return refusal
        if (allow := self._allowed_methods.refused(path, method)) is not None:
            text = f"This address does not take {method:.20}, only {allow}.\n"
            return PlainTextResponse(text, status_code=405, headers={"Allow": allow})
        return self._refusal_of_body(headers, method, path)

    def _not_found(self, headers: Headers, method: str, path: str, client: str) -> Response:
        """A page for people who may use the chat, and one line for everyone else."""
        page = method == "GET" and "text/html" in headers.get("accept", "")
        if not page or path.startswith(GRADIO) or self._authenticator.refusal(headers, client):
            return PlainTextResponse("Not found\n", status_code=404)
        root = "../" * (path.count("/") - 1)
        return HTMLResponse(render("not_found.html", "page", root), status_code=404)

    def _refusal_of_body(self, headers: Headers, method: str, path: str) -> Response | None:
        """The response that refuses a body because of its headers; None if it is allowed."""
        length = _content_length(headers)
        if method not in _WITH_BODY and (length or "transfer-encoding" in headers):
            return PlainTextResponse(f"A {method} request may not have a body.\n", status_code=400)
        most = self._streamed.get(path, self._body_bytes)
        return self._too_large(most) if length > most else None

    def _malformed(self, scope: Scope, body: bytes) -> Response | None:
        path = scope["path"]
        if body and path.startswith(GRADIO) and not _is_json(Headers(scope=scope)):
            # FastAPI repeats a body of another type in its refusal, and fails on some bytes.
            detail = "A call must be JSON: send it with Content-Type: application/json."
            return JSONResponse({"detail": detail}, status_code=422)
        fault = fault_of_call(path, body, functions=self._functions) if body else None
        return None if fault is None else JSONResponse({"detail": fault}, status_code=422)

    def _too_large(self, most: int) -> Response:
        detail = f"The request is larger than the limit of {most:,} bytes."
        return JSONResponse({"detail": detail}, status_code=413)


def _client(scope: Scope) -> str:
    client = scope.get("client")
    return client[0] if client is not None else ""


def _too_many_bodies() -> Response:
    detail = (
        f"Too many large requests are being served already. Try again in {RETRY_SECONDS} seconds."
    )
    return JSONResponse({"detail": detail}, status_code=503, headers=RETRY_AFTER)


def _is_json(headers: Headers) -> bool:
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == "application/json"


def _content_length(headers: Headers) -> float:
    """The `Content-Length`: 0 if it is missing, infinite if it is not a number."""
    length = headers.get("content-length", "0")
    return float(length) if length.isdecimal() else float("inf")


class _ReplayedBody:
    """A `receive` that first returns a body that was read before, and then any later messages."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> Message:
        """The next message."""
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}


def _has_retry_after(message: Message) -> bool:
    return "retry-after" in Headers(raw=list(message["headers"]))


class _QueueFullSend:
    """A `send` that replaces Gradio's response to a full queue with `text` and `Retry-After`."""

    def __init__(self, scope: Scope, send: Send, text: str) -> None:
        self._text = text
        self._is_post = scope["method"] == "POST"
        self._send = send
        self._replaced = False

    async def __call__(self, message: Message) -> None:
        """Pass one message on."""
        starts = message["type"] == "http.response.start"
        if starts and self._is_post and message["status"] == 503 and not _has_retry_after(message):
            self._replaced = True
            busy = JSONResponse({"detail": self._text}, status_code=503, headers=RETRY_AFTER)
            await self._send({**message, "headers": busy.raw_headers})
            await self._send({"type": "http.response.body", "body": busy.body})
        elif not self._replaced:
            await self._send(message)
