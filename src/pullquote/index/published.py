"""Which generation answers, and what the next rebuild takes from the one before."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Published:
    """The name of a generation and the SHA-256 of its manifest, in hex."""

    name: str
    digest: str


@dataclass(frozen=True, slots=True)
class Kept:
    """How many generations are kept, and bytes by what they hold."""

    generations: int
    sizes: dict[str, int]
