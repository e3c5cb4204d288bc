"""Files made to hang, crash or exhaust a parser, and files broken as real ones are."""

from benchmarks.hostile import broken, large, marked, packed
from benchmarks.hostile.made import Hostile

__all__ = ["FILES", "Hostile"]

FILES = (*packed.FILES, *marked.FILES, *large.FILES, *broken.FILES)
"""All files, by kind."""
