"""Says which words that a quotation leaves out or adds may change its sense."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from pullquote.checking.words import fold_case

_KINDS: Final[Mapping[str, frozenset[str]]] = {
    "negation": frozenset(
        "not no never none nobody nothing nowhere neither nor without cannot hardly scarcely "
        "barely rarely seldom unlikely deny denies denied denying fail fails failed failing "
        "failure refuse refuses refused refusing reject rejects rejected lack lacks lacked false "
        "untrue".split()
    ),
    "hedge": frozenset(
        "may might could would should perhaps maybe possibly possible probably probable likely "
        "apparently allegedly alleged reportedly reported supposedly seemingly seems seem seemed "
        "appears appear appeared suggest suggests suggested suspected almost nearly roughly "
        "approximately partly largely mostly sometimes some believe believes believed claims "
        "claimed estimated expected".split()
    ),
    "condition": frozenset(
        "if unless until provided providing assuming except only whether otherwise depending "
        "subject".split()
    ),
}
"""Words in lower case, by what they are. "n't" at the end of a word is a negation too."""


def sense_of(word: str) -> str | None:
    """What a word does to the sense of others: "negation", "hedge" or "condition"; or None.

    >>> sense_of("Didn't"), sense_of("would"), sense_of("bridge")
    ('negation', 'hedge', None)
    """
    low = fold_case(word)
    if low.endswith("n't"):
        return "negation"
    return next((kind for kind, words in _KINDS.items() if low in words), None)


def sense_words(words: Iterable[str]) -> dict[str, str]:
    """The distinct words in lower case that change the sense of others, each with its kind."""
    low = dict.fromkeys(map(fold_case, words))
    return {word: kind for word in low if (kind := sense_of(word)) is not None}
