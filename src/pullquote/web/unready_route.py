"""The route that the chat polls while nothing can be asked."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from pullquote.web.scheduler import Scheduler

UNREADY = "/unready"


def unready_route(unready: Callable[[], Markup | None], scheduler: Scheduler) -> Route:
    """The route; its answer is what `unready` returns, or has the status 204 if that is None."""

    async def answer(_: Request) -> Response:
        html = await scheduler.show(unready)
        if html is None:
            return Response(status_code=204)
        return HTMLResponse(html, headers={"Cache-Control": "no-store"})

    return Route(UNREADY, answer, methods=["GET"])
