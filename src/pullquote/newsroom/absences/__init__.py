"""Absence: a statement of what was searched when nothing was found."""

from pullquote.newsroom.absences.coverage import Coverage, coverage_of
from pullquote.newsroom.absences.statement import (
    AbsenceStatement,
    absence_lines,
    absence_markdown,
    absence_of,
)

__all__ = [
    "AbsenceStatement",
    "Coverage",
    "absence_lines",
    "absence_markdown",
    "absence_of",
    "coverage_of",
]
