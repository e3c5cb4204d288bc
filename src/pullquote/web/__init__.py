"""The web chat: ask in the browser, read the answer where it stands.

Importing this package loads no gradio; it only tells gradio, before anything else can, that it
must ask nothing of the network.
"""

from __future__ import annotations

import os
import sys

from pullquote import terminal
from pullquote.errors import PullquoteError
from pullquote.settings import Settings, load_settings

__all__ = ["main", "serve"]

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
# Gradio remembers every call for its monitoring page, which is closed here, and tabulates all of
# them anew after each: that took as long as it remembered many.
os.environ.setdefault("GRADIO_ANALYTICS_MAX_EVENTS", "1")
os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", str(10**12))


def serve(settings: Settings) -> None:
    """Bring the index up to date, unless told not to, and answer in the browser until interrupted.

    Raises:
        SettingsError: the address cannot be listened on.
        CorpusMissing: there is neither an index nor a corpus to build one from.
        PullquoteError: whatever else keeps the index from being built or opened.
    """
    from pullquote.web.server import run  # noqa: PLC0415 - gradio takes seconds to import

    run(settings)


def main() -> None:
    """Serve what the settings say; an error is printed as one message, exit status 1."""
    terminal.use_utf8()
    try:
        serve(load_settings())
    except PullquoteError as error:
        terminal.print_error(str(error))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
