"""Which paths of the web application are open: a list of what is needed, and nothing else is there.

Gradio serves much that the chat has no use for: files by their path, uploads, a proxy, pages that
watch the server, tools for developers. What is not named here answers 404, also what a later
version of Gradio adds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pullquote.web.api.endpoints import ENDPOINT_NAMES

_PLACE = r"[A-Za-z0-9._~@+-]+"
_API = re.compile(
    rf"""/gradio_api/(?:
        app_id | cancel | info | openapi\.json | reset | startup-events
      | queue/(?:join|data)
      | heartbeat/{_PLACE}
      | call/(?:v2/)?(?:{"|".join(ENDPOINT_NAMES)})(?:/{_PLACE})?
    )""",
    re.VERBOSE,
)
"""What the page and programs call. By name, Gradio would also call the page's own functions; and
`run`, which passes by the queue, is none of it."""

_FILES = re.compile(rf"/(?:assets|static)(?:/{_PLACE})+")
"""The scripts, styles and fonts of Gradio's page."""

_SINGLE = frozenset(("/", "/config", "/theme.css", "/favicon.ico", "/robots.txt"))
"""The page, what it is made of, and what browsers and crawlers ask for by themselves."""


GRADIO = "/gradio_api/"
"""Below it lies what the page and programs call."""


class AllowedPaths:
    """The open paths; `more` are those that are served beside Gradio."""

    def __init__(self, more: Iterable[str] = ()) -> None:
        self._open = _SINGLE | frozenset(more)

    def allows(self, path: str) -> bool:
        """Whether something stands at a path, percent signs already decoded.

        A path is taken as it is written. One that means another (`//`, `..`, `%2e` twice encoded)
        matches nothing.
        """
        if path in self._open:
            return True
        known = _API.fullmatch(path) is not None or _FILES.fullmatch(path) is not None
        return known and not {".", ".."} & set(path.split("/"))
