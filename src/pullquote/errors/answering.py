"""Errors of answering a question and of continuing a conversation."""

from __future__ import annotations

from pullquote.errors.base import PullquoteError


class ModelError(PullquoteError):
    """The model `name` cannot be loaded or is not the one expected."""

    def __init__(self, name: str, reason: str) -> None:
        self.name = name
        self.reason = reason
        super().__init__(f"The model {name!r} cannot be used: {reason}")


class Busy(PullquoteError):
    """`waiting` questions are waiting already, which is the most allowed."""

    def __init__(self, waiting: int) -> None:
        self.waiting = waiting
        super().__init__(
            f"pullquote is busy: {waiting} questions are waiting, as many as it takes. Please ask "
            "again in a few seconds."
        )


class QuestionGivenUp(PullquoteError):
    """A question took longer than `seconds`, so the work on it was stopped."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(
            f"The question took longer than {seconds:g} seconds and was given up. Ask a shorter "
            "one, or raise the setting question_seconds."
        )


class ConversationUnreadable(PullquoteError):
    """A saved conversation cannot be read, for `reason`."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"The saved conversation cannot be read: {reason}. Begin a new one, or give the JSON "
            "that to_json wrote, unchanged."
        )
