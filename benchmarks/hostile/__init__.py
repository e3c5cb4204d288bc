"""Files that are made to hang, crash or exhaust a parser, or broken as real ones are."""

from benchmarks.hostile import broken, large, marked, packed
from benchmarks.hostile.made import Hostile

__all__ = ["FILES", "Hostile"]

FILES = (*packed.FILES, *marked.FILES, *large.FILES, *broken.FILES)
"""Every file, by kind."""
