"""The index: searchable generations of the corpus.

`rebuild` builds the next generation from the corpus. An `Index` says which generation is current
and opens it for searching, as an `OpenGeneration`. A generation is written once and never changed.
For an index in a folder, `IndexFolder` implements `Index`, and `Generation` implements
`OpenGeneration`.
"""

from pullquote.index.embedding_cache import embedding_cache_fault
from pullquote.index.folder.generation import Generation
from pullquote.index.folder.index_folder import IndexFolder
from pullquote.index.interfaces import GenerationRef, Index, OpenGeneration
from pullquote.index.rebuild.batches import Batch, Prepare, Work, prepare_locally
from pullquote.index.rebuild.build import preview
from pullquote.index.rebuild.consent import Consent
from pullquote.index.rebuild.repair import repair
from pullquote.index.rebuild.report import (
    PathChanges,
    Preview,
    Progress,
    RebuildRefusal,
    Report,
    refusal_of,
)
from pullquote.index.services import EmbeddingBackend, IndexBackend
from pullquote.index.stats import Stats, read_stats

__all__ = [
    "Batch",
    "Consent",
    "EmbeddingBackend",
    "Generation",
    "GenerationRef",
    "Index",
    "IndexBackend",
    "IndexFolder",
    "OpenGeneration",
    "PathChanges",
    "Prepare",
    "Preview",
    "Progress",
    "RebuildRefusal",
    "Report",
    "Stats",
    "Work",
    "embedding_cache_fault",
    "prepare_locally",
    "preview",
    "read_stats",
    "refusal_of",
    "repair",
]
