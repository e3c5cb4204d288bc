"""Passages and vectors -> a generation on disk, and back.

`rebuild` makes the next generation, an `Index` says which one is current and opens it as an
`OpenGeneration`, which answers. A generation is written once and never changed. `IndexFolder` and
`Generation` are those of a folder.
"""

from pullquote.index.build import Progress, preview, rebuild
from pullquote.index.changes import Changes
from pullquote.index.consent import Consent
from pullquote.index.embeddings import fault_of_embeddings
from pullquote.index.generation import Generation
from pullquote.index.local import IndexFolder
from pullquote.index.protocol import Index, OpenGeneration, Published
from pullquote.index.repair import repair
from pullquote.index.report import Preview, Refusal, Report, refusal_of
from pullquote.index.stats import Stats, read_stats

__all__ = [
    "Changes",
    "Consent",
    "Generation",
    "Index",
    "IndexFolder",
    "OpenGeneration",
    "Preview",
    "Progress",
    "Published",
    "Refusal",
    "Report",
    "Stats",
    "fault_of_embeddings",
    "preview",
    "read_stats",
    "rebuild",
    "refusal_of",
    "repair",
]
