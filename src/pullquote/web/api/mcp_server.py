"""The routes of the MCP server; they answer 501 if the package mcp is missing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from pullquote.newsroom.assistant import Assistant
from pullquote.web.scheduler import Scheduler

MCP_PATH = "/mcp"


@dataclass(frozen=True, slots=True)
class McpRoutes:
    """Routes, and a context that must be open while they are served."""

    routes: list[BaseRoute]
    running: Callable[[], AbstractAsyncContextManager[None]]


def mcp_routes(assistant: Assistant, scheduler: Scheduler) -> McpRoutes:
    """The routes of the MCP server for one assistant."""
    try:
        from pullquote.web.api.mcp_tools import open_server  # noqa: PLC0415 - it needs an extra
    except ModuleNotFoundError:
        return McpRoutes([_route(_without_package)], nullcontext)
    app, running = open_server(assistant, scheduler, path=MCP_PATH)
    return McpRoutes([_route(app)], running)


def _route(endpoint: Callable[..., object]) -> BaseRoute:
    """The route of the MCP server, only for POST.

    A GET would open a stream for messages that the server sends by itself. This server sends none,
    and an idle stream would count as a question of its client.
    """
    return Route(MCP_PATH, endpoint, methods=["POST"])


async def _without_package(_: Request) -> Response:
    missing = 'Tools for agents need the package mcp: pip install "pullquote[mcp]"\n'
    return PlainTextResponse(missing, status_code=501)
