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
from pullquote.schema.file_limits import EditionBounds, Limits
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

_LAZY_FROM = {
    "pullquote.conversation": "Archive Chip Completed Conversation Filled Narrowed Turn "
    "complete_question narrow_question ready_citation to_markdown",
    "pullquote.english.attribution": "attribute",
    "pullquote.index": "Preview Progress Report Stats",
    "pullquote.index.backups": "Backup Restored backup restore",
    "pullquote.index.services": "preview_rebuild rebuild_index stats",
    "pullquote.newsroom.absences": "AbsenceStatement",
    "pullquote.newsroom.assistant": "Assistant open",
    "pullquote.newsroom.checking.check": "check",
    "pullquote.newsroom.grids": "GridRun grid",
    "pullquote.newsroom.packs": "BuiltPack",
    "pullquote.newsroom.packs.packing": "absence pack",
    "pullquote.newsroom.relocation": "relocate",
    "pullquote.newsroom.verification.verify": "verify",
    "pullquote.newsroom.watchlist.models": "ChangeKind StandingQuestion WatchChange WatchReport "
    "WatchedQuestion",
    "pullquote.newsroom.watchlist.watchlist": "Watchlist",
    "pullquote.schema.settings": "Settings",
}
"""The modules that are slow to load, each with the names that are imported when first used."""

_LAZY = {name: module for module, names in _LAZY_FROM.items() for name in names.split()}


def __getattr__(name: str) -> object:
    if name in ("attribution", "conversation", "parsing"):
        return import_module(f"{__name__}.{name}")
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LAZY[name]), "open_assistant" if name == "open" else name)


def __dir__() -> list[str]:
    return __all__
