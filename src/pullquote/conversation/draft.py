"""Builds a completed question from its own words and words of earlier turns."""

from __future__ import annotations

from typing import Literal

from pullquote.conversation.completed import Filled


class QuestionDraft:
    """Builds a completed question, and records which words come from earlier turns."""

    def __init__(self) -> None:
        self.text = ""
        self.score = 0.0
        self.filled: list[Filled] = []

    def add(self, other: QuestionDraft) -> QuestionDraft:
        """Add another draft."""
        moved = len(self.text)
        self.filled += [
            one.model_copy(update={"start": one.start + moved, "end": one.end + moved})
            for one in other.filled
        ]
        self.text += other.text
        return self

    def own(self, words: str) -> QuestionDraft:
        """Add words of the question itself."""
        self.text += words
        return self

    def fill(
        self, words: str, turn: int, source: Literal["question", "answer"], *, instead_of: str = ""
    ) -> QuestionDraft:
        """Add words of an earlier turn."""
        if words:
            end = len(self.text) + len(words)
            self.filled.append(
                Filled(
                    start=len(self.text),
                    end=end,
                    turn=turn,
                    source=source,
                    instead_of=instead_of,
                )
            )
            self.text += words
        return self
