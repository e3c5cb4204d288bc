"""Recognises a correction of the question before, such as "no, I meant the US Open"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pullquote.english.questions.words import ASKING, AUXILIARIES, words_of

_NO = r"(?:no|nope|oh|oops|sorry|actually|wait|well|ok|okay|hang on)"
_LEAD = rf"(?:{_NO}\b[,.!:;–-]*\s+)"
_MEANT = r"(?:(?:i|we)\s+(?:actually\s+|really\s+)?(?:meant|mean|was asking|am asking)\s+)"
_CORRECTION = re.compile(
    rf"(?is)^(?:{_LEAD}{{0,3}}{_MEANT}(?:about\s+)?|(?:(?:no|nope|sorry|oops)\b[,.!:;–-]*\s+(?!\d)){{1,3}}"
    r"|actually[,.!]?\s+)(?P<new>.+)$"
)
_NOT_BUT = re.compile(
    r"(?is)^not\s+(?P<old>[^,;]{2,60}?)\s*(?:[,;]\s*(?:but\s+)?|\s+but\s+)(?P<new>.+)$"
)
_NOT_AFTER = re.compile(r"(?is)^(?P<new>.+?)[,;]?\s+(?:and\s+)?not\s+(?P<old>[^,;?]{2,60})[?.! ]*$")
_LONGEST = 10
"""In words. A longer text after "no" is a question of its own."""


@dataclass(frozen=True, slots=True)
class StatedCorrection:
    """What a correction asks for instead, and the words that it rejects, if it says them.

    `explicit` if it says "I meant", or which words are wrong; "sorry" may begin any question.
    """

    new: str
    old: str = ""
    explicit: bool = False

    @property
    def asks(self) -> bool:
        """Whether the new words are a question of their own: "no, when she joined"."""
        return any(word.low in ASKING | AUXILIARIES for word in words_of(self.new)[:1])


def correction_of(question: str) -> StatedCorrection | None:
    """The correction that a question makes; None if it makes none."""
    text = question.strip()
    match = _CORRECTION.match(text)
    rest = text if match is None else match["new"]
    if len(words_of(rest)) > _LONGEST:
        return None
    if (denied := _NOT_BUT.match(rest)) is not None:
        return StatedCorrection(denied["new"], denied["old"], explicit=True)
    if match is None or any(word.low in ASKING for word in words_of(rest)[1:]):
        return None
    if (denied := _NOT_AFTER.match(rest)) is not None:
        return StatedCorrection(denied["new"], denied["old"], explicit=True)
    return StatedCorrection(rest, explicit=bool(re.search(rf"(?i)\b{_MEANT}", text)))
