"""Who may call: by a name that is this server's, from a page that is this server's.

A page anywhere on the web can make a reader's browser send requests to 127.0.0.1, and can have
its own name point there (DNS rebinding). Browsers say in `Host` by which name they call, and in
`Origin` for which page.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers

ANY = "*"
"""As an allowed host: any name will do."""

_OWN = frozenset(("same-origin", "none"))
"""What browsers say of requests from the page itself, and of what a person typed or chose."""


class AllowedHosts:
    """The names by which this server may be called, and so the pages that may call it.

    An IP address always will do: no page can have one as its name without being served from there.
    """

    def __init__(self, host: str, allowed: Iterable[str]) -> None:
        self._named = frozenset(name.casefold() for name in allowed)
        self._own = self._named | {"localhost", host.casefold(), socket.gethostname().casefold()}

    def is_allowed(self, headers: Headers) -> bool:
        """Whether the request calls this server, and a proxy before it, by one of its names."""
        called = headers.getlist("host")
        proxied = headers.getlist("x-forwarded-host")  # Gradio writes it into the page
        return len(called) == 1 and all(map(self._is_known, [*called, *proxied]))

    def is_cross_site(self, headers: Headers, method: str) -> bool:
        """Whether a page of another site makes the request; a link that leads here is no request.

        A proxy may call this server by another name than the browser calls the proxy, so a page is
        also ours when its name is one of the allowed.
        """
        for origin in headers.getlist("origin"):
            page = origin.partition("://")[2]
            if page != headers["host"] and _host_of(page) not in self._named:
                return True
        follows = headers.get("sec-fetch-mode") == "navigate" and method in ("GET", "HEAD")
        said = headers.get("sec-fetch-site", "none")
        return "origin" not in headers and said not in _OWN and not follows

    def _is_known(self, authority: str) -> bool:
        name = _host_of(authority)
        return name is not None and (ANY in self._named or name in self._own or _is_address(name))


def _host_of(authority: str) -> str | None:
    """The host in "host:port", lower-case, an IPv6 address without brackets; None for nonsense."""
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
