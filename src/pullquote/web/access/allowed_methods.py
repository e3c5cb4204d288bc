"""The methods of each path, as the routes of the application have them.

Starlette and FastAPI name in `Allow` only the methods of the first route of a path, and FastAPI
does not answer HEAD where it answers GET.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from http import HTTPMethod

from starlette.routing import BaseRoute, Match, Mount
from starlette.types import Scope

from pullquote.web.access.allowed_paths import GRADIO


class AllowedMethods:
    """The methods that an application with these routes answers.

    HEAD is answered like GET, without the body. Only under Gradio's prefix it is not: there, GET
    takes the messages of a stream, so HEAD would lose them.
    """

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        self._routes = routes

    def refused(self, path: str, method: str) -> str | None:
        """The value of `Allow` if a path has other methods only; None if it has the method.

        A path without a route has no methods, and is not refused here: the application answers 404.
        """
        if self._answers(path, method):
            return None
        others = ", ".join(other for other in HTTPMethod if self._answers(path, other))
        return others or None

    def routed(self, path: str, method: str) -> str:
        """The method for which the application has a route: GET for a HEAD that is answered."""
        return "GET" if method == "HEAD" and not path.startswith(GRADIO) else method

    def _answers(self, path: str, method: str) -> bool:
        scope = {"type": "http", "path": path, "root_path": "", "headers": []}
        return _has_route(self._routes, {**scope, "method": self.routed(path, method)})


def _has_route(routes: Iterable[BaseRoute], scope: Scope) -> bool:
    """Whether a route answers the path and the method of a request."""
    for route in routes:
        match, inner = route.matches(scope)
        if match is not Match.FULL:
            continue
        if not isinstance(route, Mount) or not route.routes:
            return True
        if _has_route(route.routes, {**scope, **inner}):
            return True
    return False
