"""Checks that a request is for a name of this server, and comes from one of its pages.

Any page on the web can make a browser send requests to 127.0.0.1, and can make its own host name
resolve to that address (DNS rebinding). Browsers send the host name of a request in `Host`, and the
origin of the page in `Origin`.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers

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
