"""The English names of languages."""

from __future__ import annotations

from functools import cache

from babel import Locale


def language_name(code: str) -> str:
    """The English name of a language; the code itself if it is unknown."""
    return _names().get(code.casefold(), code)


@cache
def _names() -> dict[str, str]:
    return {code.casefold(): str(name) for code, name in Locale("en").languages.items()}
