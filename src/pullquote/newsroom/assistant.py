"""The assistant: an answer engine with conversations, the speakers and the earlier editions."""

from __future__ import annotations

from pathlib import Path

from pullquote.answering.answer_engine import AnswerEngine
from pullquote.conversation.session import ConversationSession
from pullquote.index.services import settings_with
from pullquote.newsroom.editions import ArticleEditions
from pullquote.newsroom.speakers import SpeakerIndex
from pullquote.schema.arguments import naming_arguments
from pullquote.schema.errors import PullquoteError
from pullquote.schema.settings import Settings


class Assistant(AnswerEngine):
    """Answers questions from the current generation of an index.

    `speakers` lists who is quoted, and `editions` what articles said before. Threads may share it.
    `pullquote.open` makes one; `close` releases its files. The index may be made later.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.speakers = SpeakerIndex(self._index, lambda: self.generation)
        self.editions = ArticleEditions(lambda: self.generation)

    def conversation(self) -> ConversationSession:
        """A new conversation, in which each question may refer to the questions before it."""
        return ConversationSession(self, question_chars=self.settings.question_chars)

    def close(self) -> None:
        """Release the index's files. Any later question raises AssistantClosed."""
        self.speakers.close()
        super().close()


@naming_arguments
def open_assistant(
    index: str | Path | None = None, *, settings: Settings | None = None
) -> Assistant:
    """An assistant for the index at `index`, or for the index in the settings.

    Raises:
        IndexMissing: there is no index there; the message gives the command that builds it.
        IndexDamaged, IndexMismatch: it cannot be opened; the message says why.
    """
    assistant = Assistant(settings_with(settings, index=index))
    try:
        _ = assistant.generation
    except PullquoteError:
        assistant.close()
        raise
    return assistant
