"""Tells whether two articles are about the same story, by the names that both have."""

from __future__ import annotations

import re
from functools import lru_cache

from pullquote.schema import Article

SAME_STORY = 0.13
"""Two articles are about the same story if they share this part of the names of the one with fewer.

In `tests/data/stories`, 97% of pairs from different stories share less, and 98% of pairs from one
story share more.
"""

_NAME = re.compile(r"(?<=[a-z,;’'\"”] )[A-Z][\w'’-]{2,}")
"""A capitalised word that does not begin a sentence."""
_READ = 20_000
"""In characters. Only the beginning of a long article is read."""


def same_story(one: Article, other: Article) -> bool:
    """Whether two articles seem to be about the same story."""
    here, there = (
        _names(one.id, one.version, one.text[:_READ]),
        _names(other.id, other.version, other.text[:_READ]),
    )
    shared = len(here & there)
    return one.id == other.id or shared >= SAME_STORY * max(1, min(len(here), len(there)))


@lru_cache(maxsize=512)
def _names(_article: str, _version: str, text: str) -> frozenset[str]:
    return frozenset(name.rstrip("’'s") for name in _NAME.findall(text))
