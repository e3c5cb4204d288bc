"""Passages and vectors -> a generation on disk, and back.

`rebuild` makes the next generation, `IndexFolder` says which one is current, `Generation` answers
from it. A generation is written once and never changed.
"""

from pullquote.index.build import Progress, preview, rebuild
from pullquote.index.changes import Changes
from pullquote.index.embeddings import fault_of_embeddings
from pullquote.index.folder import IndexFolder
from pullquote.index.generation import Generation
from pullquote.index.repair import repair
from pullquote.index.report import Preview, Report
from pullquote.index.stats import Stats, read_stats

__all__ = [
    "Changes",
    "Generation",
    "IndexFolder",
    "Preview",
    "Progress",
    "Report",
    "Stats",
    "fault_of_embeddings",
    "preview",
    "read_stats",
    "rebuild",
    "repair",
]
