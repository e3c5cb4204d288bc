"""The web chat: questions in the browser, with answers beside the cited article.

Importing this package does not load Gradio. It only sets the environment variables that keep Gradio
off the network: they must be set before Gradio is imported.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from pullquote.schema.settings import Settings

if TYPE_CHECKING:
    from pullquote.web.server import Start

__all__ = ["serve"]

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
# Gradio stores every call for its monitoring page, which is closed here. After each call it makes a
# table of all stored calls again. So only one call may be stored.
os.environ.setdefault("GRADIO_ANALYTICS_MAX_EVENTS", "1")
os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", str(10**12))


def serve(
    settings: Settings,
    *,
    start: Start,
    when_listening: Callable[[str, int], object] | None = None,
) -> None:
    """Serve the chat until interrupted.

    `start` opens the index, once the port is taken. `when_listening` is called with the host and
    port as soon as the chat can be opened.

    Raises:
        SettingsError: the server cannot listen on the address.
        PullquoteError: what `start` raises.
    """
    from pullquote.web.server import run  # noqa: PLC0415 - uvicorn takes time to import

    run(settings, start, when_listening)
