"""A claim: as ranges of the tokens of a sentence, and of the characters of a text."""

from __future__ import annotations

from dataclasses import dataclass

from pullquote.english.attribution.sources import Words
from pullquote.english.attribution.tokens import DASHES, Token
from pullquote.schema.attribution import Manner, Range


@dataclass(frozen=True)
class Claim:
    """A claim in a sentence, as ranges of its tokens.

    `beside` says whether the cue stands beside or inside the content rather than before it.
    """

    content: tuple[Words, ...]
    source: Words | None
    cue: tuple[Words, ...]
    manner: Manner
    beside: bool = False


def trimmed(tokens: list[Token], start: int, end: int) -> Words:
    """A range of tokens without commas and dashes at its ends."""
    marks = (",", ":", *DASHES)
    while end > start and not tokens[end - 1].quoted and tokens[end - 1].text in marks:
        end -= 1
    while start < end and not tokens[start].quoted and tokens[start].text in marks:
        start += 1
    return start, end


@dataclass(frozen=True)
class Statement:
    """A claim as ranges of characters, with the number of its sentence."""

    sentence: int
    content: list[Range]
    source: list[Range]
    cue: list[Range]
    manner: Manner
