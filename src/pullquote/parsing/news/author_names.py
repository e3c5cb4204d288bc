"""Cleans the names of authors that are stated on web pages."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pullquote.parsing.news.bylines import split_authors

_LONGEST = 200
_BETWEEN = re.compile(r"[\W_]+")
_PREFIX = re.compile(
    r"^\s*(?:(?:written|posted|text|words|story|beitrag|geschrieben|publié|article)\s+)?"
    r"(?:by|von|par|por|di|av|door|autor(?:in|en|es)?|auteure?|autore|authors?|text)"
    r"\s*:?\s+(?=\S)",
    re.IGNORECASE,
)
_AGENCY = re.compile(r"/(?:[A-Z][A-Z-]{1,7}|dpa|afp|ap|sda|apa)$")
# Placeholders of content management systems.
_NOBODY = frozenset(
    "admin administrator editor author redaktion posted staff webmaster user root anonymous unknown"
    " none null".split()
)


def clean_names(values: Iterable[str], *, site: str | None) -> tuple[str, ...]:
    """The names in the given lines, without duplicates, addresses, or the name of the site."""
    own = "" if site is None else squeeze(site)
    names: dict[str, str] = {}
    for value in values:
        if "://" in value or "@" in value or len(value) > _LONGEST or squeeze(value) == own:
            continue
        for author in split_authors(_PREFIX.sub("", value)).authors:
            name = _AGENCY.sub("", author).strip(" ,;:|")
            if name and name.casefold() not in _NOBODY and squeeze(name) != own:
                names.setdefault(squeeze(name), name)
    return tuple(names.values())


def squeeze(text: str) -> str:
    """The letters and digits of a text in lower case, for comparing texts."""
    return _BETWEEN.sub("", text.casefold())
