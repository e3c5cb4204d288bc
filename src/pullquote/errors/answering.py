"""Errors in answering a question or continuing a conversation."""

from __future__ import annotations

from pullquote.errors.base import PullquoteError
from pullquote.plurals import counted


class ModelError(PullquoteError):
    """The model `name` cannot be loaded, or is not the expected one."""

    def __init__(self, name: str, reason: str) -> None:
        self.name = name
        self.reason = reason
        super().__init__(f"The model {name!r} cannot be used: {reason}")


class Busy(PullquoteError):
    """The queue is full: it has `waiting` questions, as many as are allowed."""

    def __init__(self, waiting: int) -> None:
        self.waiting = waiting
        super().__init__(
            f"pullquote is busy: its queue is full ({counted(waiting, 'question')}). Please ask "
            "again in a few seconds."
        )


class QuestionGivenUp(PullquoteError):
    """The work on a question took longer than `seconds`, so it was stopped."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(
            f"The question took longer than {seconds:g} s and was stopped. Ask a shorter "
            "question, or increase the setting question_seconds."
        )


class ConversationUnreadable(PullquoteError):
    """A saved conversation cannot be read; `reason` says why."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"The saved conversation cannot be read: {reason}. Start a new one, or pass the "
            "JSON that to_json returned, unchanged."
        )
