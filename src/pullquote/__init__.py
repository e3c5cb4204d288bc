"""Answers questions from a folder of articles in their exact words, with citations.

>>> import pullquote                                              # doctest: +SKIP
>>> with pullquote.open("index") as assistant:                    # doctest: +SKIP
...     reply = assistant.ask("who agreed to the Interpol centre?")

Importing this package loads no model and no search engine; opening an index does.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from pullquote.base.moved_modules import install as _accept_old_names
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
from pullquote.schema.errors import (
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
from pullquote.schema.grid import GridBy, GridCell, GridColumn, GridSpec
from pullquote.schema.limits import EditionBounds, Limits
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
from pullquote.schema.verification import Edition, EditionChanges

if TYPE_CHECKING:
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
    from pullquote.english.attribution import attribute
    from pullquote.index import Preview, Progress, Report, Stats
    from pullquote.index.backups import Backup, Restored, backup, restore
    from pullquote.index.services import preview_rebuild, rebuild_index, stats
    from pullquote.newsroom.absences import AbsenceStatement
    from pullquote.newsroom.assistant import Assistant
    from pullquote.newsroom.assistant import open_assistant as open  # noqa: A004 - reads pullquote.open
    from pullquote.newsroom.checking.check import check
    from pullquote.newsroom.grids import GridRun, grid
    from pullquote.newsroom.packs import BuiltPack
    from pullquote.newsroom.packs.packing import absence, pack
    from pullquote.newsroom.relocation import relocate
    from pullquote.newsroom.verification.verify import verify
    from pullquote.newsroom.watchlist.models import (
        ChangeKind,
        StandingQuestion,
        WatchChange,
        WatchedQuestion,
        WatchReport,
    )
    from pullquote.newsroom.watchlist.watchlist import Watchlist
    from pullquote.schema.settings import Settings

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

_accept_old_names()

_LAZY = {
    **dict.fromkeys(("Assistant", "open"), "pullquote.newsroom.assistant"),
    "BuiltPack": "pullquote.newsroom.packs",
    **dict.fromkeys(("Backup", "Restored", "backup", "restore"), "pullquote.index.backups"),
    "AbsenceStatement": "pullquote.newsroom.absences",
    **dict.fromkeys(("GridRun", "grid"), "pullquote.newsroom.grids"),
    **dict.fromkeys(("absence", "pack"), "pullquote.newsroom.packs.packing"),
    "relocate": "pullquote.newsroom.relocation",
    "verify": "pullquote.newsroom.verification.verify",
    "Watchlist": "pullquote.newsroom.watchlist.watchlist",
    **dict.fromkeys(
        ("ChangeKind", "StandingQuestion", "WatchChange", "WatchReport", "WatchedQuestion"),
        "pullquote.newsroom.watchlist.models",
    ),
    "Settings": "pullquote.schema.settings",
    "attribute": "pullquote.english.attribution",
    "check": "pullquote.newsroom.checking.check",
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
    **dict.fromkeys(("preview_rebuild", "rebuild_index", "stats"), "pullquote.index.services"),
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
