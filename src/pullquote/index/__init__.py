"""Passages and vectors -> a generation on disk, and back.

`rebuild` makes the next generation, an `Index` says which one is current and opens it as an
`OpenGeneration`, which answers. A generation is written once and never changed. `IndexFolder` and
`Generation` are those of a folder.
"""

from pullquote.index.backend_interfaces import EmbeddingBackend, IndexBackend
from pullquote.index.embedding_cache import fault_of_embeddings
from pullquote.index.folder.generation import Generation
from pullquote.index.folder.index_folder import IndexFolder
from pullquote.index.interfaces import Index, OpenGeneration
from pullquote.index.published import Published
from pullquote.index.rebuild.batches import Batch, Prepare, Work, prepare_here
from pullquote.index.rebuild.build import Progress, preview
from pullquote.index.rebuild.changes import Changes
from pullquote.index.rebuild.consent import Consent
from pullquote.index.rebuild.repair import repair
from pullquote.index.rebuild.report import Preview, Refusal, Report, refusal_of
from pullquote.index.stats import Stats, read_stats

__all__ = [
    "Batch",
    "Changes",
    "Consent",
    "EmbeddingBackend",
    "Generation",
    "Index",
    "IndexBackend",
    "IndexFolder",
    "OpenGeneration",
    "Prepare",
    "Preview",
    "Progress",
    "Published",
    "Refusal",
    "Report",
    "Stats",
    "Work",
    "fault_of_embeddings",
    "prepare_here",
    "preview",
    "read_stats",
    "refusal_of",
    "repair",
]
