"""Understands a typed question: what to search for, and what kind of answer it asks for."""

from pullquote.query.change import state_question
from pullquote.query.understanding import Query, as_typed, understand

__all__ = ["Query", "as_typed", "state_question", "understand"]
