"""Answers questions from a folder of articles with their exact words, and cites them.

>>> import pullquote                                              # doctest: +SKIP
>>> with pullquote.open("index") as assistant:                    # doctest: +SKIP
...     reply = assistant.ask("who agreed to the Interpol centre?")

Importing this package loads no model and no search engine; opening an index does.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from pullquote.conversation import (
    Archive,
    Chip,
    Completed,
    Conversation,
    Filled,
    Narrowed,
    Turn,
    complete_question,
    narrow_question,
    ready_citation,
    to_markdown,
)
from pullquote.errors import (
    ArticleError,
    ArticleUnknown,
    ArticleWithheld,
    ClusterUnusable,
    ConversationUnreadable,
    CorpusChanged,
    CorpusMissing,
    CorpusUnreadable,
    ExtraMissing,
    IndexDamaged,
    IndexEmpty,
    IndexLocked,
    IndexMismatch,
    IndexMissing,
    IndexUnreachable,
    IndexUnwritable,
    ModelError,
    PullquoteError,
    ReadingFailed,
    RebuildRefused,
    RemovalsRefused,
    SettingsError,
)
from pullquote.limits import Limits
from pullquote.schema import (
    Answer,
    Article,
    Block,
    Citation,
    Filters,
    Hit,
    Kind,
    Passage,
    Reply,
    Role,
    Status,
)

if TYPE_CHECKING:
    from pullquote.assistant import Assistant
    from pullquote.assistant import open_assistant as open  # noqa: A004 - reads pullquote.open
    from pullquote.index import Preview, Progress, Report, Stats
    from pullquote.services import preview_rebuild, rebuild_index, stats
    from pullquote.settings import Settings

__all__ = [
    "Answer",
    "Archive",
    "Article",
    "ArticleError",
    "ArticleUnknown",
    "ArticleWithheld",
    "Assistant",
    "Block",
    "Chip",
    "Citation",
    "ClusterUnusable",
    "Completed",
    "Conversation",
    "ConversationUnreadable",
    "CorpusChanged",
    "CorpusMissing",
    "CorpusUnreadable",
    "ExtraMissing",
    "Filled",
    "Filters",
    "Hit",
    "IndexDamaged",
    "IndexEmpty",
    "IndexLocked",
    "IndexMismatch",
    "IndexMissing",
    "IndexUnreachable",
    "IndexUnwritable",
    "Kind",
    "Limits",
    "ModelError",
    "Narrowed",
    "Passage",
    "Preview",
    "Progress",
    "PullquoteError",
    "ReadingFailed",
    "RebuildRefused",
    "RemovalsRefused",
    "Reply",
    "Report",
    "Role",
    "Settings",
    "SettingsError",
    "Stats",
    "Status",
    "Turn",
    "complete_question",
    "narrow_question",
    "open",
    "preview_rebuild",
    "ready_citation",
    "rebuild_index",
    "stats",
    "to_markdown",
]

_LATER = {
    "Assistant": ("pullquote.assistant", "Assistant"),
    "Preview": ("pullquote.index", "Preview"),
    "Progress": ("pullquote.index", "Progress"),
    "Report": ("pullquote.index", "Report"),
    "Stats": ("pullquote.index", "Stats"),
    "Settings": ("pullquote.settings", "Settings"),
    "open": ("pullquote.assistant", "open_assistant"),
    "preview_rebuild": ("pullquote.services", "preview_rebuild"),
    "rebuild_index": ("pullquote.services", "rebuild_index"),
    "stats": ("pullquote.services", "stats"),
}
"""Names whose modules load FAISS, or what a process that reads files does not need: imported when
first asked for."""


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _LATER[name]
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    return __all__
