"""The web application: Gradio and the other routes behind access checks and security headers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager

import gradio as gr
from anyio.to_thread import run_sync
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from pullquote.base import console
from pullquote.newsroom.assistant import Assistant
from pullquote.schema.errors import Busy, RequestGivenUp
from pullquote.web.access.allowed import AllowedHosts, AllowedMethods, AllowedPaths
from pullquote.web.access.auth import Authenticator
from pullquote.web.access.health import PROBES, health_route, ready_route
from pullquote.web.access.middleware import AccessMiddleware
from pullquote.web.access.networks import Networks, ShareByAddress
from pullquote.web.access.proxies import Proxies
from pullquote.web.access.refusals import refusal, retry_after
from pullquote.web.api.endpoints import ENDPOINT_NAMES
from pullquote.web.api.mcp_server import MCP_PATH, McpRoutes, mcp_routes
from pullquote.web.conversation_routes import conversation_routes
from pullquote.web.corpus.rebuild_job import RebuildJob
from pullquote.web.corpus.rebuild_panel import rebuild_status
from pullquote.web.corpus.routes import may_rebuild
from pullquote.web.current_catalog import CurrentCatalog
from pullquote.web.evidence import EVIDENCE_POSTS, evidence_routes
from pullquote.web.gradio.chat import build_chat
from pullquote.web.gradio.queue import MOST_SESSIONS, forgetting, set_up_queue
from pullquote.web.gradio.theme import newsprint
from pullquote.web.http_api.app import API, API_CALLS, API_DOCUMENT, api_mount
from pullquote.web.http_api.problems import ProblemResponses
from pullquote.web.liveness import PAGE_EVENT, QUESTION, CallerWatch
from pullquote.web.monitoring.monitoring import Monitored, monitoring_of
from pullquote.web.page_images import page_image_route
from pullquote.web.pages import (
    STYLES,
    Application,
    answer,
    page_groups,
    page_head,
    page_routes,
    style,
)
from pullquote.web.scheduler import Scheduler
from pullquote.web.security_headers import SecurityHeaders
from pullquote.web.slots import CallerLeft
from pullquote.web.views.chat_views import ChatViews
from pullquote.web.views.unready import RebuildStatus

UNREADY = "/unready"


GRADIO_EVENTS = 40
"""Events of each kind that may be in progress, besides the questions that wait for the reader."""


def build_app(assistant: Assistant, rebuild_job: RebuildJob) -> ASGIApp:
    """The whole web application for one assistant, whose index `rebuild_job` brings up to date."""
    settings = assistant.settings
    scheduler = Scheduler(waiting=settings.waiting, seconds=settings.question_seconds)
    can_retry = may_rebuild(settings)

    def status() -> RebuildStatus:
        return rebuild_status(rebuild_job.state, can_retry=can_retry)

    views = ChatViews(assistant, status)
    chat = build_chat(assistant, scheduler, views)
    rooms = {name: GRADIO_EVENTS for name in ENDPOINT_NAMES if name != QUESTION}
    rooms[PAGE_EVENT] = settings.waiting + GRADIO_EVENTS
    chat.max_threads = sum(rooms.values()) + settings.waiting + GRADIO_EVENTS
    set_up_queue(chat, most=chat.max_threads)
    chat.state_session_capacity = MOST_SESSIONS
    application = Application(
        assistant=assistant,
        scheduler=scheduler,
        rebuild_job=rebuild_job,
        status=status,
        catalog=CurrentCatalog(assistant),
    )
    groups = [group.open(application) for group in page_groups()]

    async def get_unready(_: Request) -> Response:
        html = await scheduler.show(views.unready)
        return Response(status_code=204) if html is None else answer(html)

    most = settings.body_bytes // 2
    own = [
        *page_routes(),
        Route(UNREADY, get_unready, methods=["GET"]),
        *(route for group in groups for route in group.routes),
        *conversation_routes(scheduler, views.may_be_shown, most=most),
        page_image_route(assistant, scheduler),
        *evidence_routes(assistant, scheduler, views.may_be_shown, most=most),
    ]
    probes = [
        health_route(assistant, scheduler, is_rebuilding=lambda: rebuild_job.is_running),
        ready_route(assistant),
    ]
    counted = [MCP_PATH, *API_CALLS, *(route.path for route in own)]
    monitoring = monitoring_of(assistant, scheduler.load, paths=counted, probes=PROBES)
    scheduler.observers = monitoring.observers
    mcp = mcp_routes(assistant, scheduler)
    api = api_mount(assistant, scheduler, application.catalog)
    routes = [*probes, *monitoring.routes, *own, api]
    extra = _extra_routes(chat, [group.close for group in groups], mcp, routes)
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
    streamed, posts = dict[str, int](), dict(EVIDENCE_POSTS)
    for group in groups:
        streamed |= group.streamed
        posts |= group.posts
    watch = CallerWatch(
        app,
        chat,
        calls=[MCP_PATH, *API_CALLS],
        waiting=settings.waiting,
        posts=posts,
        pages=[route.path for route in own],
        rooms=rooms,
        check_room=scheduler.check,
    )
    scheduler.watch_caller, scheduler.client = watch.watch, watch.client
    scheduler.request_id = watch.request_id
    scheduler.coming, scheduler.arrives = watch.coming, watch.arrives
    middleware = AccessMiddleware(
        watch,
        allowed_paths=AllowedPaths(
            [
                *(*PROBES, MCP_PATH, API_DOCUMENT, *API_CALLS, *pages),
                *(route.path for route in (*own, *monitoring.routes)),
            ]
        ),
        allowed_hosts=AllowedHosts(settings.host, settings.allowed_hosts),
        allowed_methods=AllowedMethods(app.routes),
        authenticator=Authenticator(settings),
        body_bytes=settings.body_bytes,
        waiting=settings.waiting,
        functions={number: len(one.inputs) for number, one in chat.fns.items()},
        streamed=streamed,
    )
    proxies = Proxies(
        middleware,
        trusted=Networks(settings.trusted_proxies),
        user_header=settings.proxy_header,
        counts=ShareByAddress(settings.connections_per_address),
        warn=_warn_of_proxy,
    )
    problems = ProblemResponses(proxies, below=API)
    secured = SecurityHeaders(
        problems, pages, config=lambda: chat.config, forms=frozenset(beside), api=API_CALLS
    )
    return Monitored(secured, scheduler.observers)


def _warn_of_proxy(address: str) -> None:
    console.err.print(
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

    return FastAPI(
        openapi_url=None,
        routes=[*own, *mcp.routes],
        lifespan=running,
        exception_handlers={
            Busy: _not_served,
            RequestGivenUp: _not_served,
            CallerLeft: _not_served,
        },
    )


async def _not_served(_: Request, error: Exception) -> Response:
    """The response for a page that waited too long, or was left."""
    return refusal(f"{error}\n", retry_after(error))
