"""The words that say whose claim a quote is: "denied by Radomir Quell"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pullquote.schema.attribution import Manner
from pullquote.schema.short_text import short_text

_PATTERNS: Final[Mapping[Manner, str]] = {
    "said": "said by {}",
    "denied": "denied by {}",
    "claimed": "claimed by {}",
    "alleged": "alleged by {}",
    "accused": "accusation by {}",
    "promised": "promised by {}",
    "warned": "warning by {}",
    "agreed": "agreed by {}",
    "admitted": "admitted by {}",
    "asked": "asked by {}",
    "believed": "believed by {}",
    "estimated": "estimated by {}",
    "according-to": "according to {}",
    "announced": "announced by {}",
    "reported": "reported by {}",
    "other": "attributed to {}",
}

_UNNAMED: Final[Mapping[Manner, str]] = {
    "alleged": "an allegation",
    "accused": "an accusation",
    "claimed": "a claim",
    "denied": "a denial",
    "estimated": "an estimate",
}
"""What is said of a claim if nobody is named: only that it is not the paper's own report."""
_PRONOUNS: Final = frozenset(
    "he she they it we i you his her its their our my your who which that this these those".split()
)
_SMALL: Final = frozenset("a an the one some several two three his her its their".split())
"""Words that begin with a capital letter only at the beginning of a sentence."""

LONGEST: Final = 80
"""In characters. Longer names end with "…"."""


def said_by(manner: Manner, name: str, via: str | None) -> str:
    """How and by whom a claim was made, and who passed it on.

    If `name` is "" or a pronoun, nobody is named: the words are "" or, say, "an allegation".
    """
    shown, passed = _shown(name), None if via is None or via == name else _shown(via)
    claim = _PATTERNS[manner].format(shown) if shown else _UNNAMED.get(manner, "")
    return f"{claim}, via {passed}" if claim and passed else claim


def _shown(name: str) -> str:
    """A name or description as it stands within a sentence; "" for none and for a pronoun."""
    line = short_text(name.removesuffix("'s").removesuffix("’s"), most=LONGEST)
    first, _, rest = line.partition(" ")
    if not rest and first.lower() in _PRONOUNS:
        return ""
    return f"{first.lower()} {rest}" if rest and first.lower() in _SMALL else line
