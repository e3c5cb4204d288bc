"""Turns a question as typed into the text to search for and its kind."""

from __future__ import annotations

from dataclasses import dataclass

from pullquote.query.kinds import recognise
from pullquote.schema import Correction, QuestionKind


@dataclass(frozen=True, slots=True)
class Query:
    """A question as typed, the text to search for and read with, and its kind."""

    typed: str
    text: str
    kind: QuestionKind
    corrections: tuple[Correction, ...] = ()


def as_typed(question: str, kind: QuestionKind | None = None) -> Query:
    """The question unchanged; of the kind given, or else of the recognised one."""
    return Query(question, question, recognise(question) if kind is None else kind)


def understand(question: str, kind: QuestionKind | None = None) -> Query:
    """The question without chat and with its spelling corrected."""
    return as_typed(question, kind)
