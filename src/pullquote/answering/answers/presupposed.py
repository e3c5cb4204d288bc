"""Finds details that a claim takes for granted, which the paper itself knows.

In "the board said that the hall, as checked on 7 July, was safe", the day is no part of what the
board claims.
"""

from __future__ import annotations

import re

from pullquote.schema import Attribution

_REACH = 120
"""In characters. So much text before and after a quote is read."""
_MEASURE = re.compile(r"\d[\d.,]*-[^\W\d_]+")
_BEFORE_MEASURE = re.compile(r"(?i)(?<!was )(?<!is )\b(?:the|its|their)\s(?:[^\W\d_]+\s)?$")
_IN_ASIDE = re.compile(r", (?:after|before|as)\s[^,.;:]*$")
_ASIDE_ENDS = re.compile(r"[^,.;:]*, ")


def takes_for_granted(text: str, claim: Attribution, cut: range) -> bool:
    """Whether a claim in the paper's words takes a range of the text for granted.

    It is so for "the 14-mile road", and for asides in commas such as ", after a hearing in March,".
    """
    holding = next(
        ((low, high) for low, high in claim.content if low <= cut.start and cut.stop <= high), None
    )
    if claim.direct or holding is None:
        return False
    before = text[max(holding[0], cut.start - _REACH) : cut.start]
    after = text[cut.stop : min(holding[1], cut.stop + _REACH)]
    if _MEASURE.match(text, cut.start) and _BEFORE_MEASURE.search(before):
        return True
    return _IN_ASIDE.search(before) is not None and _ASIDE_ENDS.match(after) is not None
