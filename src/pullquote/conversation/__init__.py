"""Conversations: completes and narrows follow-up questions, and saves and exports turns.

These are pure functions and data for the chat and for programs. They need no index.

- Whether a question is a follow-up, and with which words it is searched for: `followup` calls
  `parsed_question` and `signs`, then `context` for what earlier turns add, and `leaning` to decide.
- Filters in the words of a question ("in the Courier, since May"): `narrowing`, which finds them
  with `phrases` among the sources and days of `archive`.
- A conversation and its turns: `models`, and `session` with an assistant.
- What leaves it: `export`, `citations`, `markdown_text`, and `rated_questions` for `evaluate`.
"""

from __future__ import annotations

from pullquote.conversation.archive import Archive
from pullquote.conversation.citations import CitationForm, link_to, ready_citation, text_fragment
from pullquote.conversation.completed import Completed, Filled
from pullquote.conversation.export import shown_only, to_markdown
from pullquote.conversation.followup import complete_question
from pullquote.conversation.models import Conversation, Turn
from pullquote.conversation.narrowing import (
    Chip,
    Narrowed,
    combine,
    fields_set,
    narrow_question,
    replace_filters,
)

__all__ = [
    "Archive",
    "Chip",
    "CitationForm",
    "Completed",
    "Conversation",
    "Filled",
    "Narrowed",
    "Turn",
    "combine",
    "complete_question",
    "fields_set",
    "link_to",
    "narrow_question",
    "ready_citation",
    "replace_filters",
    "shown_only",
    "text_fragment",
    "to_markdown",
]
