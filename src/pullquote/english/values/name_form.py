"""Recognises names by their form, and two forms of the same name."""

from __future__ import annotations

import re

LONGEST_NAME = 8
"""In words, without small ones."""

_WORD = re.compile(r"\w[\w'’.-]*")
_SMALL = frozenset("of the and de la le du des van von der den el al bin for in to on at".split())

CHANGES_WHO = frozenset(
    "deputy vice assistant acting shadow new north northern south southern east eastern west "
    "western".split()
)
"""Words that change whom a name means: "Deputy Prime Minister", "Northern Ireland"."""


def is_name(words: str) -> bool:
    """Whether at least half of the words begin with a capital letter, as in names.

    "the Isle of Man" and "Malibu rum" are names; small words do not count.
    """
    counted = _words(words)
    capitals = [word for word in counted if word[0].isupper()]
    return bool(capitals) and len(counted) <= LONGEST_NAME and 2 * len(capitals) >= len(counted)


def is_part_of_name(one: str, other: str) -> bool:
    """Whether one of two names ends the other, as "DiCaprio" ends "actor Leonardo DiCaprio"."""
    if not (is_name(one) and is_name(other)):
        return False
    shorter, longer = sorted((_capitals(one), _capitals(other)), key=len)
    before = longer[: -len(shorter)]
    return longer[-len(shorter) :] == shorter and not CHANGES_WHO.intersection(before)


def _capitals(name: str) -> list[str]:
    """The words with a capital letter, in lower case."""
    return [word.casefold() for word in _words(name) if word[0].isupper()]


def _words(name: str) -> list[str]:
    """The words without small ones."""
    return [word for word in _WORD.findall(name) if word.lower() not in _SMALL]
