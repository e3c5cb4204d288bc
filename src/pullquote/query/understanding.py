"""Turns a question as typed into the text to search for and its kind."""

from __future__ import annotations

from dataclasses import dataclass

from pullquote.index import OpenGeneration
from pullquote.query.chat import strip_chat
from pullquote.query.kinds import recognise
from pullquote.query.shorthand import expand_shorthand
from pullquote.query.spelling import correct
from pullquote.schema import Correction, QuestionKind


@dataclass(frozen=True, slots=True)
class Query:
    """A question as typed, the text to search for and read with, and its kind."""

    typed: str
    text: str
    kind: QuestionKind
    corrections: tuple[Correction, ...] = ()


def as_typed(question: str, kind: QuestionKind | None = None) -> Query:
    """The question unchanged, with the given kind or else the recognised one."""
    return Query(question, question, recognise(question) if kind is None else kind)


def understand(
    question: str, generation: OpenGeneration, kind: QuestionKind | None = None
) -> Query:
    """The question without small talk, with misspelt words corrected to words in the articles."""
    corrected = correct(strip_chat(expand_shorthand(question)), generation)
    known = recognise(corrected.text) if kind is None else kind
    return Query(question, corrected.text, known, corrected.corrections)
