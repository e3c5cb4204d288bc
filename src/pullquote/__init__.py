"""Answers questions from a folder of articles in their exact words, with citations.

>>> import pullquote                                              # doctest: +SKIP
>>> with pullquote.open("index") as assistant:                    # doctest: +SKIP
...     reply = assistant.ask("who agreed to the Interpol centre?")

Importing this package loads no model and no search engine; opening an index does.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from pullquote.errors import (
    ArticleError,
    ArticleUnknown,
    ArticleWithheld,
    AssistantClosed,
    BackupUnusable,
    CitationsUnreadable,
    ClusterUnusable,
    ConversationUnreadable,
    CorpusChanged,
    CorpusMissing,
    CorpusUnreadable,
    EditionUnknown,
    ExtraMissing,
    FiltersLeaveNothing,
    FilterUnknown,
    GridMismatch,
    IndexDamaged,
    IndexEmpty,
    IndexIncomplete,
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
    SpeakerUnknown,
    WatchlistBusy,
    WatchlistUnusable,
)
from pullquote.limits import EditionBounds, Limits
from pullquote.schema import (
    Answer,
    Article,
    Attribution,
    Block,
    Citation,
    CitationState,
    Filters,
    Hit,
    IndexProgress,
    Kind,
    Outcome,
    Passage,
    QuestionKind,
    Reply,
    ReportedValue,
    Role,
    Speaker,
    Status,
    ValueStatus,
    Verification,
    VerifiedCitation,
    WordDifference,
)
from pullquote.schema.edition import Edition
from pullquote.schema.edition_changes import EditionChanges
from pullquote.schema.grid import GridBy, GridCell, GridColumn, GridSpec
from pullquote.schema.quote_check import (
    CheckedDraft,
    CheckedQuote,
    DraftQuestion,
    DraftQuestionKind,
    QuoteDifference,
    QuoteOmission,
    QuoteVerdict,
)
from pullquote.schema.speakers import (
    ArticleAudit,
    ClaimFilters,
    CorpusAudit,
    QuotedSpeaker,
    ReportedClaim,
)

if TYPE_CHECKING:
    from pullquote.absences import AbsenceStatement
    from pullquote.assistant import Assistant
    from pullquote.assistant import open_assistant as open  # noqa: A004 - reads pullquote.open
    from pullquote.attribution import attribute
    from pullquote.backups import Backup, Restored, backup, restore
    from pullquote.checking.check import check
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
    from pullquote.grids import GridRun, grid
    from pullquote.index import Preview, Progress, Report, Stats
    from pullquote.packing import absence, pack
    from pullquote.packs import BuiltPack
    from pullquote.relocation import relocate
    from pullquote.services import preview_rebuild, rebuild_index, stats
    from pullquote.settings import Settings
    from pullquote.verifying import verify
    from pullquote.watchlist.models import (
        ChangeKind,
        StandingQuestion,
        WatchChange,
        WatchedQuestion,
        WatchReport,
    )
    from pullquote.watchlist.watchlist import Watchlist

__all__ = [
    "AbsenceStatement",
    "Answer",
    "Archive",
    "Article",
    "ArticleAudit",
    "ArticleError",
    "ArticleUnknown",
    "ArticleWithheld",
    "Assistant",
    "AssistantClosed",
    "Attribution",
    "Backup",
    "BackupUnusable",
    "Block",
    "BuiltPack",
    "ChangeKind",
    "CheckedDraft",
    "CheckedQuote",
    "Chip",
    "Citation",
    "CitationState",
    "CitationsUnreadable",
    "ClaimFilters",
    "ClusterUnusable",
    "Completed",
    "Conversation",
    "ConversationUnreadable",
    "CorpusAudit",
    "CorpusChanged",
    "CorpusMissing",
    "CorpusUnreadable",
    "DraftQuestion",
    "DraftQuestionKind",
    "Edition",
    "EditionBounds",
    "EditionChanges",
    "EditionUnknown",
    "ExtraMissing",
    "Filled",
    "FilterUnknown",
    "Filters",
    "FiltersLeaveNothing",
    "GridBy",
    "GridCell",
    "GridColumn",
    "GridMismatch",
    "GridRun",
    "GridSpec",
    "Hit",
    "IndexDamaged",
    "IndexEmpty",
    "IndexIncomplete",
    "IndexLocked",
    "IndexMismatch",
    "IndexMissing",
    "IndexProgress",
    "IndexUnreachable",
    "IndexUnwritable",
    "Kind",
    "Limits",
    "ModelError",
    "Narrowed",
    "Outcome",
    "Passage",
    "Preview",
    "Progress",
    "PullquoteError",
    "QuestionKind",
    "QuoteDifference",
    "QuoteOmission",
    "QuoteVerdict",
    "QuotedSpeaker",
    "ReadingFailed",
    "RebuildRefused",
    "RemovalsRefused",
    "Reply",
    "Report",
    "ReportedClaim",
    "ReportedValue",
    "Restored",
    "Role",
    "Settings",
    "SettingsError",
    "Speaker",
    "SpeakerUnknown",
    "StandingQuestion",
    "Stats",
    "Status",
    "Turn",
    "ValueStatus",
    "Verification",
    "VerifiedCitation",
    "WatchChange",
    "WatchReport",
    "WatchedQuestion",
    "Watchlist",
    "WatchlistBusy",
    "WatchlistUnusable",
    "WordDifference",
    "absence",
    "attribute",
    "backup",
    "check",
    "complete_question",
    "grid",
    "narrow_question",
    "open",
    "pack",
    "preview_rebuild",
    "ready_citation",
    "rebuild_index",
    "relocate",
    "restore",
    "stats",
    "to_markdown",
    "verify",
]

_LAZY = {
    **dict.fromkeys(("Assistant", "open"), "pullquote.assistant"),
    "BuiltPack": "pullquote.packs",
    **dict.fromkeys(("Backup", "Restored", "backup", "restore"), "pullquote.backups"),
    "AbsenceStatement": "pullquote.absences",
    **dict.fromkeys(("GridRun", "grid"), "pullquote.grids"),
    **dict.fromkeys(("absence", "pack"), "pullquote.packing"),
    "relocate": "pullquote.relocation",
    "verify": "pullquote.verifying",
    "Watchlist": "pullquote.watchlist.watchlist",
    **dict.fromkeys(
        ("ChangeKind", "StandingQuestion", "WatchChange", "WatchReport", "WatchedQuestion"),
        "pullquote.watchlist.models",
    ),
    "Settings": "pullquote.settings",
    "attribute": "pullquote.attribution",
    "check": "pullquote.checking.check",
    **dict.fromkeys(
        (
            "Archive",
            "Chip",
            "Completed",
            "Conversation",
            "Filled",
            "Narrowed",
            "Turn",
            "complete_question",
            "narrow_question",
            "ready_citation",
            "to_markdown",
        ),
        "pullquote.conversation",
    ),
    **dict.fromkeys(("Preview", "Progress", "Report", "Stats"), "pullquote.index"),
    **dict.fromkeys(("preview_rebuild", "rebuild_index", "stats"), "pullquote.services"),
}
"""The module of each name that is imported only when first used, because it is slow to load."""


def __getattr__(name: str) -> object:
    if name in ("attribution", "conversation", "parsing"):
        return import_module(f"{__name__}.{name}")
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LAZY[name]), "open_assistant" if name == "open" else name)


def __dir__() -> list[str]:
    return __all__
