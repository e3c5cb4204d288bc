"""What the conversation is sent: a page, or one step of one turn, which leaves all others be. Pure.

conversation.js puts a step in its place, so that a question costs the same however long the
conversation has become.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pullquote.conversation import Turn
from pullquote.conversation.models import VERSION
from pullquote.web.limits import MAX_TURNS
from pullquote.web.views.markup import escape

FORGET = '<div data-forget=""></div>'
"""Tells conversation.js to keep nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One of the steps in which a question is answered.

    Its place is that of the step before with the same number; else that of the turn with the key;
    else below all others. `kept` is the turn that the browser keeps, within so many bytes for all.
    """

    number: int
    section: str
    key: str | None = None
    kept: Turn | None = None
    bytes_kept: int = 0


def step_html(step: Step) -> str:
    """The step, for conversation.js."""
    facts = f' data-number="{step.number}"'
    if step.key is not None:
        facts += f' data-at="{escape(step.key)}"'
    if (turn := step.kept) is not None:
        generation = "" if turn.generation is None else turn.generation
        facts += (
            f' data-turn="{escape(turn.model_dump_json())}" data-version="{VERSION}" '
            f'data-most-turns="{MAX_TURNS}" '
            f'data-most-bytes="{step.bytes_kept}" data-generation="{escape(generation)}"'
        )
    return f'<div class="pq-step"{facts}>{step.section}</div>'


def page_html(turns: Sequence[str], *, number: int, generation: str, beside: str = "") -> str:
    """All turns, oldest first, in place of all that was there, and what stands beside them.

    The number makes it another page than the one before; the generation is that which shows it.
    """
    shown = f'<div class="pq-turns">{"".join(turns)}</div>' if turns else ""
    facts = f'data-number="{number}" data-generation="{escape(generation)}"'
    return f'<div class="pq-page" {facts}>{beside}{shown}</div>'
