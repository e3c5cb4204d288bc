"""When a client that is refused because others are served may try again."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

RETRY_SECONDS: Final = 5
"""About as long as a full queue takes."""

RETRY_AFTER: Final[Mapping[str, str]] = MappingProxyType({"Retry-After": str(RETRY_SECONDS)})
"""The header that every response with the status 503 has."""
