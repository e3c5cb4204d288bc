"""How long a client should wait after it was refused because the server is busy."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pullquote.web.slots import LineTooLong

RETRY_SECONDS: Final = 5
"""About how long a full queue takes, in seconds."""

RETRY_AFTER: Final[Mapping[str, str]] = MappingProxyType({"Retry-After": str(RETRY_SECONDS)})
"""The header of every response with the status 503."""


def retry_after(error: BaseException | None) -> Mapping[str, str]:
    """The header of a response with the status 503 that an error caused."""
    if isinstance(error, LineTooLong):
        return {"Retry-After": str(error.retry_seconds)}
    return RETRY_AFTER
