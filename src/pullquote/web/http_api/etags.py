"""ETags: a client that has a response already need not receive it, or have it made, again.

A response depends on the request, the generation of the index, the settings, the calibration, and
which embargoes have ended. An ETag is a digest of all these. It is weak, since the time that the
work took is in the response, too.
"""

from __future__ import annotations

import hashlib
import json
import time
from bisect import bisect_right
from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Any

from starlette.requests import Request

from pullquote.index import OpenGeneration
from pullquote.index.interfaces import KnowsReleases
from pullquote.index.persistent_files import CALIBRATION
from pullquote.index.services import index_of
from pullquote.newsroom.assistant import Assistant


class ETags:
    """The ETags of the responses of one assistant."""

    def __init__(self, assistant: Assistant, *, clock: Callable[[], float] = time.time) -> None:
        self._assistant = assistant
        self._clock = clock
        self._calibration = index_of(assistant.settings).local_folder / CALIBRATION
        settings = assistant.settings.model_dump_json()  # hides passwords
        self._constant = f"{version('pullquote')} {settings}"

    def of(self, endpoint: str, parameters: Mapping[str, Any]) -> str | None:
        """The ETag of a response now; None if the index cannot tell whether it has changed.

        Raises:
            PullquoteError: the index cannot be opened.
        """
        generation = self._assistant.generation
        if not isinstance(generation, KnowsReleases):
            return None
        parts = [
            self._constant,
            _state(generation),
            str(bisect_right(generation.releases, self._clock())),
            self._calibrated(),
            endpoint,
            json.dumps(parameters, sort_keys=True),
        ]
        return f'W/"{hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]}"'

    def _calibrated(self) -> str:
        """The digest of the calibration that was fitted for the index; "" if there is none."""
        try:
            return hashlib.sha256(self._calibration.read_bytes()).hexdigest()
        except OSError:
            return ""


def is_known(request: Request, etag: str | None) -> bool:
    """Whether the client has the response already. Source: RFC 9110, section 13.1.2."""
    given = request.headers.get("if-none-match")
    if given is None or etag is None:
        return False
    tags = [tag.strip().removeprefix("W/") for tag in given.split(",")]
    return "*" in tags or etag.removeprefix("W/") in tags


def _state(generation: OpenGeneration) -> str:
    """The generation that answers, with the digest of its manifest."""
    return f"{generation.published.name} {generation.published.digest} {generation.answers_for}"
