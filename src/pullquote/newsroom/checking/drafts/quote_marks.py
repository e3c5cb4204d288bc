"""The quote marks of the languages that are read: which opens a quotation, and which ends it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

CLOSERS: Final[Mapping[str, frozenset[str]]] = {
    "“": frozenset('”"'),
    "„": frozenset('“”"'),
    "‟": frozenset("”"),
    "”": frozenset("”"),
    '"': frozenset('"”'),
    "``": frozenset({"''", '"', "”"}),
    "''": frozenset({"''"}),
    "«": frozenset("»"),
    "»": frozenset("«»"),
    "‘": frozenset("’'"),
    "‚": frozenset("‘’"),
    "'": frozenset("'’"),
    "‹": frozenset("›"),
    "›": frozenset("‹›"),
    "「": frozenset("」"),
    "『": frozenset("』"),
    "〝": frozenset("〟〞"),
    "＂": frozenset("＂"),
}
"""The marks that end a quotation, by the mark that opens it: English “…” and ‘…’, German „…“ and
»…«, French «…» and ‹…›, Swedish ”…”, Polish „…”, typewriters' "…" and ``…'', and Japanese 「…」."""

SHAPED: Final = frozenset("“„‟«‘‚‹「『〝") | {"``"}
"""Marks that open wherever they stand, unless they end what is open."""
SINGLE: Final = frozenset("'’‘‚")
MARK: Final = re.compile(r"``|''|[\"“”„‟«»‹›「」『』〝〟〞＂‘’‚']")
_BEFORE_OPENING = frozenset("([{—–-/:;,>|¿¡")
_DECADE = re.compile(r"\d0s|(?:em|til|tis|twas|cause|n)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MarkPlace:
    """A quote mark of a paragraph, with whether it may open or end a quotation there."""

    mark: str
    start: int
    end: int
    opens: bool
    closes: bool


def marks_in(text: str, start: int, end: int) -> list[MarkPlace]:
    """The quote marks of a range of a text, without the apostrophes inside words."""
    found = [
        _place(text, one.start(), one.end(), start, end) for one in MARK.finditer(text, start, end)
    ]
    return [one for one in found if one.opens or one.closes]


def _place(text: str, low: int, high: int, start: int, end: int) -> MarkPlace:
    """What a mark can be where it stands."""
    mark = text[low:high]
    before = text[low - 1] if low > start else " "
    after = text[high] if high < end else " "
    free = before.isspace() or before in _BEFORE_OPENING or MARK.match(before) is not None
    if mark in SINGLE and mark not in "‘‚":
        word = after.isalnum() or after in '[("“…'
        opens = mark == "'" and free and word and _DECADE.match(text, high, end) is None
        closes = not before.isspace() and not after.isalnum()
        return MarkPlace(mark, low, high, opens, closes)
    opens = mark in CLOSERS and (mark in SHAPED or (free and not after.isspace()))
    closes = mark not in SHAPED or mark in "“‘«‹"
    return MarkPlace(mark, low, high, opens, closes)
