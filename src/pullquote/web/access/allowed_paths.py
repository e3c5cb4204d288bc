"""The allowlist of the paths of the web application; every other path answers 404.

Gradio also serves what the chat does not need: files by path, uploads, a proxy, monitoring pages
and tools for developers. All of these paths are closed, and so is every path that
a later version adds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pullquote.web.api.endpoints import ENDPOINT_NAMES

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

GRADIO = "/gradio_api/"
"""The prefix of the API for the page and for programs."""


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
