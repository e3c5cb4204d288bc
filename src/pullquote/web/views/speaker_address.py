"""The addresses of the speaker pages, relative to the chat's. Pure.

They are plain text, which is not escaped for HTML.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

SPEAKERS: Final = "speakers"
"""The page that lists who is quoted."""

SPEAKER: Final = "speaker"
"""The page of one speaker."""

AUDIT: Final = "audit"
"""The source audit: of all articles, or of one."""


def speaker_address(name: str) -> str:
    """The address of everything that a speaker says, such as "speaker?name=Ida+Roe".

    `name` is the speaker of an attribution or of a citation, or any other form of a full name.
    """
    return f"{SPEAKER}?{urlencode({'name': name}, errors='replace')}"


def audit_address(article: str) -> str:
    """The address of the audit of one article."""
    return f"{AUDIT}?{urlencode({'article': article}, errors='replace')}"
