"""References to generations, and their storage."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GenerationRef:
    """The name of a generation and the SHA-256 of its manifest, in hex."""

    name: str
    digest: str


@dataclass(frozen=True, slots=True)
class StorageUse:
    """The number of stored generations, and the bytes of each kind of content."""

    generations: int
    sizes: dict[str, int]
