"""What a person adds to a saved conversation: ratings and notes on answers, and a name."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

MAX_NOTE_CHARS = 5000
MAX_TITLE_CHARS = 200

Note = Annotated[str, Field(max_length=MAX_NOTE_CHARS)]
Title = Annotated[str, Field(max_length=MAX_TITLE_CHARS)]
ConversationId = Annotated[str, Field(max_length=64)]


class Rating(StrEnum):
    """Whether a person found a reply right or wrong."""

    RIGHT = "right"
    WRONG = "wrong"
