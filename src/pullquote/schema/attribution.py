"""An attribution: whose words or thoughts a part of an article reports."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from pullquote.schema.article import Model

Manner = Literal[
    "said",
    "denied",
    "claimed",
    "alleged",
    "accused",
    "promised",
    "warned",
    "agreed",
    "admitted",
    "asked",
    "believed",
    "estimated",
    "according-to",
    "announced",
    "reported",
    "other",
]
"""How a source puts its words, as the cue of an attribution says."""

Range = tuple[int, int]
"""A half-open range of characters of the article's text."""


class Attribution(Model):
    """One claim in an article: its words, who makes it, and the words that say so.

    `content`, `source` and `cue` are ranges of the article's text, in order. `source` is empty if
    the article names nobody ("is expected to"), and `cue` if a quotation stands alone. `speaker` is
    the fullest form of the name that the article gives, or None if the source has no name.
    `direct` says whether all words are in quote marks. `via` is the speaker of the claim that
    this one is part of.
    """

    content: tuple[Range, ...]
    source: tuple[Range, ...] = ()
    cue: tuple[Range, ...] = ()
    speaker: str | None = None
    manner: Manner = "other"
    direct: bool = False
    via: str | None = None

    @model_validator(mode="after")
    def _ranges_lie_in_order(self) -> Attribution:
        for ranges in (self.content, self.source, self.cue):
            at = 0
            for start, end in ranges:
                if not at <= start < end:
                    raise ValueError(f"the range {start}-{end} is empty or out of order")
                at = end
        return self
