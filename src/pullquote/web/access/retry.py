"""How long a client should wait after it was refused because the server is busy."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

RETRY_SECONDS: Final = 5
"""About how long a full queue takes, in seconds."""

RETRY_AFTER: Final[Mapping[str, str]] = MappingProxyType({"Retry-After": str(RETRY_SECONDS)})
"""The header of every response with the status 503."""
