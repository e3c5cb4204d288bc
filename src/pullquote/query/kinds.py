"""Recognises the kind of a question by its words."""

from __future__ import annotations

from pullquote.schema import QuestionKind


def recognise(question: str) -> QuestionKind:
    """The kind of a question; `FACT` if no other kind fits."""
    return QuestionKind.FACT
