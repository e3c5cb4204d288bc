"""What every request passes before anything is done for it; what does not pass has its reason."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AsyncExitStack
from types import MappingProxyType

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pullquote.errors import Busy
from pullquote.web.access.allowed_hosts import AllowedHosts
from pullquote.web.access.allowed_paths import GRADIO, AllowedPaths
from pullquote.web.access.auth import Authenticator
from pullquote.web.access.bodies import Bodies, BodyTooLarge, ClientGone, TooManyBodies
from pullquote.web.access.health import HEALTH
from pullquote.web.access.retry import RETRY_AFTER, RETRY_SECONDS
from pullquote.web.gradio.api_calls import fault_of_call

_METHODS = frozenset(("GET", "HEAD", "POST", "OPTIONS", "DELETE"))

_WITH_BODY = frozenset(("POST",))
"""Methods whose requests bring something; bodies of the others are not read."""


class AccessMiddleware:
    """Lets requests in to open paths, called by our name, from our page, from whom we know.

    It reads the body before the application does, so that none is larger or slower than allowed.
    Bodies of the `streamed` paths, which say how large one may be, are left to the application.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        allowed_paths: AllowedPaths,
        allowed_hosts: AllowedHosts,
        authenticator: Authenticator,
        body_bytes: int,
        waiting: int,
        functions: Mapping[int, int] = MappingProxyType({}),
        streamed: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        self._app = app
        self._allowed_paths = allowed_paths
        self._allowed_hosts = allowed_hosts
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
        if scope["type"] != "http":  # a WebSocket, of which the chat has none
            await send({"type": "websocket.close", "code": 1008})
            return
        refusal = self._refusal(scope)
        if refusal is None and scope["path"] in self._streamed:
            await self._app(scope, receive, send)
            return
        async with AsyncExitStack() as held:  # the body counts until the application returns
            body = b""
            if refusal is None and scope["method"] in _WITH_BODY:
                reading = self._bodies.reading(receive, _client(scope))
                try:
                    body = await held.enter_async_context(reading)
                except ClientGone:
                    return
                except (TimeoutError, BodyTooLarge, TooManyBodies) as error:
                    refusal = self._refusal_of_arrived(error)
            if refusal is None:
                refusal = self._malformed(scope, body)
            if refusal is not None:
                refusal.headers["Connection"] = "close"  # what else is on its way is not read
                await refusal(scope, receive, send)
            else:
                await self._app(scope, _Replay(body, receive), _Polite(scope, send, self._busy))

    def _refusal_of_arrived(self, error: Exception) -> Response:
        """The response to a body that was not read to its end, by what stopped that."""
        if isinstance(error, TimeoutError):
            return PlainTextResponse("The request took too long to arrive.\n", 408)
        if isinstance(error, BodyTooLarge):
            return self._too_large(self._body_bytes)
        return _too_many_bodies()

    def _refusal(self, scope: Scope) -> Response | None:
        """Why a request is not let in, judged by its head."""
        headers = Headers(scope=scope)
        method, path = scope["method"], scope["path"]
        if not self._allowed_hosts.is_allowed(headers):
            return PlainTextResponse(
                "This server is not known by that name. The setting allowed_hosts adds names.\n",
                status_code=421,
            )
        if self._allowed_hosts.is_cross_site(headers, method):
            return PlainTextResponse("Pages of other sites may not ask here.\n", status_code=403)
        if not self._allowed_paths.allows(path):
            return PlainTextResponse("Not found\n", status_code=404)
        if method not in _METHODS or (path == HEALTH and method in _WITH_BODY):
            return PlainTextResponse("Method not allowed\n", status_code=405)
        if (
            path != HEALTH
            and (refusal := self._authenticator.refusal(headers, _client(scope))) is not None
        ):
            return refusal
        return self._refusal_of_body(headers, method, path)

    def _refusal_of_body(self, headers: Headers, method: str, path: str) -> Response | None:
        """Why a body is not taken, judged by what the head says of it."""
        if method not in _WITH_BODY and (_announced(headers) or "transfer-encoding" in headers):
            return PlainTextResponse(f"A {method} request has no body here.\n", status_code=400)
        most = self._streamed.get(path, self._body_bytes)
        return self._too_large(most) if _announced(headers) > most else None

    def _malformed(self, scope: Scope, body: bytes) -> Response | None:
        path = scope["path"]
        if body and path.startswith(GRADIO) and not _is_json(Headers(scope=scope)):
            # FastAPI repeats a body of another kind in its refusal, and breaks off at some bytes.
            detail = "A call is JSON: send it with Content-Type: application/json."
            return JSONResponse({"detail": detail}, status_code=422)
        fault = fault_of_call(path, body, functions=self._functions) if body else None
        return None if fault is None else JSONResponse({"detail": fault}, status_code=422)

    def _too_large(self, most: int) -> Response:
        detail = f"The request is larger than {most:,} bytes, the most that is taken."
        return JSONResponse({"detail": detail}, status_code=413)


def _client(scope: Scope) -> str:
    """The address that asks."""
    client = scope.get("client")
    return client[0] if client is not None else ""


def _too_many_bodies() -> Response:
    detail = (
        f"Too many large requests are being served already. Try again in {RETRY_SECONDS} seconds."
    )
    return JSONResponse({"detail": detail}, status_code=503, headers=RETRY_AFTER)


def _is_json(headers: Headers) -> bool:
    """Whether a request says that its body is JSON."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == "application/json"


def _announced(headers: Headers) -> float:
    """Bytes that a request says it has, 0 where it says nothing."""
    length = headers.get("content-length", "0")
    return float(length) if length.isdecimal() else float("inf")


class _Replay:
    """A `receive` that gives a body that was read already, then what comes after it."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> Message:
        """The next message."""
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}


def _says_when(message: Message) -> bool:
    """Whether the start of a response says when to ask again."""
    return "retry-after" in Headers(raw=list(message["headers"]))


class _Polite:
    """A `send` that says in our words that the queue is full, and when to ask again."""

    def __init__(self, scope: Scope, send: Send, said: str) -> None:
        self._said = said
        self._asks = scope["method"] == "POST"
        self._send = send
        self._replaced = False

    async def __call__(self, message: Message) -> None:
        """Pass one message on."""
        starts = message["type"] == "http.response.start"
        if starts and self._asks and message["status"] == 503 and not _says_when(message):
            self._replaced = True
            busy = JSONResponse({"detail": self._said}, status_code=503, headers=RETRY_AFTER)
            await self._send({**message, "headers": busy.raw_headers})
            await self._send({"type": "http.response.body", "body": busy.body})
        elif not self._replaced:
            await self._send(message)
