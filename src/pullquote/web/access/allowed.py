"""Checks the host, the method and the path of a request."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable, Sequence
from http import HTTPMethod
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.routing import BaseRoute, Match, Mount
from starlette.types import Scope

from pullquote.web.api.endpoints import ENDPOINT_NAMES
from pullquote.web.gradio import GRADIO

ANY = "*"
"""An allowed host that means every name."""

_SAME = "same-origin"

_HIDDEN = "null"
"""The `Origin` of a form without a script: our pages send no referrer, and so browsers hide it."""

_OWN_PAGE_SITES = frozenset((_SAME, "none"))
"""`Sec-Fetch-Site` of requests from the page itself, and of typed addresses and bookmarks."""


class AllowedHosts:
    """The names of this server. Only pages under these names may call it.

    Every IP address is allowed: the host of a page is an address only if that address serves it.
    """

    def __init__(self, host: str, allowed: Iterable[str]) -> None:
        self._allowed = frozenset(name.casefold() for name in allowed)
        own = {"localhost", host.casefold(), socket.gethostname().casefold()}
        self._names = self._allowed | own

    def is_allowed(self, headers: Headers) -> bool:
        """Whether `Host`, and `X-Forwarded-Host` if it was sent, name this server."""
        called = headers.getlist("host")
        proxied = headers.getlist("x-forwarded-host")  # Gradio writes it into the page
        return len(called) == 1 and all(map(self._is_known, [*called, *proxied]))

    def is_cross_site(self, headers: Headers, method: str) -> bool:
        """Whether a page of another site sent the request; links to this server are allowed.

        Behind a proxy, `Host` may differ from the name in the browser. So pages on the allowed
        hosts count as pages of this server too.
        """
        site = headers.get("sec-fetch-site", "none")
        for origin in headers.getlist("origin"):
            if origin == _HIDDEN and site == _SAME:
                continue
            page = origin.partition("://")[2]
            if page != headers["host"] and _host_of(page) not in self._allowed:
                return True
        follows_link = headers.get("sec-fetch-mode") == "navigate" and method in ("GET", "HEAD")
        return "origin" not in headers and site not in _OWN_PAGE_SITES and not follows_link

    def _is_known(self, authority: str) -> bool:
        name = _host_of(authority)
        if name is None:
            return False
        return ANY in self._allowed or name in self._names or _is_address(name)


def _host_of(authority: str) -> str | None:
    """The host of "host:port", in lower case and without IPv6 brackets; None if it is invalid."""
    try:
        parts = urlsplit(f"//{authority}")
        _ = parts.port
    except ValueError:
        return None
    return parts.hostname if "@" not in authority and parts.netloc == authority else None


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


_NAME = r"[A-Za-z0-9._~@+-]+"
_API = re.compile(
    rf"""/gradio_api/(?:
        app_id | cancel | info | openapi\.json | reset | startup-events
      | queue/(?:join|data)
      | heartbeat/{_NAME}
      | call/(?:v2/)?(?:{"|".join(ENDPOINT_NAMES)})(?:/{_NAME})?
    )""",
    re.VERBOSE,
)
"""The API for the page and for programs. Only the named endpoints can be called by name; the
page's own functions cannot. `run` is closed because it bypasses the queue."""

_FILES = re.compile(rf"/(?:assets|static)(?:/{_NAME})+")
"""The scripts, styles and fonts of Gradio's page."""

_SINGLE = frozenset(("/", "/config", "/theme.css", "/favicon.ico", "/robots.txt"))
"""The page with its settings and style, and files that browsers and crawlers always request."""


class AllowedPaths:
    """The allowed paths; `more` are the paths of routes that are not Gradio's."""

    def __init__(self, more: Iterable[str] = ()) -> None:
        self._open = _SINGLE | frozenset(more)

    def allows(self, path: str) -> bool:
        """Whether a path, already percent-decoded, is allowed.

        Paths are not normalised. Other spellings of a path (`//`, `..`, `%2e` encoded twice) are
        not allowed.
        """
        if path in self._open:
            return True
        known = _API.fullmatch(path) is not None or _FILES.fullmatch(path) is not None
        return known and not {".", ".."} & set(path.split("/"))


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
    for route in routes:
        match, inner = route.matches(scope)
        if match is not Match.FULL:
            continue
        if not isinstance(route, Mount) or not route.routes:
            return True
        if _has_route(route.routes, {**scope, **inner}):
            return True
    return False
