"""Understands a typed question: what to search for, and what kind of answer it asks for."""

from pullquote.answering.query.understanding import Query, as_typed, understand
from pullquote.english.questions.kinds import state_question

__all__ = ["Query", "as_typed", "state_question", "understand"]
