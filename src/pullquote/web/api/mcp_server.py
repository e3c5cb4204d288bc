"""Where agents find the archive: the MCP server, or the word that its package is missing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from pullquote.assistant import Assistant
from pullquote.web.scheduler import Desk

MCP = "/mcp"


@dataclass(frozen=True, slots=True)
class Agents:
    """Routes, and what must be running while they are served."""

    routes: list[BaseRoute]
    running: Callable[[], AbstractAsyncContextManager[None]]


def open_agents(assistant: Assistant, desk: Desk) -> Agents:
    """The tools for agents over one assistant, served when it is their turn."""
    try:
        from pullquote.web.api.mcp_tools import open_server  # noqa: PLC0415 - it needs an extra
    except ModuleNotFoundError:
        return Agents([Route(MCP, _without_package, methods=["GET", "POST"])], nullcontext)
    app, running = open_server(assistant, desk, path=MCP)
    return Agents(list(app.routes), running)


async def _without_package(_: Request) -> Response:
    missing = 'Tools for agents need the package mcp: pip install "pullquote[mcp]"\n'
    return PlainTextResponse(missing, status_code=501)
