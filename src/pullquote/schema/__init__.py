"""The data types of pullquote, from the article on disk to the answer on screen.

Types that leave the process (articles, answers) are pydantic models; internal ones are frozen
dataclasses. Every `start` and `end` form a half-open range of characters of a Python `str`.
"""

from __future__ import annotations

from pullquote.schema.answer import (
    CLOSEST_SHOWN,
    WORTH_SHOWING,
    Answer,
    Correction,
    Outcome,
    Reply,
    SearchMode,
)
from pullquote.schema.arguments import check_choice, check_hits, check_kind, check_question
from pullquote.schema.article import Article, Block, Kind, Layout, Role, Status, well_formed
from pullquote.schema.attribution import Attribution, Manner
from pullquote.schema.citation import Citation, Speaker
from pullquote.schema.filters import FilterChoice, Filters, filters_of
from pullquote.schema.index_progress import IndexProgress
from pullquote.schema.moments import LATEST_ZONE, NEVER, Moment, day_of, instant_of
from pullquote.schema.question_kind import QueryOptions, QuestionKind, TimeAsked
from pullquote.schema.reported_value import ReportedValue, ValueStatus
from pullquote.schema.search import Hit, Passage, Question, Span
from pullquote.schema.short_text import short_text
from pullquote.schema.verification import (
    CitationState,
    Verification,
    VerifiedCitation,
    WordDifference,
)

__all__ = [
    "CLOSEST_SHOWN",
    "LATEST_ZONE",
    "NEVER",
    "WORTH_SHOWING",
    "Answer",
    "Article",
    "Attribution",
    "Block",
    "Citation",
    "CitationState",
    "Correction",
    "FilterChoice",
    "Filters",
    "Hit",
    "IndexProgress",
    "Kind",
    "Layout",
    "Manner",
    "Moment",
    "Outcome",
    "Passage",
    "QueryOptions",
    "Question",
    "QuestionKind",
    "Reply",
    "ReportedValue",
    "Role",
    "SearchMode",
    "Span",
    "Speaker",
    "Status",
    "TimeAsked",
    "ValueStatus",
    "Verification",
    "VerifiedCitation",
    "WordDifference",
    "check_choice",
    "check_hits",
    "check_kind",
    "check_question",
    "day_of",
    "filters_of",
    "instant_of",
    "short_text",
    "well_formed",
]
