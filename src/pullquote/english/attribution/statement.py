"""A claim as ranges of the characters of its text."""

from __future__ import annotations

from dataclasses import dataclass

from pullquote.schema.attribution import Manner, Range


@dataclass(frozen=True)
class Statement:
    """A claim as ranges of characters, with the number of its sentence."""

    sentence: int
    content: list[Range]
    source: list[Range]
    cue: list[Range]
    manner: Manner
