"""The web application: Gradio and the other routes behind access checks and security headers."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from urllib.parse import unquote_to_bytes

import gradio as gr
from anyio.to_thread import run_sync
from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pullquote import terminal
from pullquote.assistant import Assistant
from pullquote.web.access.allowed_hosts import AllowedHosts
from pullquote.web.access.allowed_paths import AllowedPaths
from pullquote.web.access.auth import Authenticator
from pullquote.web.access.health import HEALTH, health_route
from pullquote.web.access.middleware import AccessMiddleware
from pullquote.web.access.networks import Networks
from pullquote.web.access.proxies import Proxies
from pullquote.web.access.shares import ShareByAddress
from pullquote.web.api.mcp_server import MCP_PATH, McpRoutes, mcp_routes
from pullquote.web.check import CheckPages
from pullquote.web.conversation_routes import conversation_routes
from pullquote.web.corpus import CorpusPage
from pullquote.web.corpus.rebuild_job import RebuildJob
from pullquote.web.corpus.rebuild_panel import rebuild_status
from pullquote.web.corpus.routes import may_rebuild
from pullquote.web.evidence import VerifyPage, evidence_routes
from pullquote.web.gradio.chat import build_chat
from pullquote.web.gradio.queue import set_up_queue
from pullquote.web.gradio.sessions import MOST_SESSIONS, forgetting
from pullquote.web.gradio.theme import newsprint
from pullquote.web.grid import GridPages
from pullquote.web.http_api.app import API, API_CALLS, API_DOCUMENT, api_mount
from pullquote.web.http_api.problems import ProblemResponses
from pullquote.web.liveness import CallerWatch
from pullquote.web.page_images import page_image_route
from pullquote.web.pages import PageGroup
from pullquote.web.scheduler import Scheduler
from pullquote.web.speakers import SpeakerPages
from pullquote.web.static_files import STYLES, page_head, page_routes, style
from pullquote.web.unready_route import unready_route
from pullquote.web.views.chat_views import ChatViews
from pullquote.web.views.unready import RebuildStatus, UnreadyView
from pullquote.web.watchlist.routes import WatchlistPage

GRADIO_EVENTS = 40
"""Events that Gradio processes at a time, besides the questions that wait for the reader."""

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

_INLINE = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
_GRADIO_TAGS = re.compile(
    rb"""\s*<(?:meta\s+(?:property="og:|name="twitter:)|link\s+rel="manifest")[^>]*>"""
)
"""Gradio's link previews, which name other hosts, and its link to a manifest that is not served."""


def build_app(assistant: Assistant, rebuild_job: RebuildJob) -> ASGIApp:
    """The whole web application for one assistant, whose index `rebuild_job` brings up to date."""
    settings = assistant.settings
    scheduler = Scheduler(waiting=settings.waiting, seconds=settings.question_seconds)
    can_retry = may_rebuild(settings)

    def status() -> RebuildStatus:
        return rebuild_status(rebuild_job.state, can_retry=can_retry)

    views = ChatViews(assistant, status)
    chat = build_chat(assistant, scheduler, views)
    chat.max_threads = settings.waiting + GRADIO_EVENTS
    set_up_queue(chat, most=max(1, settings.waiting))
    chat.state_session_capacity = MOST_SESSIONS
    corpus = CorpusPage(assistant, rebuild_job)
    check = CheckPages(assistant, scheduler, UnreadyView(assistant, status))
    watchlist = WatchlistPage(
        assistant, may_change=can_retry, is_updating=lambda: rebuild_job.is_running
    )
    rebuild_job.then(watchlist.index_changed)
    grids = GridPages(assistant, scheduler)
    verify = VerifyPage(lambda: assistant.generation, scheduler)
    groups: Sequence[PageGroup]
    groups = (corpus, SpeakerPages(assistant), check, watchlist, grids, verify)
    most = settings.body_bytes // 2
    own = [
        *page_routes(),
        unready_route(views.unready),
        *(route for group in groups for route in group.routes),
        *conversation_routes(views.may_be_shown, most=most),
        page_image_route(assistant, scheduler),
        *evidence_routes(assistant, scheduler, views.may_be_shown, most=most),
    ]
    health = health_route(assistant, scheduler, is_rebuilding=lambda: rebuild_job.is_running)
    mcp = mcp_routes(assistant, scheduler)
    api = api_mount(assistant, scheduler, corpus.catalog)
    extra = _extra_routes(chat, [group.close for group in groups], mcp, [health, *own, api])
    app = gr.mount_gradio_app(
        extra,
        chat,
        path="",
        theme=newsprint(),
        css=style(*STYLES),
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        pwa=False,
        ssr_mode=False,
        mcp_server=False,
    )
    head = page_head("connection", "problem", "stream")
    beside = [path for group in groups for path in group.paths]
    pages = {f"/{page[0]}": head for page in chat.pages} | dict.fromkeys(beside, page_head())
    watch = CallerWatch(
        app,
        chat,
        calls=[MCP_PATH, *API_CALLS],
        waiting=settings.waiting,
        posts={**check.posts, **grids.posts},
    )
    scheduler.watch_caller = watch.watch
    middleware = AccessMiddleware(
        watch,
        allowed_paths=AllowedPaths(
            [HEALTH, MCP_PATH, API_DOCUMENT, *API_CALLS, *pages, *(route.path for route in own)]
        ),
        allowed_hosts=AllowedHosts(settings.host, settings.allowed_hosts),
        authenticator=Authenticator(settings),
        body_bytes=settings.body_bytes,
        waiting=settings.waiting,
        functions={number: len(one.inputs) for number, one in chat.fns.items()},
        streamed={**corpus.streamed, **check.streamed, **verify.streamed},
    )
    proxies = Proxies(
        middleware,
        trusted=Networks(settings.trusted_proxies),
        user_header=settings.proxy_header,
        counts=ShareByAddress(settings.connections_per_address),
        warn=_warn_of_proxy,
    )
    problems = ProblemResponses(proxies, below=API)
    return SecurityHeaders(problems, pages, forms=frozenset(beside), api=API_CALLS)


def _warn_of_proxy(address: str) -> None:
    terminal.err.print(
        f"A request from {address} had the header X-Forwarded-For, which was ignored. If your "
        "proxy has that address, name it in trusted_proxies "
        f"(PULLQUOTE_TRUSTED_PROXIES={address}).",
        soft_wrap=True,
        markup=False,
    )


def _extra_routes(
    chat: gr.Blocks, ending: Iterable[Callable[[], None]], mcp: McpRoutes, own: Sequence[BaseRoute]
) -> FastAPI:
    """The routes besides the chat: our own pages and files, the health check and the MCP server.

    When the server stops, the functions `ending` are called.
    """

    @asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        async with mcp.running(), forgetting(chat):
            yield
        for end in ending:
            await run_sync(end)

    return FastAPI(openapi_url=None, routes=[*own, *mcp.routes], lifespan=running)


def content_security_policy(page: bytes = b"", *, forms: bool = False) -> str:
    """The policy of a page: it allows this host, the page's scripts, and forms if `forms` is true.

    The policy lists the inline scripts of `page` by their SHA-256, so no other inline script and
    no event handler in an attribute runs. 'unsafe-eval' is allowed because Gradio compiles the
    template of every gr.HTML in the browser. By itself it does not turn text into scripts.
    """
    hashes = (base64.b64encode(hashlib.sha256(s).digest()) for s in _INLINE.findall(page))
    own = " ".join(f"'sha256-{digest.decode()}'" for digest in hashes)
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' 'unsafe-eval' {own}".rstrip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "object-src 'none'",
            "frame-src 'none'",
            "base-uri 'self'",
            "form-action 'self'" if forms else "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )


class SecurityHeaders:
    """Adds security headers to every response. A page also gets a policy for its own scripts.

    `pages` maps the path of each page to what is added to its head. `forms` are the paths of
    pages with a form, and `api` those of the HTTP API.
    """

    def __init__(
        self,
        app: ASGIApp,
        pages: Mapping[str, bytes],
        *,
        forms: Collection[str] = (),
        api: Collection[str] = (),
    ) -> None:
        self._app = app
        self._pages = pages
        self._forms = forms
        self._own = frozenset((*forms, *api))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        else:
            # The page is hashed here, so it must not be compressed.
            headers = [h for h in scope["headers"] if h[0] != b"accept-encoding"]
            if scope["path"] not in self._own:
                scope = {**scope, "query_string": _without_page(scope["query_string"])}
            head = self._pages.get(scope["path"])
            if head is None:
                await self._app(scope, receive, _with_headers(send))
                return
            page = _PageResponse(send, head, forms=scope["path"] in self._forms)
            await self._app({**scope, "headers": headers}, receive, page)


def _without_page(query: bytes) -> bytes:
    """The query string without `page`: Gradio (6.31) fails on a page that it does not have.

    The chat has only one page, so its own addresses never have this field.
    """
    fields = query.split(b"&")
    return b"&".join(f for f in fields if unquote_to_bytes(f.partition(b"=")[0]) != b"page")


class _PageResponse:
    """A `send` that collects a whole HTML response, then sends it with its own policy."""

    def __init__(self, send: Send, head: bytes, *, forms: bool) -> None:
        self._send = send
        self._head = head
        self._forms = forms
        self._start: Message = {}
        self._body = b""

    async def __call__(self, message: Message) -> None:
        """Take one message of the response."""
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        if message.get("more_body", False):
            return
        body = _GRADIO_TAGS.sub(b"", self._body).replace(b"</head>", self._head + b"</head>", 1)
        headers = MutableHeaders(raw=list(self._start["headers"]))
        if "content-length" in headers:
            headers["content-length"] = str(len(body))
        policy = content_security_policy(body, forms=self._forms)
        send = _with_headers(self._send, policy=policy)
        await send({**self._start, "headers": headers.raw})
        await send({**message, "body": body})


def _with_headers(send: Send, *, policy: str = content_security_policy()) -> Send:
    """A `send` that adds the security headers."""

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=list(message["headers"]))
            headers.update({**_HEADERS, "Content-Security-Policy": policy})
            message = {**message, "headers": headers.raw}
        await send(message)

    return send_with_headers
