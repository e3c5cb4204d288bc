"""Errors of answering a question and of continuing a conversation."""

from __future__ import annotations

from pullquote.errors.base import PullquoteError
from pullquote.plurals import counted


class ModelError(PullquoteError):
    """The model `name` cannot be loaded or is not the one expected."""

    def __init__(self, name: str, reason: str) -> None:
        self.name = name
        self.reason = reason
        super().__init__(f"The model {name!r} cannot be used: {reason}")


class Busy(PullquoteError):
    """The queue already has `waiting` questions, which is the most allowed."""

    def __init__(self, waiting: int) -> None:
        self.waiting = waiting
        super().__init__(
            f"pullquote is busy: its queue is full ({counted(waiting, 'question')}). Please ask "
            "again in a few seconds."
        )


class QuestionGivenUp(PullquoteError):
    """A question took longer than `seconds`, so the work on it was stopped."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(
            f"The question took longer than {seconds:g} s and was stopped. Ask a shorter one, or "
            "raise the setting question_seconds."
        )


class ConversationUnreadable(PullquoteError):
    """A saved conversation cannot be read, for `reason`."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"The saved conversation cannot be read: {reason}. Start a new one, or pass the "
            "unchanged JSON from to_json."
        )
