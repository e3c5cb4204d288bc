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
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import parse_qs
from weakref import WeakKeyDictionary, WeakSet

import gradio as gr
from gradio.context import LocalContext
from gradio.queueing import Event
from gradio.server_messages import UnexpectedErrorMessage
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pullquote.schema.errors import Busy
from pullquote.web.access.networks import network_of
from pullquote.web.access.refusals import RETRY_AFTER, retry_after
from pullquote.web.monitoring.monitoring import current_id, id_in
from pullquote.web.pages import Refusal
from pullquote.web.slots import ShareTaken

STREAM_SECONDS = 5.0
"""How long the stream of an event may be closed before its caller counts as gone."""

_LONGEST_LOOK = 1.0
"""Seconds between two looks that count as silence; work looks four times a second."""

MIN_SHARE = 10
"""Questions that one client may always have in progress, even if `waiting` is lower."""
_EVENT = re.compile(r"/gradio_api/call/(?:v2/)?\w+/([^/]+)")
_KIND = re.compile(r"/gradio_api/(?:queue/|call/(?:v2/)?)(\w+)")
"""The paths of requests that start an event, and the kind of the event."""

PAGE_EVENT = "join"
"""The kind of all events of the page; the others have the names of the endpoints."""

QUESTION = "ask"
"""The kind of the questions of programs, which have their room in the scheduler."""

_STREAM = "/gradio_api/queue/data"
_JOINING = "pullquote.joining"
"""The key of a request's scope by which its event is known."""

HasLeft = Callable[[], bool]


class CallerWatch:
    """ASGI middleware before Gradio, the MCP server, the HTTP API and the pages beside the chat.

    `calls` are the paths of the MCP server and of the HTTP API. `posts` maps the paths of other
    POST requests that ask for work to their refusals. `pages` are paths of other requests that are
    tracked, too.

    It tracks which streams are open and which requests were aborted. At most `waiting` questions
    may wait: `check_room` raises Busy if another of a client may not. A question that Gradio has
    let in is coming until it has its place, and then `arrives`. A client with half as many in
    progress, but at least `MIN_SHARE`, is refused; pages do not count.

    Of the events of each kind, as many may be in progress as `rooms` says, half of them from one
    client. So Gradio has a worker for each, and nothing waits in its own queue, which has no turns.
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
        rooms: Mapping[str, int] = MappingProxyType({}),
        check_room: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._app = app
        self._chat = chat
        self._paths = frozenset(calls)
        self._posts = posts
        self._pages = frozenset(pages)
        self._rooms = rooms
        self._check_room = check_room
        self._joining = dict[object, Scope]()
        self._arrived = WeakSet[Event]()
        self._silences = WeakKeyDictionary[Event, _Silence]()
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
        elif _kind(scope):
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
        # One for all stages of the work: whoever is silent in the first is soon gone in the next.
        silence = self._silences.setdefault(event, _Silence(event.enqueue_time))

        def has_left() -> bool:
            is_open = bool(self._streams[event.session_hash] or self._streams[event._id])
            return not event.alive or silence.seconds(is_open=is_open) > STREAM_SECONDS

        return has_left

    def client(self) -> str:
        """The address or network for which the current task works; "" if it is not known."""
        if (call := _call.get(None)) is not None:
            return call.client
        event = self._event()
        return "" if event is None else _client(event.request.scope)

    def coming(self) -> Counter[str]:
        """For each client, the questions that Gradio has let in, and that have no place yet."""
        arrived = {one.request.scope.get(_JOINING) for one in self._arrived}
        return Counter(
            _client(scope)
            for token, scope in self._events().items()
            if _kind(scope) == QUESTION and token not in arrived
        )

    def arrives(self) -> bool:
        """Whether the current task's question was coming; now it has its place."""
        event = self._event()
        if event is None or _kind(event.request.scope) != QUESTION:
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

    def _events(self) -> dict[object, Scope]:
        """The requests whose events are in progress or joining, by the objects that mark them."""
        events = list(self._chat._queue.event_ids_to_events.values())
        scopes = [event.request.scope for event in events]
        return self._joining | {scope[_JOINING]: scope for scope in scopes}

    def _has_full_share(self, client: str) -> bool:
        """Whether a client has as many questions in progress as it may have."""
        asked = sum(_client(scope) == client for scope in self._events().values())
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
        client, kind = _client(scope), _kind(scope)
        if self._has_full_share(client):
            await _too_many_questions(self._full())(scope, receive, send)
            return
        try:
            self._check_kind(kind, client)
            if kind == QUESTION:
                self._check_room(client)
        except Busy as error:
            await _too_many_questions(str(error), retry_after(error))(scope, receive, send)
            return
        token = object()
        self._joining[token] = marked = {**scope, _JOINING: token}
        try:
            await self._app(marked, receive, send)
        finally:
            del self._joining[token]

    def _check_kind(self, kind: str, client: str) -> None:
        """Check that another event of a kind and a client may be in progress.

        Raises:
            ShareTaken: the client has half of as many as there may be, but at least `MIN_SHARE`.
            Busy: as many as may be are in progress.
        """
        if (room := self._rooms.get(kind)) is None:
            return
        clients = Counter(_client(one) for one in self._events().values() if _kind(one) == kind)
        share = max(MIN_SHARE, room // 2)
        if clients[client] >= share:
            raise ShareTaken(share)
        if clients.total() >= room:
            raise Busy(room)

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


@dataclass(slots=True)
class _Silence:
    """For how long the stream of an event has been closed, as far as the server could look."""

    looked: float
    silent: float = 0.0

    def seconds(self, *, is_open: bool) -> float:
        """For how long it is closed now."""
        now = time.monotonic()
        # While the server was too busy to look, it could not open a stream either.
        self.silent = 0.0 if is_open else self.silent + min(now - self.looked, _LONGEST_LOOK)
        self.looked = now
        return self.silent


_call: ContextVar[_TrackedCall] = ContextVar("call")


def _kind(scope: Scope) -> str:
    """The kind of the event that a request starts; "" if it starts none."""
    found = _KIND.fullmatch(scope.get("path", ""))
    return "" if found is None or scope.get("method") != "POST" else found[1]


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


def _too_many_questions(detail: str, headers: Mapping[str, str] = RETRY_AFTER) -> Response:
    return JSONResponse({"detail": detail}, status_code=503, headers=headers)
