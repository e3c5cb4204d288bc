"""Detects callers that have left, and limits the questions of one client.

Gradio (6.31) marks an event when its stream is closed, but lets its function run to the end. It
also runs events whose stream nobody opens. An MCP server does not check whether its
caller has left.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from contextvars import ContextVar
from types import MappingProxyType
from urllib.parse import parse_qs
from weakref import WeakSet

import gradio as gr
from gradio.context import LocalContext
from gradio.queueing import Event
from gradio.server_messages import UnexpectedErrorMessage
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pullquote.errors import Busy
from pullquote.web.access.networks import network_of
from pullquote.web.access.retry import RETRY_AFTER
from pullquote.web.monitoring.request_ids import current_id, id_in

STREAM_SECONDS = 5.0
"""How long the stream of an event may be closed before its caller counts as gone."""

_LONGEST_LOOK = 1.0
"""Seconds between two looks that count as silence; work looks four times a second."""

MIN_SHARE = 10
"""Questions that one client may always have in progress, even if `waiting` is lower."""
_EVENT = re.compile(r"/gradio_api/call/(?:v2/)?\w+/([^/]+)")
_ASKS = re.compile(r"/gradio_api/(?:queue/join|call/(?:v2/)?\w+)")
_QUESTION = re.compile(r"/gradio_api/call/(?:v2/)?ask")
_STREAM = "/gradio_api/queue/data"
_JOINING = "pullquote.joining"
"""The key of a request's scope by which its event is known."""

HasLeft = Callable[[], bool]
Refusal = Callable[[str], Response]
"""Makes the response that refuses a request for the reason given."""


class CallerWatch:
    """ASGI middleware before Gradio, the MCP server, the HTTP API and the pages beside the chat.

    `calls` are the paths of the MCP server and of the HTTP API. `posts` maps the paths of other
    POST requests that ask for work to their refusals. `pages` are paths of other requests that are
    tracked, too.

    It tracks which streams are open and which requests were aborted. At most `waiting` questions
    may wait: `check_room` raises Busy if another may not. A question that Gradio has let in is
    coming until it has its place, and then `arrives`. A client with half as many in progress, but
    at least `MIN_SHARE`, is refused; pages do not count.
    """

    def __init__(
        self,
        app: ASGIApp,
        chat: gr.Blocks,
        *,
        calls: Collection[str],
        waiting: int,
        posts: Mapping[str, Refusal] = MappingProxyType({}),
        pages: Collection[str] = (),
        check_room: Callable[[], None] = lambda: None,
    ) -> None:
        self._app = app
        self._chat = chat
        self._paths = frozenset(calls)
        self._posts = posts
        self._pages = frozenset(pages)
        self._check_room = check_room
        self._joining = set[object]()
        self._arrived = WeakSet[Event]()
        self._share = max(MIN_SHARE, waiting // 2)
        self._streams: Counter[str] = Counter()
        self._calls: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        path = scope.get("path", "")
        if (stream := _stream_of(scope, path)) is not None:
            await self._serve_stream(stream, scope, receive, send)
        elif path in self._paths:
            await self._serve_call(scope, receive, send, refuse=_too_many_questions)
        elif path in self._posts and scope["method"] == "POST":
            await self._serve_call(scope, receive, send, refuse=self._posts[path])
        elif path in self._pages:
            await self._serve_tracked(scope, receive, send)
        elif _ASKS.fullmatch(path) is not None:
            await self._serve_event(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def watch(self) -> HasLeft:
        """A function that returns whether the caller of the current task has left."""
        if (call := _call.get(None)) is not None:
            return call.left.is_set
        event = self._event()
        if event is None:
            return lambda: False
        looked, silent = event.enqueue_time, 0.0

        def has_left() -> bool:
            nonlocal looked, silent
            now = time.monotonic()
            # While the server was too busy to look, it could not open a stream either.
            silent += min(now - looked, _LONGEST_LOOK)
            looked = now
            if self._streams[event.session_hash] or self._streams[event._id]:
                silent = 0.0
            return not event.alive or silent > STREAM_SECONDS

        return has_left

    def client(self) -> str:
        """The address or network for which the current task works; "" if it is not known."""
        if (call := _call.get(None)) is not None:
            return call.client
        event = self._event()
        return "" if event is None else _client(event.request.scope)

    def coming(self) -> int:
        """The questions that Gradio has let in, and that have no place yet."""
        queue = self._chat._queue
        working = [event for job in queue.active_jobs if job is not None for event in job]
        on_the_way = [one for one in working if _is_question(one) and one not in self._arrived]
        begun = {one.request.scope.get(_JOINING) for one in queue.event_ids_to_events.values()}
        return len(self._joining - begun) + len(queue) + len(on_the_way)

    def arrives(self) -> bool:
        """Whether the current task's question was coming; now it has its place."""
        event = self._event()
        if event is None or not _is_question(event):
            return False
        self._arrived.add(event)
        return True

    def request_id(self) -> str | None:
        """The id of the request for which the current task works."""
        event = self._event()
        return current_id() if event is None else id_in(event.request.scope)

    def _event(self) -> Event | None:
        """The event of the chat for which the current task works."""
        event_id = LocalContext.event_id.get(None)
        return self._chat._queue.event_ids_to_events.get(event_id or "")

    def _has_full_share(self, client: str) -> bool:
        """Whether a client has as many questions in progress as it may have."""
        events = list(self._chat._queue.event_ids_to_events.values())
        asked = sum(_client(event.request.scope) == client for event in events)
        return asked + self._calls[client] >= self._share

    def _full(self) -> str:
        """Why a client that has its full share in progress is refused."""
        return (
            f"{self._share} questions from your address are in progress or waiting, the most that "
            "one address may have. Ask again when some have been answered."
        )

    async def _serve_stream(self, stream: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a stream, which counts as open until it ends."""
        if not self._is_known(stream):
            await _unknown_stream(scope["path"])(scope, receive, send)
            return
        self._streams[stream] += 1
        try:
            await self._app(scope, receive, send)
        finally:
            _count_down(self._streams, stream)

    def _is_known(self, stream: str) -> bool:
        """Whether a session or event with this name has messages; without them Gradio fails."""
        queue = self._chat._queue
        return (
            stream in queue.pending_messages_per_session
            or stream in queue.event_ids_to_events
            or any(stream in events for events in queue.pending_event_ids_session.values())
        )

    async def _serve_event(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request that starts an event, unless there is no place for it."""
        if self._has_full_share(_client(scope)):
            await _too_many_questions(self._full())(scope, receive, send)
            return
        asks = _QUESTION.fullmatch(scope["path"]) is not None
        try:
            if asks:
                self._check_room()
        except Busy as error:
            await _too_many_questions(str(error))(scope, receive, send)
            return
        token = object()
        if asks:
            self._joining.add(token)
        try:
            await self._app({**scope, _JOINING: token}, receive, send)
        finally:
            self._joining.discard(token)

    async def _serve_call(
        self, scope: Scope, receive: Receive, send: Send, *, refuse: Refusal
    ) -> None:
        """Serve a request that asks for work, unless its client has a full share in progress."""
        client = _client(scope)
        if self._has_full_share(client):
            await refuse(self._full())(scope, receive, send)
            return
        self._calls[client] += 1
        try:
            await self._serve_tracked(scope, receive, send)
        finally:
            _count_down(self._calls, client)

    async def _serve_tracked(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request whose work ends when its connection does."""
        call = _TrackedCall(_client(scope), receive)
        token = _call.set(call)
        try:
            if scope["method"] in ("GET", "HEAD"):  # their endpoints read no body
                await call.begin()
            await self._app(scope, call, send)
        finally:
            _call.reset(token)
            await call.close()


class _TrackedCall:
    """A `receive` that detects when the client leaves, even while nothing calls the `receive`."""

    def __init__(self, client: str, receive: Receive) -> None:
        self.client = client
        self.left = asyncio.Event()
        self._receive = receive
        self._first: Message | None = None
        self._watching: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """Detect from now on whether the client leaves; its first message is the next one."""
        self._first = await self()

    async def __call__(self) -> Message:
        """The next message."""
        if self._first is not None:
            message, self._first = self._first, None
            return message
        if self._watching is not None:
            await self.left.wait()
            return {"type": "http.disconnect"}
        message = await self._receive()
        if message["type"] == "http.disconnect":
            self.left.set()
        elif not message.get("more_body", False):
            self._watching = asyncio.create_task(self._watch())
        return message

    async def close(self) -> None:
        """Stop watching the connection."""
        if self._watching is not None:
            self._watching.cancel()
            with suppress(asyncio.CancelledError):
                await self._watching

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.left.set()


_call: ContextVar[_TrackedCall] = ContextVar("call")


def _is_question(event: Event) -> bool:
    """Whether an event is a question that had to find room before Gradio took it."""
    return _QUESTION.fullmatch(event.request.scope["path"]) is not None


def _client(scope: Scope) -> str:
    """The address or network under which a request is counted."""
    client = scope.get("client")
    return "" if client is None else network_of(client[0])


def _stream_of(scope: Scope, path: str) -> str | None:
    """The session or event whose stream a request opens."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return None
    if path == _STREAM:
        query = parse_qs(scope["query_string"].decode("latin-1"))
        return str(query.get("session_hash", [""])[0])
    found = _EVENT.fullmatch(path)
    return None if found is None else str(found[1])


def _count_down(counts: Counter[str], name: str) -> None:
    counts[name] -= 1
    if counts[name] <= 0:
        del counts[name]


def _unknown_stream(path: str) -> Response:
    """The stream for an unknown session or event. Gradio's own begins like it, and then fails."""
    if path == _STREAM:
        gone = "This answer is no longer available. Ask again."
        message = UnexpectedErrorMessage(message=gone, session_not_found=True)
        text = f"data: {json.dumps(message.model_dump(mode='json'))}"
    else:
        gone = "There is no event with this id: it was cancelled, or its answer fetched. Ask again."
        text = f"event: error\ndata: {json.dumps(gone)}"
    return Response(f"{text}\n\n", media_type="text/event-stream")


def _too_many_questions(detail: str) -> Response:
    """The refusal of another question."""
    return JSONResponse({"detail": detail}, status_code=503, headers=RETRY_AFTER)
