"""Cleans the names of authors that are stated on web pages."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pullquote.parsing.news.bylines import is_outlet, split_authors

_LONGEST = 200
_BETWEEN = re.compile(r"[\W_]+")
_WESTERN = "cp1252"
"""The encoding of most texts. Removing bytes is many times faster than removing characters."""
_WESTERN_BETWEEN = bytes(
    code
    for code in range(256)
    if _BETWEEN.fullmatch(bytes((code,)).decode(_WESTERN, "replace")) is not None
)
_PREFIX = re.compile(
    r"^\s*(?:author\s+)?(?:(?:read more about|more from|(?:view )?all posts by)\s+(?=\S)"
    r"|(?:(?:written|posted|text|words|story|beitrag|geschrieben|publié|article)\s+)?"
    r"(?:by|von|par|por|di|av|door|autor(?:in|en|es)?|auteure?|autore|authors?|text)"
    r"\s*:?\s+(?=\S))",
    re.IGNORECASE,
)
_AGENCY = re.compile(r"/(?:[A-Z][A-Z-]{1,7}|dpa|afp|ap|sda|apa)$")
# Placeholders of content management systems.
_NOBODY = frozenset(
    "admin administrator editor author redaktion posted staff webmaster user root anonymous unknown"
    " none null".split()
)


# Words of forms, buttons and bylines that stand where a name does. A name has none of these words.
_NO_NAME = frozenset(
    "facebook twitter instagram linkedin whatsapp youtube pinterest telegram email e-mail website"
    " name comment comments share print sponsored advertisement by written posted published updated"
    " reviewed edited posts follow subscribe login menu video".split()
)
_CREDENTIAL = re.compile(r"(?:[A-Z]\.?){2,5}[®™]?|Ph\.?D\.?|M\.?Sc\.?|LL\.?M\.?")
_ADDRESS = re.compile(r"\*|www\.|\.[a-z]{2,}/")
_BEHIND = re.compile(r"\s*\([^()]{1,60}\)\s*$")


def _is_name(name: str) -> bool:
    """Whether this may be the name of a person or a newsroom, and not a label or an address."""
    words = name.casefold().split()
    if not words or _ADDRESS.search(name) is not None or not _NO_NAME.isdisjoint(words):
        return False
    return any(map(str.isalpha, name)) and (_CREDENTIAL.fullmatch(name) is None or is_outlet(name))


def clean_names(values: Iterable[str], *, site: str | None) -> tuple[str, ...]:
    """The names in the given lines, without duplicates, addresses, or the name of the site."""
    own = "" if site is None else squeeze(site)
    names: dict[str, str] = {}
    for value in values:
        if "://" in value or "@" in value or len(value) > _LONGEST or squeeze(value) == own:
            continue
        for author in split_authors(_PREFIX.sub("", value)).authors:
            name = _BEHIND.sub("", _AGENCY.sub("", author)).strip(" ,;:|")
            if _is_name(name) and name.casefold() not in _NOBODY and squeeze(name) != own:
                names.setdefault(squeeze(name), name)
    return tuple(names.values())


def squeeze(text: str) -> str:
    """The letters and digits of a text in lower case, for comparing texts."""
    text = text.casefold()
    if text.isascii():
        return text.encode().translate(None, _WESTERN_BETWEEN).decode()
    try:
        return text.encode(_WESTERN).translate(None, _WESTERN_BETWEEN).decode(_WESTERN)
    except UnicodeEncodeError:
        return _BETWEEN.sub("", text)
