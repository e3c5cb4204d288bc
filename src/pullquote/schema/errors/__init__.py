"""The errors that pullquote raises. All derive from `PullquoteError`, so one `except` catches them.

An error's attributes contain its facts. Its message says what happened, quotes the values, and says
what to do next.
"""

from pullquote.schema.errors.answering import (
    AssistantClosed,
    Busy,
    CitationsUnreadable,
    ConversationUnreadable,
    DraftGivenUp,
    FiltersLeaveNothing,
    FilterUnknown,
    GridMismatch,
    ModelError,
    QuestionGivenUp,
    RequestGivenUp,
    SpeakerUnknown,
    WatchlistBusy,
    WatchlistUnusable,
)
from pullquote.schema.errors.base import ExtraMissing, PullquoteError, SettingsError
from pullquote.schema.errors.corpus import (
    ArticleError,
    ArticleUnknown,
    ArticleWithheld,
    CorpusMissing,
    CorpusUnreadable,
    EditionUnknown,
    ReadingFailed,
)
from pullquote.schema.errors.index import (
    BackupUnusable,
    IndexDamaged,
    IndexEmpty,
    IndexIncomplete,
    IndexLocked,
    IndexMismatch,
    IndexMissing,
    IndexUnreachable,
    IndexUnwritable,
)
from pullquote.schema.errors.rebuild import (
    ClusterUnusable,
    CorpusChanged,
    Loss,
    RebuildRefused,
    RemovalsRefused,
)

__all__ = [
    "ArticleError",
    "ArticleUnknown",
    "ArticleWithheld",
    "AssistantClosed",
    "BackupUnusable",
    "Busy",
    "CitationsUnreadable",
    "ClusterUnusable",
    "ConversationUnreadable",
    "CorpusChanged",
    "CorpusMissing",
    "CorpusUnreadable",
    "DraftGivenUp",
    "EditionUnknown",
    "ExtraMissing",
    "FilterUnknown",
    "FiltersLeaveNothing",
    "GridMismatch",
    "IndexDamaged",
    "IndexEmpty",
    "IndexIncomplete",
    "IndexLocked",
    "IndexMismatch",
    "IndexMissing",
    "IndexUnreachable",
    "IndexUnwritable",
    "Loss",
    "ModelError",
    "PullquoteError",
    "QuestionGivenUp",
    "ReadingFailed",
    "RebuildRefused",
    "RemovalsRefused",
    "RequestGivenUp",
    "SettingsError",
    "SpeakerUnknown",
    "WatchlistBusy",
    "WatchlistUnusable",
]
